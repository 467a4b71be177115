package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import io.holdfast.proto.wire.v1.ReadJobLogRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A policy is applied, its time comes, and the coordinator is restarted in between. */
@Timeout(180)
class ScheduledBackupTest {
  private static final Duration LOOK = Duration.ofMillis(50);

  @TempDir Path directory;

  private final MovableTime time = new MovableTime();

  private AgentNode agent(Fleet fleet) {
    String text =
        "version: 1\ndata_dir: %s\ncoordinators: [\"%s\"]\n"
            .formatted(fleet.root.resolve("agent-alpha"), fleet.endpoint());
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    return AgentNode.start(config, time, fleet.randomness);
  }

  private static String policy(Path source) {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: hourly}
    spec:
      selector: {}
      source: {files: {include: ["%s"], exclude: ["*.tmp"]}}
      schedule: {cron: "0 * * * *", retries: {backOff: 10s, longest: 10s}}
    """
        .formatted(source);
  }

  private static List<Job> complete(AdminLink admin) {
    List<Job> jobs = new ArrayList<>();
    admin.jobs(ListJobsRequest.getDefaultInstance(), jobs::add);
    return jobs.stream().filter(job -> job.getState() == JobState.JOB_STATE_COMPLETE).toList();
  }

  private List<Job> awaitComplete(int count, AdminLink admin) throws InterruptedException {
    while (complete(admin).size() < count) {
      time.sleep(LOOK);
    }
    return complete(admin);
  }

  private void awaitConnected(AdminLink admin) throws InterruptedException {
    while (admin.status().getHostsConnected() == 0) {
      time.sleep(LOOK);
    }
  }

  @Test
  void shouldBackUpWhenThePolicySaysThroughARestart() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "first");
    Files.writeString(source.resolve("left out.tmp"), "x");
    Fleet fleet = Fleet.found(directory.resolve("fleet"), time);
    fleet.enrol("alpha").close();
    try (AgentNode _ = agent(fleet)) {
      try (AdminLink admin = fleet.admin()) {
        awaitConnected(admin);
        admin.applyPolicies(
            ApplyPoliciesRequest.newBuilder()
                .setFile("p.yaml")
                .setText(policy(source))
                .setConfirmed(true)
                .build());
        List<PlannedRun> planned = new ArrayList<>();
        admin.previewPolicies(PreviewPoliciesRequest.getDefaultInstance(), planned::add);
        assertEquals(24, planned.size());
        List<DataClassPreview> classes = new ArrayList<>();
        admin.previewDataClasses(PreviewDataClassesRequest.getDefaultInstance(), classes::add);
        assertEquals(1, classes.size());
        assertEquals("alpha", classes.getFirst().getHostName());
        assertEquals(0, classes.getFirst().getSnapshots());
        assertEquals(0, complete(admin).size(), "not before its time");
        time.advance(Duration.ofHours(1));
        Job job = awaitComplete(1, admin).getFirst();
        assertEquals("hourly", job.getPolicy());
        assertEquals("schedule", job.getActor());
        assertEquals(planned.getFirst().getNominalMillis(), job.getNominalMillis());
        assertEquals(1, job.getFiles(), "the pattern of the policy was told");
        assertLogged(job, admin);
        assertPlanned(job, source, admin);
      }
      fleet.stop();
      fleet.start();
      try (AdminLink admin = fleet.admin()) {
        awaitConnected(admin);
        assertEquals(1, complete(admin).size());
        time.advance(Duration.ofHours(1));
        List<Job> jobs = awaitComplete(2, admin);
        assertEquals(2, jobs.size());
        assertEquals(
            Duration.ofHours(1).toMillis(),
            jobs.getFirst().getNominalMillis() - jobs.getLast().getNominalMillis());
      }
    }
    fleet.close();
  }

  private static void assertLogged(Job job, AdminLink admin) {
    List<JobLogLine> lines = new ArrayList<>();
    admin.jobLog(
        ReadJobLogRequest.newBuilder()
            .setJob(HexFormat.of().formatHex(job.getJob().toByteArray()))
            .build(),
        lines::add);
    assertFalse(lines.isEmpty());
    assertTrue(lines.getFirst().getText().startsWith("backing up /"), lines::toString);
  }

  private static void assertPlanned(Job job, Path source, AdminLink admin) {
    RestorePlan plan =
        admin.planRestore(
            StartRestoreRequest.newBuilder()
                .setSnapshot(HexFormat.of().formatHex(job.getSnapshot().toByteArray()))
                .setHost("alpha")
                .setOrder(
                    RestoreOrder.newBuilder()
                        .addPaths(ByteString.copyFromUtf8(source + "/file"))
                        .addPaths(ByteString.copyFromUtf8(source + "/none")))
                .build());
    assertEquals(1, plan.getFiles());
    assertEquals(5, plan.getBytes());
    assertEquals("alpha", plan.getSnapshotHost());
    assertFalse(plan.getNeedsGrant());
    assertEquals(1, plan.getMissingCount());
  }
}
