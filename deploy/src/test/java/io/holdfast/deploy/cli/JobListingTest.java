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
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import java.util.List;
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
