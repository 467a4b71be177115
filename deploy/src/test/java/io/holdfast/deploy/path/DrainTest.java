package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is to be stopped: what runs ends, nothing begins, and then it goes on. */
@Timeout(180)
class DrainTest {
  private static final Duration LOOK = Duration.ofMillis(20);

  @TempDir Path directory;

  private final MovableTime time = new MovableTime();
  private Fleet fleet;
  private OrderedHost host;
  private AdminLink admin;
  private Path source;

  @BeforeEach
  void found() throws Exception {
    fleet = Fleet.found(directory.resolve("fleet"), time);
    host = new OrderedHost(fleet, directory.resolve("host"));
    admin = fleet.admin();
    source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
  }

  @AfterEach
  void stop() {
    admin.close();
    host.close();
    fleet.close();
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      time.sleep(LOOK); // the test's time limit ends this
    }
  }

  private BackupOrder.Builder files() {
    return BackupOrder.newBuilder().addSources(OrderedHost.bytes(source.toString()));
  }

  private static void assertDraining(Executable order) {
    HoldfastException refused = assertThrows(HoldfastException.class, order);
    assertEquals(ErrorCode.BUSY, refused.code());
    assertTrue(refused.getMessage().contains("holdfast coordinator drain --off"));
  }

  private List<Job> complete() {
    List<Job> jobs = new ArrayList<>();
    admin.jobs(ListJobsRequest.getDefaultInstance(), jobs::add);
    return jobs.stream().filter(job -> job.getState() == JobState.JOB_STATE_COMPLETE).toList();
  }

  @Test
  void shouldLetWhatRunsEndAndBeginNothingMore() throws Exception {
    JobResult before = host.mustBackup(files());
    Path go = directory.resolve("go");
    host.hooks.write("slow", "while [ ! -e " + go + " ]; do sleep 0.05; done", "echo done");
    BackupOrder.Builder slow =
        BackupOrder.newBuilder()
            .setCommand(
                CommandSource.newBuilder()
                    .setCommand("slow")
                    .setFileName("said")
                    .setTimeLimitMillis(150_000));
    CompletableFuture<JobResult> running =
        CompletableFuture.supplyAsync(
            () -> host.backup(slow), task -> Thread.ofVirtual().start(task));
    await(() -> admin.status().getJobsRunning() == 1);

    assertEquals(1, admin.setDraining(true));
    assertDraining(() -> host.backup(files()));
    assertDraining(() -> host.restore(before.getSnapshot()));
    assertEquals(1, admin.setDraining(true));
    Files.createFile(go);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, running.get().getOutcome());
    await(() -> admin.setDraining(true) == 0);
    assertDraining(() -> host.backup(files()));

    assertEquals(0, admin.setDraining(false));
    host.mustBackup(files());
    host.restore(before.getSnapshot());
  }

  @Test
  void shouldMakeUpForWhatFellDueMeanwhile() throws Exception {
    admin.applyPolicies(
        ApplyPoliciesRequest.newBuilder()
            .setFile("p.yaml")
            .setText(
                """
                apiVersion: holdfast/v1
                kind: Policy
                metadata: {name: hourly}
                spec:
                  selector: {}
                  source: {files: {include: ["%s"]}}
                  schedule: {cron: "0 * * * *"}
                """
                    .formatted(source))
            .setConfirmed(true)
            .build());
    assertEquals(0, admin.setDraining(true));
    time.advance(Duration.ofHours(1));
    host.awaitConnected();
    assertEquals(0, admin.setDraining(true), "it is due, and isn't ordered");
    long goesOn = time.now().toEpochMilli();
    assertEquals(0, admin.setDraining(false));
    await(() -> !complete().isEmpty());
    Job job = complete().getLast();
    assertEquals("hourly", job.getPolicy());
    assertTrue(job.getNominalMillis() <= goesOn, job::toString);
    assertTrue(job.getOrderedMillis() >= goesOn, () -> goesOn + ": " + job);
  }

  /** The word is the process's: one that starts anew orders. */
  @Test
  void shouldOrderAgainAfterARestart() throws Exception {
    assertEquals(0, admin.setDraining(true));
    admin.close();
    fleet.stop();
    fleet.start();
    admin = fleet.admin();
    host.awaitConnected();
    host.mustBackup(files());
  }
}
