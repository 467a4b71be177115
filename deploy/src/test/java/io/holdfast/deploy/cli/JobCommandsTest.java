package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CancelJobRequest;
import io.holdfast.proto.wire.v1.ConflictMode;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.PlanRestoreRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
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
        CompletableFuture.runAsync(() -> {
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

  @Test
  void shouldBreakTheCallOffWhenInterruptedBeforeTheJobHasName() {
    admin().neverAnswer();
    CompletableFuture<Void> interrupt = CompletableFuture.runAsync(this::interrupt);
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
            .setFilesSkipped(1)
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
          9 files, 2.0 KiB written; 1 left as they were; 4 read back and equal
          1 difference:
            etc/x: owner: EPERM
        """,
        ended.out());
    assertFalse(ended.out().contains("\u001b"));
  }
}
