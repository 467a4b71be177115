package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.DecommissionHostRequest;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostChanged;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.HostMove;
import io.holdfast.proto.wire.v1.HostSorted;
import io.holdfast.proto.wire.v1.LabelHostRequest;
import io.holdfast.proto.wire.v1.MoveHostAnswer;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import io.holdfast.proto.wire.v1.RenameHostRequest;
import io.holdfast.proto.wire.v1.ReplaceHostRequest;
import io.holdfast.proto.wire.v1.TakeHostFactsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HostCommandsTest extends CommandLineFixture {
  private static final ByteString ID = ByteString.fromHex("0102030405060708090a0b0c0d0e0f10");

  @BeforeEach
  void script() {
    admin().script(HostChanged.newBuilder().setHost(ID).setName("www").build());
  }

  @Test
  void shouldRename() {
    assertEquals("host  0102030405\nname  www\n", runWell("host", "rename", "web", "www"));
    RenameHostRequest sent = admin().request(RenameHostRequest.class);
    assertEquals("web", sent.getHost());
    assertEquals("www", sent.getName());
  }

  private static HostSorted.Builder sorted() {
    return HostSorted.newBuilder()
        .setHost(ID)
        .setName("web")
        .setChanged(true)
        .setFacts(
            HostFacts.newBuilder()
                .setOperatingSystem("Linux 6.1")
                .setArchitecture("amd64")
                .putLabels("the_role", "db")
                .putLabels("env", "prod"))
        .addPolicies("db")
        .addBegun("db");
  }

  @Test
  void shouldSetAndRemoveLabels() {
    admin().script(sorted().addWarnings("db/default and x: both back up /srv").build());
    Ended ended = run("host", "label", "web", "the_role=db", "env=a=b", "empty=", "old-", "--yes");
    assertEquals(ExitCode.OK.number(), ended.code());
    LabelHostRequest sent = admin().request(LabelHostRequest.class);
    assertEquals("web", sent.getHost());
    assertEquals(Map.of("the_role", "db", "env", "a=b", "empty", ""), sent.getSetMap());
    assertEquals(List.of("old"), sent.getRemoveList());
    assertTrue(sent.getConfirmed());
    assertFalse(sent.getDryRun());
    assertTrue(ended.out().contains("env=prod, the_role=db"), ended.out());
    assertTrue(ended.err().contains("both back up /srv"), ended.err());
  }

  @Test
  void shouldOnlyShowWithoutALabel() {
    admin().script(sorted().setChanged(false).clearPolicies().clearBegun().build());
    Ended ended = run("host", "label", "web", "--json");
    assertTrue(admin().request(LabelHostRequest.class).getDryRun());
    JsonNode json = ended.json().getFirst();
    assertEquals("host_sorted", json.get("message_type").textValue());
    assertEquals("db", json.get("labels").get("the_role").textValue());
    assertFalse(json.get("changed").booleanValue());
  }

  @Test
  void shouldRefuseWhatIsNoLabelBeforeAskingAnybody() {
    for (String bad : List.of("role", "=db", "-x", "-")) {
      assertEquals(2, run("host", "label", "web", "--", bad).code(), bad);
    }
    assertEquals(2, run("host", "label", "web", "a=b", "a=c").code());
  }

  @Test
  void shouldShowWhatAHostTells() {
    admin().script(sorted().setChanged(false).build());
    Ended ended = run("host", "facts", "web");
    assertTrue(admin().request(TakeHostFactsRequest.class).getDryRun());
    assertTrue(ended.err().contains("nothing that doesn't count already"), ended.err());
  }

  @Test
  void shouldLetCountWhatAHostTells() {
    admin().script(sorted().build());
    runWell("host", "facts", "web", "--take", "--yes");
    TakeHostFactsRequest sent = admin().request(TakeHostFactsRequest.class);
    assertTrue(sent.getConfirmed() && !sent.getDryRun());
  }

  @Test
  void shouldListLabelsAndWhatWaits() {
    admin()
        .script(
            Host.newBuilder()
                .setHost(ID)
                .setName("web")
                .setFacts(sorted().getFacts())
                .setTold(HostFacts.newBuilder().setOperatingSystem("FreeBSD"))
                .build());
    Ended ended = run("host", "ls");
    assertTrue(ended.out().contains("Linux 6.1 amd64  env=prod, the_role=db"), ended.out());
    assertTrue(ended.err().contains("web: what was told"), ended.err());
  }

  @Test
  void shouldDecommission() {
    runWell("host", "decommission", "web");
    assertEquals("web", admin().request(DecommissionHostRequest.class).getHost());
  }

  @Test
  void shouldReplaceTheOldOneByTheNewOne() {
    runWell("host", "replace", "old", "new");
    ReplaceHostRequest sent = admin().request(ReplaceHostRequest.class);
    assertEquals("old", sent.getFormer());
    assertEquals("new", sent.getSuccessor());
  }

  @Test
  void shouldShowWhichHostsWereTakenOutOfService() {
    admin()
        .script(
            Host.newBuilder()
                .setHost(ID)
                .setName("web")
                .setRevoked(true)
                .setDecommissioned(true)
                .build());
    assertEquals(
        "decommissioned", run("host", "ls", "--json").json().getFirst().get("state").textValue());
  }

  private static HostMove moved(long millis) {
    return HostMove.newBuilder()
        .addCoordinators("backup2:7443")
        .setOrderedMillis(1)
        .setMovedMillis(millis)
        .build();
  }

  private Path tokenFile() throws IOException {
    return Files.writeString(dir.resolve("token"), "hf1.token\n");
  }

  @Test
  void shouldMoveByATokenFromAFile() throws IOException {
    MoveHostAnswer answer =
        MoveHostAnswer.newBuilder().setHost(ID).setName("web").setMove(moved(2)).build();
    admin().script(answer);
    runWell("host", "move", "web", "--enrolment-token-file", tokenFile().toString());
    MoveHostRequest sent = admin().request(MoveHostRequest.class);
    assertEquals("web", sent.getHost());
    assertEquals("hf1.token", sent.getToken());
  }

  @Test
  void shouldSayThatAHostHasNotMovedYet() throws IOException {
    MoveHostAnswer answer =
        MoveHostAnswer.newBuilder().setHost(ID).setName("web").setMove(moved(0)).build();
    admin().script(answer);
    assertEquals(
        ExitCode.TRY_AGAIN.number(),
        run("host", "move", "web", "--enrolment-token-file", tokenFile().toString()).code());
  }

  @Test
  void shouldShowWhereHostsWent() {
    admin()
        .script(
            Host.newBuilder()
                .setHost(ID)
                .setName("web")
                .setRevoked(true)
                .setMove(moved(2))
                .build());
    assertEquals(
        "moved to backup2:7443",
        run("host", "ls", "--json").json().getFirst().get("state").textValue());
    admin().script(Host.newBuilder().setHost(ID).setName("web").setMove(moved(0)).build());
    assertEquals("moving", run("host", "ls", "--json").json().getFirst().get("state").textValue());
  }
}
