package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.coordinator.policy.yaml.PolicyReader;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import io.holdfast.proto.wire.v1.KeptBy;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.Policy;
import io.holdfast.proto.wire.v1.PolicyChange;
import io.holdfast.proto.wire.v1.PolicyChangeKind;
import io.holdfast.proto.wire.v1.PolicyOutcome;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import io.holdfast.proto.wire.v1.RestoreForecast;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandsTest extends CommandLineFixture {
  private static final PolicyOutcome CHANGED =
      PolicyOutcome.newBuilder()
          .addChanges(
              PolicyChange.newBuilder()
                  .setName("servers")
                  .setKind(PolicyChangeKind.POLICY_CHANGE_KIND_CHANGED)
                  .addFields("~ retention.daily: 7 -> 3")
                  .addShortenings("default: daily 7 -> 3"))
          .addWarnings("policy servers fits no host that is enrolled")
          .build();

  private static final Policy SERVERS =
      Policy.newBuilder()
          .setName("servers")
          .setVersion(3)
          .setAppliedMillis(Samples.MILLIS)
          .setActor("anna")
          .setText("kind: Policy\nmetadata:\n  name: servers\n")
          .addDataClasses("raw")
          .addDataClasses("meta")
          .setHosts(12)
          .build();

  @TempDir Path directory;

  private Path file() throws IOException {
    return Files.writeString(directory.resolve("p.yaml"), "kind: Policy\n");
  }

  @Test
  void shouldApplyAFileAndShowWhatChanged() throws IOException {
    Path file = file();
    admin().script(CHANGED);
    Ended ended = run("policy", "apply", "-f", file.toString(), "--yes");
    assertEquals(0, ended.code(), ended.err());
    assertEquals(
        """
        policy servers changed
          ~ retention.daily: 7 -> 3
          snapshots may go: default: daily 7 -> 3
        """,
        ended.out());
    assertTrue(ended.err().contains("fits no host"), ended.err());
    ApplyPoliciesRequest sent = admin().request(ApplyPoliciesRequest.class);
    assertEquals("kind: Policy\n", sent.getText());
    assertEquals(file.toString(), sent.getFile());
    assertTrue(sent.getConfirmed());
    assertFalse(sent.getDryRun());
  }

  @Test
  void shouldOnlyAskWhatWouldChange() throws IOException {
    admin().script(CHANGED);
    JsonNode change = run("policy", "diff", "-f", file().toString(), "--json").json().getFirst();
    assertEquals("changed", change.get("change").textValue());
    assertEquals("default: daily 7 -> 3", change.get("shortenings").get(0).textValue());
    assertTrue(admin().request(ApplyPoliciesRequest.class).getDryRun());
  }

  @Test
  void shouldSayWhichFileIsMissing() {
    Ended ended = run("policy", "apply", "-f", directory.resolve("none.yaml").toString());
    assertTrue(ended.code() != 0);
    assertTrue(ended.err().contains("there is no file of policies"), ended.err());
  }

  @Test
  void shouldListAndShowPolicies() {
    admin().script(SERVERS);
    String line = runWell("policy", "ls").lines().toList().get(1);
    assertTrue(line.contains("servers") && line.contains("12") && line.contains("anna"), line);
    assertEquals(SERVERS.getText(), runWell("policy", "show", "servers"));
    JsonNode json = run("policy", "show", "servers", "--json").json().getFirst();
    assertEquals(SERVERS.getText(), json.get("text").textValue());
  }

  @Test
  void shouldPreviewWhatWouldRunByAFile() throws IOException {
    admin()
        .script(
            PlannedRun.newBuilder()
                .setStartMillis(Samples.MILLIS)
                .setNominalMillis(Samples.MILLIS - 60_000)
                .setSpreadMillis(3_600_000)
                .setHostName("web1")
                .setPolicy("servers")
                .setDataClass("raw")
                .addSources(ByteString.copyFromUtf8("/srv"))
                .build());
    Path file = file();
    Ended ended =
        run("policy", "preview", "servers", "-f", file.toString(), "--host", "web1", "--for", "2d");
    assertEquals(0, ended.code(), ended.err());
    String line = ended.out().lines().toList().get(1);
    assertTrue(line.contains("web1") && line.contains("raw") && line.contains("/srv"), line);
    PreviewPoliciesRequest sent = admin().request(PreviewPoliciesRequest.class);
    assertEquals("kind: Policy\n", sent.getText());
    assertEquals("servers", sent.getPolicy());
    assertEquals("web1", sent.getHost());
    assertEquals(172_800_000, sent.getForMillis());
  }

  private static final DataClassPreview JUDGED =
      DataClassPreview.newBuilder()
          .setPolicy("servers")
          .setDataClass("raw")
          .setHost(Samples.JOB)
          .setHostName("web1")
          .setSnapshots(34)
          .setKept(22)
          .setGoing(12)
          .addKeptBy(KeptBy.newBuilder().setRule("daily").setSnapshots(14))
          .addKeptBy(KeptBy.newBuilder().setRule("newest_good").setSnapshots(1))
          .setOldestGoingMillis(Samples.MILLIS)
          .setNewestGoingMillis(Samples.MILLIS + 86_400_000)
          .addBrokenPromises("host web1, policy servers/raw: too slow")
          .setRestore(
              RestoreForecast.newBuilder()
                  .setRtoMillis(3_600_000)
                  .setSnapshot(Samples.SNAPSHOT_ID)
                  .setBytes(72L << 30)
                  .setMeasuredRate(10 << 20)
                  .setMeasuredRestores(1)
                  .setTakesMillis(7_372_800))
          .build();

  private static final DataClassPreview EMPTY =
      DataClassPreview.newBuilder()
          .setPolicy("servers")
          .setDataClass("meta")
          .setHost(Samples.JOB)
          .setHostName("web2")
          .setRestore(
              RestoreForecast.newBuilder().setRtoMillis(60_000).setSnapshot(Samples.SNAPSHOT_ID))
          .build();

  @Test
  void shouldPreviewWhatRetentionWouldKeepAndWhatIsPromisedInVain() {
    DataClassPreview unfit = DataClassPreview.newBuilder().setPolicy("none").build();
    admin().script(JUDGED, EMPTY, unfit);
    Ended ended = run("policy", "preview", "--limit", "3");
    assertEquals(0, ended.code(), ended.err());
    List<String> lines = ended.out().lines().toList();
    assertEquals("", lines.get(0), "below the runs, of which there are none");
    assertTrue(lines.get(1).startsWith("HOST  POLICY   DATA CLASS"), lines.get(1));
    String counts = "34         22    daily 14, newest good 1  12     2026-01-02 03:04:05";
    assertTrue(lines.get(2).contains(counts), lines.get(2));
    assertTrue(lines.get(2).endsWith("2h 02m, rto 1h"), lines.get(2));
    assertTrue(lines.get(3).contains("no snapshot yet"), lines.get(3));
    assertTrue(lines.get(3).endsWith("not measured yet, rto 1m"), lines.get(3));
    assertTrue(ended.err().contains("warning: host web1, policy servers/raw: too slow"));
    assertTrue(ended.err().contains("warning: policy none fits none of the hosts"));
    assertTrue(ended.err().contains("the first 3"), ended.err());
    assertEquals(3, admin().request(PreviewDataClassesRequest.class).getLimit());
  }

  @Test
  void shouldPreviewDataClassesForPrograms() {
    admin().script(JUDGED, DataClassPreview.newBuilder().setPolicy("none").build());
    List<JsonNode> lines = run("policy", "preview", "--json").json();
    JsonNode judged = lines.get(0);
    assertEquals("data_class_preview", judged.get("message_type").textValue());
    assertEquals(14, judged.get("kept_by").get("daily").intValue());
    assertEquals(12, judged.get("going").intValue());
    assertEquals("2026-01-02T03:04:05.678Z", judged.get("oldest_going").textValue());
    assertEquals(7372.8, judged.get("restore").get("seconds_estimated").doubleValue());
    assertEquals(1, judged.get("broken_promises").size());
    assertTrue(lines.get(1).get("fits_no_host").booleanValue());
  }

  @Test
  void shouldSayThatNoPolicyIsForTheHosts() {
    Ended ended = run("policy", "preview", "--host", "web1");
    assertTrue(ended.err().contains("No policy is for these hosts"), ended.err());
  }

  @Test
  void shouldPrintAnExampleThatCanBeRead() {
    String example = runWell("policy", "example");
    assertEquals(2, PolicyReader.read("example", example).size());
  }

  @Test
  void shouldDeleteOnlyAsTold() {
    admin()
        .script(
            PolicyOutcome.newBuilder()
                .addChanges(
                    PolicyChange.newBuilder()
                        .setName("servers")
                        .setKind(PolicyChangeKind.POLICY_CHANGE_KIND_DELETED))
                .build());
    assertEquals("policy servers deleted\n", runWell("policy", "delete", "servers", "--yes"));
    assertTrue(admin().request(DeletePolicyRequest.class).getConfirmed());
  }
}
