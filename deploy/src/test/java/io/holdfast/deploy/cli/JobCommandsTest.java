package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CancelJobRequest;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.ConflictMode;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.HookRun;
import io.holdfast.proto.wire.v1.ImageFormat;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.MariaDbSource;
import io.holdfast.proto.wire.v1.PlanRestoreRequest;
import io.holdfast.proto.wire.v1.PostgresSource;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobCommandsTest extends CommandLineFixture {
  private static final JobEvent COMPLETE =
      Samples.end(Samples.result(JobOutcome.JOB_OUTCOME_COMPLETE));

  private static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Test
  void shouldOrderBackupWithEveryOption() {
    admin().script(COMPLETE);
    runWell(
        "backup",
        "web1",
        "/etc",
        "/srv/d\u00e4ta",
        "-e",
        "*.tmp",
        "--exclude",
        "!keep.tmp",
        "--one-file-system",
        "--include-caches",
        "--rate-limit",
        "2MiB/s",
        "--read-everything");
    assertEquals(
        StartBackupRequest.newBuilder()
            .setHost("web1")
            .setOrder(
                BackupOrder.newBuilder()
                    .addSources(bytes("/etc"))
                    .addSources(bytes("/srv/d\u00e4ta"))
                    .addPatterns("*.tmp")
                    .addPatterns("!keep.tmp")
                    .setOneFileSystem(true)
                    .setIncludeCaches(true)
                    .setRateLimit(2 << 20)
                    .setReadEverything(true))
            .build(),
        admin().request(StartBackupRequest.class));
  }

  @Test
  void shouldOrderWhatAProgramPrints() {
    admin().script(COMPLETE);
    runWell("backup", "web1", "--command", "dump", "--as", "db.sql", "--time-limit", "2h");
    assertEquals(
        BackupOrder.newBuilder()
            .setCommand(
                CommandSource.newBuilder()
                    .setCommand("dump")
                    .setFileName("db.sql")
                    .setTimeLimitMillis(7_200_000))
            .build(),
        admin().request(StartBackupRequest.class).getOrder());
    admin().script(COMPLETE);
    runWell("backup", "web1", "--command", "dump");
    StartBackupRequest last = (StartBackupRequest) admin().requests().getLast();
    assertEquals("dump", last.getOrder().getCommand().getFileName());
  }

  @Test
  void shouldOrderADiskAndHooksAroundIt() {
    admin().script(COMPLETE);
    runWell(
        "backup",
        "web1",
        "--image",
        "/dev/vg/data",
        "--image-format",
        "qcow2",
        "--before",
        "stop@90s",
        "--before",
        "warn:note",
        "--after",
        "start");
    assertEquals(
        BackupOrder.newBuilder()
            .setBlockImage(
                BlockImageSource.newBuilder()
                    .setPath(bytes("/dev/vg/data"))
                    .setFormat(ImageFormat.IMAGE_FORMAT_QCOW2))
            .addBefore(HookCall.newBuilder().setName("stop").setTimeLimitMillis(90_000))
            .addBefore(HookCall.newBuilder().setName("note").setWarnOnly(true))
            .addAfter(HookCall.newBuilder().setName("start"))
            .build(),
        admin().request(StartBackupRequest.class).getOrder());
  }

  @Test
  void shouldOrderPathsAsOfOnePointInTime() {
    admin().script(COMPLETE);
    runWell("backup", "web1", "/srv", "--snapshot", "btrfs");
    assertEquals(
        SnapshotFirst.SNAPSHOT_FIRST_BTRFS,
        admin().request(StartBackupRequest.class).getOrder().getSnapshotFirst());
    admin().script(COMPLETE);
    runWell("backup", "web1", "/srv", "--snapshot", "hook:lvm");
    BackupOrder order = ((StartBackupRequest) admin().requests().getLast()).getOrder();
    assertEquals(SnapshotFirst.SNAPSHOT_FIRST_HOOK, order.getSnapshotFirst());
    assertEquals("lvm", order.getSnapshotHook());
  }

  @Test
  void shouldTakeOneSource() {
    for (List<String> words :
        List.of(
            List.of("backup", "web1"),
            List.of("backup", "web1", "/etc", "--command", "dump"),
            List.of("backup", "web1", "--image", "/dev/sda", "--command", "dump"),
            List.of("backup", "web1", "--image", "sda"),
            List.of("backup", "web1", "/etc", "--as", "x"),
            List.of("backup", "web1", "--command", "dump", "--snapshot", "btrfs"),
            List.of("backup", "web1", "/etc", "--snapshot", "zfs"),
            List.of("backup", "web1", "/etc", "--before", "warn:"))) {
      assertEquals(2, run(words.toArray(String[]::new)).code(), words.toString());
    }
    assertTrue(admin().requests().isEmpty());
  }

  @Test
  void shouldShowHooksThatFailed() {
    JobResult.Builder result =
        Samples.result(JobOutcome.JOB_OUTCOME_COMPLETE)
            .addHooks(HookRun.newBuilder().setName("well").setPhase("before"))
            .addHooks(
                HookRun.newBuilder()
                    .setName("note")
                    .setPhase("after")
                    .setFailed(true)
                    .setText("ended with status 1")
                    .setLastLines("no\nsuch\u001b thing"));
    admin().script(Samples.end(result));
    Ended ended = run("backup", "web1", "/etc", "--after", "warn:note");
    assertEquals(0, ended.code());
    assertTrue(
        ended
            .out()
            .endsWith("  hook note (after) ended with status 1\n    no\n    such\\x1b thing\n"),
        ended.out());
    admin().script(Samples.end(result));
    JsonNode hooks = run("backup", "web1", "/etc", "--json").json().getLast().get("hook_list");
    assertEquals(2, hooks.size());
    assertEquals("note", hooks.get(1).get("hook").textValue());
  }

  @Test
  void shouldOrderADiskOntoADevice() {
    admin().script(Samples.PLAN);
    admin().script(COMPLETE);
    runWell("restore", "3fa1", "/dev/vg/data", "--to-device", "web1:/dev/vdb");
    RestoreOrder order = admin().request(StartRestoreRequest.class).getOrder();
    assertEquals(bytes("/dev/vdb"), order.getDevice());
    assertEquals(List.of(bytes("dev/vg/data")), order.getPathsList());
    assertTrue(order.getTarget().isEmpty());
    assertEquals(2, run("restore", "3fa1", "--to-device", "web1:/dev/vdb").code(), "no path");
    assertEquals(
        2, run("restore", "3fa1", "x", "--to-device", "web1:/dev/vdb", "--dry-run").code());
  }

  @Test
  void shouldOrderBackupsOfDatabasesWithEveryOption() {
    admin().script(COMPLETE);
    runWell(
        "postgres",
        "backup",
        "db1",
        "--server",
        "/srv/s",
        "--port",
        "5433",
        "--user",
        "me",
        "--password-file",
        "/p",
        "--fast",
        "--archive-log",
        "--rate-limit",
        "2MiB/s",
        "--read-everything");
    assertEquals(
        BackupOrder.newBuilder()
            .setPostgres(
                PostgresSource.newBuilder()
                    .setHost("/srv/s")
                    .setPort(5433)
                    .setUser("me")
                    .setPasswordFile("/p")
                    .setFastCheckpoint(true)
                    .setWalArchive(true))
            .setRateLimit(2 << 20)
            .setReadEverything(true)
            .build(),
        admin().request(StartBackupRequest.class).getOrder());
    assertEquals(2, run("mariadb", "backup", "db1", "--database", "shop").code());
  }

  @Test
  void shouldOrderDumpWithEveryOption() {
    admin().script(COMPLETE);
    runWell(
        "mariadb",
        "backup",
        "db1",
        "--server",
        "/s",
        "--user",
        "me",
        "--password-file",
        "/p",
        "--dump",
        "--database",
        "shop",
        "--rate-limit",
        "2MiB/s");
    assertEquals(
        BackupOrder.newBuilder()
            .setMariadb(
                MariaDbSource.newBuilder()
                    .setSocket("/s")
                    .setUser("me")
                    .setPasswordFile("/p")
                    .setDump(true)
                    .addDatabases("shop"))
            .setRateLimit(2 << 20)
            .build(),
        admin().request(StartBackupRequest.class).getOrder());
  }

  @Test
  void shouldShowCompleteBackupAndPlainProgress() {
    admin().script(Samples.progress(500_000), Samples.progress(600_000), COMPLETE);
    Ended ended = run("backup", "web1", "/etc");
    assertEquals(0, ended.code());
    assertEquals(
        """
        backup of web1 complete after 12s: snapshot 3fa1b2c4d5
          12,345 files, 3.0 GiB; 34 MiB new, 12 MiB sent
        """,
        ended.out());
    assertEquals(1, ended.err().lines().count(), ended.err());
    assertTrue(ended.err().startsWith("sending: 10 files, 488 KiB of 977 KiB, "), ended.err());
  }

  @Test
  void shouldDrawBarOnTerminalAndLeaveItsLineEmpty() {
    terminalColumns = 60;
    admin().script(Samples.progress(500_000), COMPLETE);
    String err = run("backup", "web1", "/etc").err();
    assertTrue(err.startsWith("\r\u001b[K[##########----------] 50% sending: 10 files"), err);
    assertTrue(err.endsWith("\r\u001b[K"), err);
    assertTrue(err.length() <= 59 + 8, "as wide as the terminal at most");
  }

  @Test
  void shouldSayNothingOfProgressWhenQuiet() {
    admin().script(Samples.progress(500_000), COMPLETE);
    assertEquals("", run("backup", "web1", "/etc", "-q").err());
  }

  @Test
  void shouldStreamJsonWithSummaryLast() {
    admin().script(Samples.progress(500_000), COMPLETE);
    List<JsonNode> lines = run("backup", "web1", "/etc", "--json").json();
    assertEquals("status", lines.getFirst().get("message_type").textValue());
    assertEquals(500_000, lines.getFirst().get("bytes").longValue());
    JsonNode summary = lines.getLast();
    assertEquals("summary", summary.get("message_type").textValue());
    assertEquals("complete", summary.get("outcome").textValue());
    assertEquals(64, summary.get("snapshot").textValue().length());
    assertEquals(12 << 20, summary.get("sent_bytes").longValue());
    assertEquals(12.5, summary.get("duration").doubleValue());
  }

  @Test
  void shouldEndWithThreeAndNameTheGaps() {
    JobResult.Builder result = Samples.result(JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS);
    result.getTotalsBuilder().setGaps(40);
    for (int gap = 0; gap < 30; gap++) {
      result.addGaps(
          Gap.newBuilder().setPath(bytes("etc/s\n" + gap)).setReason(1).setText("EACCES"));
    }
    admin().script(Samples.end(result));
    Ended ended = run("backup", "web1", "/etc");
    assertEquals(3, ended.code());
    assertTrue(ended.out().contains("  40 gaps:\n    etc/s\\x0a0: unreadable: EACCES\n"));
    assertTrue(ended.out().endsWith("    and 20 more (--json shows up to 1,000)\n"), ended.out());
    Ended json = run("backup", "web1", "/etc", "--json");
    assertEquals(3, json.code());
    assertEquals(30, json.json().getLast().get("gap_list").size());
  }

  @Test
  void shouldEndWithOneAndSayWhyWhenJobFailed() {
    JobResult.Builder result =
        JobResult.newBuilder()
            .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
            .setError(ErrorDetail.newBuilder().setCode(401).setMessage("the vault is full"));
    admin().script(Samples.end(result));
    Ended ended = run("backup", "web1", "/etc");
    assertEquals(1, ended.code());
    assertEquals("backup of web1 failed after 0.0s: the vault is full\n", ended.out());
  }

  @Test
  void shouldEndByTheErrorWhenJobCannotStart() {
    admin()
        .failWith(
            new HoldfastException(ErrorCode.HOST_NOT_FOUND, "there is no host web9: host ls"));
    Ended ended = run("backup", "web9", "/etc");
    assertEquals(10, ended.code());
    assertEquals("holdfast: there is no host web9: host ls\n", ended.err());
    assertEquals("", ended.out());
  }

  @Test
  void shouldSaySoWhenStreamEndsWithoutResult() {
    admin()
        .script(
            JobEvent.newBuilder()
                .setJob(Samples.JOB)
                .setProgress(Samples.progress(1).getProgress())
                .build());
    CompletableFuture<Void> close = admin().openJob().thenAccept(stream -> stream.onCompleted());
    Ended ended = run("backup", "web1", "/etc");
    close.join();
    assertEquals(11, ended.code());
    assertTrue(ended.err().contains("stopped reporting before the job ended"), ended.err());
  }

  @Test
  void shouldCancelJobWhenInterruptedAndEndWith130() {
    admin().script(Samples.progress(500_000));
    CompletableFuture<Void> interrupt =
        beside(() -> {
          awaitError("sending");
          interrupt();
        });
    Ended ended = run("backup", "web1", "/etc");
    interrupt.join();
    assertEquals(130, ended.code(), ended::toString);
    assertEquals(Samples.JOB, admin().request(CancelJobRequest.class).getJob());
    assertTrue(ended.out().startsWith("backup of web1 failed"), ended.out());
    assertTrue(interruptActions.isEmpty(), "unregistered");
  }

  /** As soon as it can be: before, while or after the call begins, as it happens. */
  @Test
  void shouldBreakTheCallOffWhenInterruptedBeforeTheCallBegan() {
    admin().neverAnswer();
    CompletableFuture<Void> interrupt = beside(this::interrupt);
    Ended ended = run("backup", "web1", "/etc");
    interrupt.join();
    assertEquals(130, ended.code(), ended::toString);
  }

  @Test
  void shouldBreakTheCallOffWhenInterruptedBeforeTheJobHasName() {
    admin().neverAnswer();
    CompletableFuture<Void> interrupt =
        beside(() -> {
          await(() -> !admin().requests().isEmpty(), "called");
          interrupt();
        });
    Ended ended = run("backup", "web1", "/etc");
    interrupt.join();
    assertEquals(130, ended.code(), ended::toString);
  }

  @Test
  void shouldRefuseRelativeSource() {
    Ended ended = run("backup", "web1", "etc");
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains("\"etc\" isn't an absolute path"), ended.err());
    assertTrue(admin().requests().isEmpty());
  }

  @Test
  void shouldOrderRestoreWithEveryOption() {
    admin().script(Samples.PLAN);
    admin().script(COMPLETE);
    runWell(
        "restore",
        "latest:web1",
        "/etc/hosts",
        "srv/",
        "--to",
        "web2:/srv/back",
        "--include",
        "*.conf",
        "--on-conflict",
        "overwrite-if-different",
        "--sample",
        "2.5",
        "--rate-limit",
        "1 MiB/s",
        "--dry-run");
    assertEquals(
        StartRestoreRequest.newBuilder()
            .setSnapshot(Samples.SNAPSHOT_HEX)
            .setHost("web2")
            .setOrder(
                RestoreOrder.newBuilder()
                    .setTarget(bytes("/srv/back"))
                    .addPaths(bytes("etc/hosts"))
                    .addPaths(bytes("srv"))
                    .addPatterns("*.conf")
                    .setConflict(ConflictMode.CONFLICT_MODE_OVERWRITE_IF_DIFFERENT)
                    .setSamplePerMille(25)
                    .setRateLimit(1 << 20)
                    .setDryRun(true))
            .build(),
        admin().request(StartRestoreRequest.class));
  }

  @Test
  void shouldSayWhichSnapshotItRestoresAndThatDryRunWroteNothing() {
    admin().script(Samples.PLAN);
    admin().script(COMPLETE);
    Ended ended = run("restore", "latest", "--to", "web2:/r", "--dry-run");
    assertEquals(0, ended.code(), ended::toString);
    assertTrue(ended.err().contains("restoring from snapshot 3fa1b2c4d5 of web1"), ended.err());
    assertTrue(ended.err().contains("17 files, 8.0 GiB to web2:/r"), ended.err());
    assertTrue(ended.err().contains("about 1m 21s, at the 100 MiB/s of the last 3"), ended.err());
    assertTrue(ended.err().contains("recorded in the audit"), ended.err());
    assertTrue(ended.err().contains("the snapshot holds no etc/none"), ended.err());
    assertTrue(ended.out().startsWith("dry run of the restore of latest"), ended.out());
    assertTrue(ended.out().contains("would be written"), ended.out());
    assertEquals(
        "latest:web2",
        admin().request(PlanRestoreRequest.class).getRestore().getSnapshot(),
        "the latest of the host restored to");
  }

  @Test
  void shouldSayThatNobodyKnowsYetHowLongItTakes() {
    admin().script(Samples.PLAN.toBuilder().clearMeasuredRate().clearMeasuredRestores().build());
    admin().script(COMPLETE);
    Ended ended = run("restore", "latest", "--to", "web2:/r");
    assertEquals(0, ended.code(), ended::toString);
    assertTrue(ended.err().contains("how long that takes is not known"), ended.err());
    assertFalse(ended.err().contains("about"), ended.err());
  }

  @Test
  void shouldEndAsTheJobsErrorSays() {
    for (ErrorCode code :
        List.of(
            ErrorCode.TARGET_NOT_ALLOWED, ErrorCode.PATH_NOT_FOUND, ErrorCode.HOST_NOT_CONNECTED)) {
      JobResult.Builder failed =
          Samples.result(JobOutcome.JOB_OUTCOME_FAILED)
              .setError(ErrorDetail.newBuilder().setCode(code.number()).setMessage("no"));
      admin().script(Samples.end(failed));
      assertEquals(
          ExitCode.of(code.kind()).number(), run("backup", "web1", "/etc").code(), code.name());
    }
  }

  @Test
  void shouldRestoreInPlaceOnlyWhenToldSo() {
    admin().script(Samples.PLAN);
    admin().script(COMPLETE);
    runWell("restore", "3fa1", "--in-place", "web1");
    RestoreOrder order = admin().request(StartRestoreRequest.class).getOrder();
    assertTrue(order.getTarget().isEmpty());
    assertEquals(ConflictMode.CONFLICT_MODE_SKIP, order.getConflict());
    assertEquals(2, run("restore", "3fa1").code(), "neither");
    assertEquals(2, run("restore", "3fa1", "--to", "w:/x", "--in-place", "w").code(), "both");
    Ended relative = run("restore", "3fa1", "--to", "web1:x");
    assertEquals(2, relative.code());
    assertTrue(relative.err().contains("isn't HOST:DIR"), relative.err());
  }

  @Test
  void shouldNameWhatRestoreCouldNotSet() {
    JobResult.Builder result =
        Samples.result(JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
            .setFilesWritten(9)
            .setBytesWritten(2_048)
            .setFilesSkipped(2)
            .setFilesDiffering(1)
            .setFilesSampled(4)
            .setDifferenceCount(1)
            .addDifferences(Gap.newBuilder().setPath(bytes("etc/x")).setText("owner: EPERM"));
    admin().script(Samples.PLAN);
    admin().script(Samples.end(result));
    Ended ended = run("restore", "3fa1", "--to", "web1:/r");
    assertEquals(3, ended.code());
    assertEquals(
        """
        restore of 3fa1 to web1:/r complete with gaps after 12s
          9 files, 2.0 KiB written; 2 left as they were, of which 1 not as in the snapshot; 4 read back and equal
          1 difference:
            etc/x: owner: EPERM
        """,
        ended.out());
    assertFalse(ended.out().contains("\u001b"));
    assertTrue(ended.err().contains("--on-conflict overwrite-if-different"), ended.err());
  }
}
