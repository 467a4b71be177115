package io.holdfast.agent.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.hook.HookDirectory;
import io.holdfast.agent.hook.Hooks;
import io.holdfast.agent.hook.Scripts;
import io.holdfast.agent.posix.Names;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.stored.v1.UnfinishedHook;
import io.holdfast.proto.stored.v1.UnfinishedJob;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.HookRun;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever becomes of a backup, what surrounded it is put right in the end. */
@Timeout(60)
class SurroundingsTest {
  private static final ByteString JOB = ByteString.copyFrom(new byte[16]);
  private static final JobResult COMPLETE =
      JobResult.newBuilder()
          .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE)
          .setSnapshot(ByteString.copyFromUtf8("s"))
          .build();

  @TempDir Path directory;

  private Path log;
  private Path unfinished;
  private Scripts scripts;
  private Hooks hooks;
  private Surroundings surroundings;

  @BeforeEach
  void make() throws IOException {
    log = Files.createFile(directory.resolve("log"));
    unfinished = Files.createDirectory(directory.resolve("unfinished"));
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    scripts = Scripts.in(directory);
    hooks = new Hooks(new HookDirectory(scripts.directory()), scratch, Time.system());
    surroundings = new Surroundings(hooks, unfinished, "0c0d");
    says("one", "exit 0");
    says("two", "exit 0");
    says("broken", "echo why; exit 3");
  }

  /** A hook that writes its name, phase and outcome down. */
  private void says(String name, String end) throws IOException {
    scripts.write(name, "echo " + name + " $HOLDFAST_PHASE $HOLDFAST_OUTCOME >> " + log, end);
  }

  private void say(String words) {
    try {
      Files.writeString(log, words + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<String> said() throws IOException {
    return Files.readAllLines(log).stream().map(String::strip).toList();
  }

  private static HookCall call(String name) {
    return HookCall.newBuilder().setName(name).setTimeLimitMillis(20_000).build();
  }

  private static HookCall warning(String name) {
    return call(name).toBuilder().setWarnOnly(true).build();
  }

  private JobResult around(BackupOrder order, Surroundings.Work work) throws InterruptedException {
    return surroundings.around(JOB, order, List.of("/etc"), () -> false, work);
  }

  private JobResult around(BackupOrder order) throws InterruptedException {
    return around(
        order,
        files -> {
          say("backup");
          return COMPLETE;
        });
  }

  private void assertNothingLeft() throws IOException {
    try (Stream<Path> left = Files.list(unfinished)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void shouldRunHooksInOrderAroundTheBackup() throws Exception {
    JobResult result =
        around(
            BackupOrder.newBuilder()
                .addBefore(call("one"))
                .addBefore(call("two"))
                .addAfter(call("two"))
                .addAfter(call("one"))
                .build());
    assertEquals(
        List.of("one before", "two before", "backup", "two after complete", "one after complete"),
        said());
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome());
    assertEquals(
        List.of("one", "two", "two", "one"),
        result.getHooksList().stream().map(HookRun::getName).toList());
    assertNothingLeft();
  }

  @Test
  void shouldMakeNoBackupAfterAHookThatFailedAndStillRunThoseAfter() throws Exception {
    JobResult result =
        around(
            BackupOrder.newBuilder()
                .addBefore(call("broken"))
                .addBefore(call("two"))
                .addAfter(call("one"))
                .build());
    assertEquals(List.of("broken before", "one after failed"), said());
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
    assertEquals(ErrorCode.HOOK_FAILED.number(), result.getError().getCode());
    assertEquals("hook broken (before) ended with status 3: why", result.getError().getMessage());
    assertNothingLeft();
  }

  @Test
  void shouldOnlyReportWhereOnlyWarned() throws Exception {
    JobResult result =
        around(
            BackupOrder.newBuilder()
                .addBefore(warning("broken"))
                .addBefore(warning("absent"))
                .addAfter(warning("broken"))
                .build());
    assertEquals(List.of("broken before", "backup", "broken after complete"), said());
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome());
    assertEquals(3, result.getHooksList().stream().filter(HookRun::getFailed).count());
    assertTrue(result.getHooks(1).getText().contains("the hook isn't run"), result::toString);
    assertEquals("why", result.getHooks(0).getLastLines());
  }

  @Test
  void shouldFailABackupWhoseHookAfterItFailed() throws Exception {
    JobResult result =
        around(BackupOrder.newBuilder().addAfter(call("broken")).addAfter(call("one")).build());
    assertEquals(List.of("backup", "broken after complete", "one after complete"), said());
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
    assertEquals(COMPLETE.getSnapshot(), result.getSnapshot());
    assertTrue(result.getError().getMessage().startsWith("the snapshot is stored, but"));
  }

  @Test
  void shouldRunHooksAfterABackupThatFailed() throws Exception {
    JobResult result =
        around(
            BackupOrder.newBuilder().addAfter(call("one")).build(),
            files -> {
              throw new HoldfastException(ErrorCode.VAULT_FULL, "the vault is full");
            });
    assertEquals(List.of("one after failed"), said());
    assertEquals(ErrorCode.VAULT_FULL.number(), result.getError().getCode());
    assertEquals(1, result.getHooksCount());
  }

  @Test
  void shouldRunHooksAfterABackupThatWasCancelled() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread job =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var result =
                    around(
                        BackupOrder.newBuilder().addAfter(call("one")).build(),
                        files -> {
                          begun.countDown();
                          new CountDownLatch(1).await();
                          return COMPLETE;
                        });
                ended.complete(new AssertionError("it ended: " + result));
              } catch (Exception e) {
                ended.complete(e);
              }
            });
    begun.await();
    job.interrupt();
    assertTrue(ended.get() instanceof InterruptedException, ended.get()::toString);
    assertEquals(List.of("one after failed"), said());
    assertNothingLeft();
  }

  @Test
  void shouldNotCutShortAHookAfterABackup() throws Exception {
    Path going = directory.resolve("going");
    scripts.write("slow", "touch " + going, "sleep 0.5", "echo slow $HOLDFAST_PHASE >> " + log);
    CompletableFuture<JobResult> ended = new CompletableFuture<>();
    Thread job =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ended.complete(around(BackupOrder.newBuilder().addAfter(call("slow")).build()));
              } catch (Exception e) {
                ended.completeExceptionally(e);
              }
            });
    while (!Files.exists(going)) {
      Time.system().sleep(Duration.ofMillis(5));
    }
    job.interrupt();
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, ended.get().getOutcome());
    assertEquals(List.of("backup", "slow after"), said());
  }

  // After a crash.

  @Test
  void shouldRunTheHooksThatADeadAgentOwes() throws Exception {
    new Unfinished(unfinished)
        .write(
            UnfinishedJob.newBuilder()
                .setJob(JOB)
                .addSources("/etc")
                .addAfter(UnfinishedHook.newBuilder().setName("one").setTimeLimitMillis(20_000))
                .addAfter(UnfinishedHook.newBuilder().setName("absent"))
                .build());
    surroundings = new Surroundings(hooks, unfinished, "0c0d");
    around(BackupOrder.getDefaultInstance());
    assertEquals(List.of("one after failed", "backup"), said());
    assertNothingLeft();
  }

  @Test
  void shouldRememberWhatItOwesWhileTheBackupRuns() throws Exception {
    around(
        BackupOrder.newBuilder().addAfter(call("one")).build(),
        files -> {
          assertEquals(1, new Unfinished(unfinished).all().size());
          return COMPLETE;
        });
    assertNothingLeft();
  }

  @Test
  void shouldKeepAFileThatItCannotRead() throws Exception {
    Path damaged = unfinished.resolve("00000000000000000000000000000000.job");
    Files.writeString(damaged, "HFUJ and nothing sensible");
    surroundings = new Surroundings(hooks, unfinished, "0c0d");
    around(BackupOrder.getDefaultInstance());
    assertEquals(List.of("backup"), said());
    assertTrue(Files.exists(damaged));
  }

  // A hook that makes a file system snapshot.

  private BackupOrder snapshotBy(String hook, Path source) {
    return BackupOrder.newBuilder()
        .addSources(ByteString.copyFromUtf8(source.toString()))
        .setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_HOOK)
        .setSnapshotHook(hook)
        .build();
  }

  @Test
  void shouldReadWhatAHookMadeAndHaveItRemoved() throws Exception {
    Path root = Files.createDirectory(directory.resolve("frozen"));
    scripts.write(
        "lvm",
        "echo $HOLDFAST_PHASE $HOLDFAST_SNAPSHOT_ROOT >> " + log,
        "echo mounting things",
        "[ $HOLDFAST_PHASE = snapshot-remove ] || echo " + root);
    JobResult result =
        around(
            snapshotBy("lvm", Path.of("/srv/data")),
            files -> {
              assertEquals(1, files.elsewhere().size());
              var place = files.elsewhere().getFirst();
              assertEquals("/srv/data", Names.display(place.path()));
              assertEquals(root + "/srv/data", Names.display(place.readFrom()));
              say("backup");
              return COMPLETE;
            });
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome());
    assertEquals(List.of("snapshot-create", "backup", "snapshot-remove " + root), said());
    assertNothingLeft();
  }

  @Test
  void shouldMakeNoBackupWhereAHookMadeNothing() throws Exception {
    scripts.write("lvm", "echo $HOLDFAST_PHASE >> " + log, "echo not a directory");
    JobResult result = around(snapshotBy("lvm", Path.of("/srv")));
    assertEquals(ErrorCode.POINT_IN_TIME_FAILED.number(), result.getError().getCode());
    assertEquals(List.of("snapshot-create", "snapshot-remove"), said());
    assertNothingLeft();
  }

  @Test
  void shouldTryAgainToRemoveWhatCouldNotBeRemoved() throws Exception {
    scripts.write(
        "lvm",
        "echo $HOLDFAST_PHASE >> " + log,
        "[ $HOLDFAST_PHASE = snapshot-create ] && { echo " + directory + "; exit 0; }",
        "[ -e " + directory.resolve("free") + " ]");
    around(snapshotBy("lvm", Path.of("/srv")));
    assertEquals(1, new Unfinished(unfinished).all().size());

    Files.createFile(directory.resolve("free"));
    surroundings = new Surroundings(hooks, unfinished, "0c0d");
    around(BackupOrder.getDefaultInstance());
    assertEquals(
        List.of("snapshot-create", "backup", "snapshot-remove", "snapshot-remove", "backup"),
        said());
    assertNothingLeft();
  }

  @Test
  void shouldRefuseASnapshotWhereThereIsNoBtrfs() throws Exception {
    JobResult result =
        around(
            BackupOrder.newBuilder()
                .addSources(ByteString.copyFromUtf8("/proc/self"))
                .setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_BTRFS)
                .build());
    assertEquals(ErrorCode.POINT_IN_TIME_FAILED.number(), result.getError().getCode());
    assertTrue(result.getError().getMessage().contains("doesn't lie on btrfs"));
    assertNothingLeft();
  }

  @Test
  void shouldDeleteNothingThatItDidNotMake() throws Exception {
    Path precious = Files.createDirectory(directory.resolve("precious"));
    assertTrue(Subvolumes.remove(precious).isPresent());
    assertTrue(Files.exists(precious));
    assertFalse(Subvolumes.remove(directory.resolve(Subvolumes.PREFIX + "gone")).isPresent());
    assertThrows(
        HoldfastException.class, () -> new SnapshotHook(hooks, "../x", null), "a name, no path");
  }
}
