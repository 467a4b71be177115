package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.DecommissionHostRequest;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostChanged;
import io.holdfast.proto.wire.v1.HostMove;
import io.holdfast.proto.wire.v1.MoveHostAnswer;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import io.holdfast.proto.wire.v1.RenameHostRequest;
import io.holdfast.proto.wire.v1.ReplaceHostRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
