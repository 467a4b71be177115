package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.coordinator.policy.yaml.PolicyReader;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.Policy;
import io.holdfast.proto.wire.v1.PolicyChange;
import io.holdfast.proto.wire.v1.PolicyChangeKind;
import io.holdfast.proto.wire.v1.PolicyOutcome;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
