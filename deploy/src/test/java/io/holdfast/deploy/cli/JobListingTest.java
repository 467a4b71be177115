package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.LogLevel;
import io.holdfast.proto.wire.v1.SetDrainingAnswer;
import io.holdfast.proto.wire.v1.SetDrainingRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobListingTest extends CommandLineFixture {
  private static final Job RUNNING =
      Job.newBuilder()
          .setJob(Samples.JOB)
          .setHostName("web1")
          .setKind(JobKind.JOB_KIND_BACKUP)
          .setState(JobState.JOB_STATE_RUNNING)
          .setOrderedMillis(Samples.MILLIS)
          .setActor("anna")
          .addSources(ByteString.copyFromUtf8("/srv"))
          .setProgress(JobProgress.newBuilder().setFiles(17).setBytes(2 << 20))
          .build();

  private static final Job FAILED =
      RUNNING.toBuilder()
          .setKind(JobKind.JOB_KIND_RESTORE)
          .setState(JobState.JOB_STATE_FAILED)
          .setAssumed(true)
          .setEndedMillis(Samples.MILLIS + 2_000)
          .setDurationMillis(1_500)
          .setProblems(1)
          .setError(
              ErrorDetail.newBuilder()
                  .setCode(ErrorCode.HOST_NOT_CONNECTED.number())
                  .setMessage("agent vanished"))
          .addProblemList(Gap.newBuilder().setPath(ByteString.copyFromUtf8("/x")).setReason(1))
          .build();

  @Test
  void shouldListJobs() {
    admin().script(RUNNING, FAILED);
    List<String> lines = runWell("job", "ls", "web1", "--open", "--limit", "7").lines().toList();
    assertTrue(lines.get(0).startsWith("JOB"), lines.get(0));
    assertTrue(lines.get(1).contains("backup") && lines.get(1).contains("running"), lines.get(1));
    assertTrue(lines.get(1).contains("17") && lines.get(1).contains("2.0 MiB"), lines.get(1));
    assertTrue(lines.get(2).contains("failed (assumed)"), lines.get(2));
    assertEquals(
        ListJobsRequest.newBuilder().setHost("web1").setOpen(true).setLimit(7).build(),
        admin().request(ListJobsRequest.class));
  }

  @Test
  void shouldDrainAndSayWhatStillRuns() {
    admin().script(SetDrainingAnswer.newBuilder().setJobsRunning(2).build());
    Ended ended = run("coordinator", "drain", "--wait", "0s");
    assertEquals(11, ended.code(), ended.err());
    assertTrue(admin().request(SetDrainingRequest.class).getDraining());
    assertEquals(0, run("coordinator", "drain", "--off").code());
  }

  @Test
  void shouldWaitUntilNothingRunsAnyMore() {
    admin().script(SetDrainingAnswer.newBuilder().setJobsRunning(2).build());
    CompletableFuture<Void> ending =
        beside(() -> {
          awaitError("for 2 jobs");
          admin().script(SetDrainingAnswer.getDefaultInstance());
        });
    Ended ended = run("coordinator", "drain", "--wait", "10m");
    ending.join();
    assertEquals(0, ended.code(), ended.err());
  }

  @Test
  void shouldPrintAJobsLog() {
    admin().script(FAILED);
    admin()
        .script(
            JobLogLine.newBuilder()
                .setTimeMillis(Samples.MILLIS)
                .setLevel(LogLevel.LOG_LEVEL_WARNING)
                .setText("gap: etc/shadow: permission\u001b denied")
                .build());
    String out = runWell("job", "logs", "0102");
    assertTrue(out.contains("warning gap: etc/shadow: permission\\x1b denied"), out);
    JsonNode line = run("job", "logs", "0102", "--json").json().getFirst();
    assertEquals("warning", line.get("level").textValue());
  }

  @Test
  void shouldShowAllThatRunsOnATerminalUntilInterrupted() throws Exception {
    terminalColumns = 100;
    admin()
        .script(
            RUNNING.toBuilder()
                .setProgress(RUNNING.getProgress().toBuilder().setPhase("sending"))
                .build());
    CompletableFuture<Ended> running = CompletableFuture.supplyAsync(() -> run("job", "watch"));
    awaitError("sending: 17 files, 2.0 MiB");
    interrupt();
    Ended ended = running.get(30, TimeUnit.SECONDS);
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.err().contains("go on without being watched"), ended.err());
  }

  @Test
  void shouldListWhatWaits() {
    admin()
        .script(
            Job.newBuilder()
                .setHostName("db1")
                .setKind(JobKind.JOB_KIND_BACKUP)
                .setState(JobState.JOB_STATE_WAITING)
                .setWaitsFor("its host is not connected")
                .setPolicy("nightly")
                .setDueMillis(Samples.MILLIS)
                .build());
    String line = runWell("job", "ls").lines().toList().get(1);
    assertTrue(line.contains("nightly"), line);
    assertTrue(line.contains("waits: its host is not connected"), line);
  }

  @Test
  void shouldShowAJobWithWhatWasLeftOut() {
    admin().script(FAILED);
    JsonNode job = run("job", "show", "0102", "--json").json().getFirst();
    assertEquals("agent vanished", job.get("error_message").textValue());
    assertEquals("/x", job.get("problem_list").get(0).get("path").textValue());
    assertEquals("anna", job.get("actor").textValue());
    admin().script(FAILED);
    assertTrue(runWell("job", "show", "0102").contains("agent vanished"));
  }

  @Test
  void shouldWatchAJobAndExitAsItEnds() {
    admin().script(RUNNING);
    admin()
        .script(
            Samples.progress(500_000),
            Samples.end(Samples.result(JobOutcome.JOB_OUTCOME_COMPLETE)));
    Ended ended = run("job", "watch", "0102");
    assertEquals(0, ended.code(), ended.err());
    assertTrue(ended.out().startsWith("backup of web1 complete after 12s"), ended.out());
    assertTrue(ended.err().startsWith("sending: 10 files"), ended.err());
  }

  @Test
  void shouldNotCancelWhatHasEnded() {
    admin().script(FAILED);
    Ended ended = run("job", "cancel", "0102");
    assertEquals(0, ended.code());
    assertTrue(ended.err().contains("ended already"), ended.err());
  }
}
