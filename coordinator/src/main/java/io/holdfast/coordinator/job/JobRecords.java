package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.JobDetails;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEndDetails;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.JobProblem;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the journal says of jobs: that one was ordered, and how it ended where no commit tells. Any
 * thread.
 */
final class JobRecords {
  private static final int PROBLEMS_MAX = 100;
  private static final int TEXT_MAX = 4_096;

  /**
   * Whose word an end is.
   *
   * @param assumed the coordinator made it up itself
   * @param cancelled an operator asked for it
   */
  record Word(boolean assumed, boolean cancelled) {}

  private final FleetPorts ports;

  JobRecords(FleetPorts ports) {
    this.ports = ports;
  }

  Mutation ordered(JobOrdered ordered, JobDetails details) {
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setJobOrdered(ordered).build(),
            Details.newBuilder().setJob(details).build());
  }

  /** The job as the journal has it. */
  Optional<RecordedJob> find(JobId job) {
    try (CatalogView view = ports.views().get()) {
      return view.jobs().find(job);
    }
  }

  /** Hands every job that the journal has no end of to {@code visitor}. */
  void forEachOpen(Consumer<RecordedJob> visitor) {
    try (CatalogView view = ports.views().get()) {
      view.jobs().forEachOpen(visitor);
    }
  }

  /**
   * Records how {@code job} of {@code host} ended, if that has to be: it was ordered, its end isn't
   * known, and it isn't a backup whose commit says all. Completes when it is durable; at once if
   * nothing is to be recorded.
   */
  CompletableFuture<Optional<Appended>> ended(JobId job, HostId host, JobResult result, Word word) {
    try {
      Optional<RecordedJob> open = toBeEnded(job, host, result, word.assumed());
      if (open.isEmpty()) {
        return CompletableFuture.completedFuture(Optional.empty());
      }
      return ports.journal().append(List.of(end(open.get(), result, word))).thenApply(Optional::of);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Optional<RecordedJob> toBeEnded(
      JobId job, HostId host, JobResult result, boolean assumed) {
    try (CatalogView view = ports.views().get()) {
      return view.jobs()
          .find(job)
          .filter(known -> known.host().equals(host))
          .filter(known -> isNews(known, assumed))
          .filter(known ->
              known.snapshot().isEmpty() || result.getOutcome() != JobOutcome.JOB_OUTCOME_COMPLETE);
    }
  }

  private static boolean isNews(RecordedJob known, boolean assumed) {
    return known.end().isEmpty() || (known.end().get().ended().getAssumed() && !assumed);
  }

  private Mutation end(RecordedJob job, JobResult result, Word word) {
    long files = result.getTotals().getFiles();
    long bytes = result.getTotals().getLogicalBytes();
    if (job.ordered().getKind() == JobKind.JOB_KIND_RESTORE) { // only what was written counts
      files = result.getDryRun() ? 0 : result.getFilesWritten();
      bytes = result.getDryRun() ? 0 : result.getBytesWritten();
    }
    JobEnded ended =
        JobEnded.newBuilder()
            .setJob(ByteString.copyFrom(job.id().toByteArray()))
            .setHost(ByteString.copyFrom(job.host().toByteArray()))
            .setEnd(end(result.getOutcome()))
            .setError(result.getError().getCode())
            .setAssumed(word.assumed())
            .setCancelled(word.cancelled())
            .setDurationMillis(result.getDurationMillis())
            .setFiles(files)
            .setBytes(bytes)
            .setProblems(result.getTotals().getGaps() + result.getDifferenceCount())
            .build();
    JobEndDetails.Builder details =
        JobEndDetails.newBuilder().setMessage(shortened(result.getError().getMessage()));
    Stream.concat(result.getGapsList().stream(), result.getDifferencesList().stream())
        .limit(PROBLEMS_MAX)
        .map(JobRecords::problem)
        .forEach(details::addProblems);
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setJobEnded(ended).build(),
            Details.newBuilder().setJobEnd(details).build());
  }

  private static JobEnd end(JobOutcome outcome) {
    return switch (outcome) {
      case JOB_OUTCOME_COMPLETE -> JobEnd.JOB_END_COMPLETE;
      case JOB_OUTCOME_COMPLETE_WITH_GAPS -> JobEnd.JOB_END_COMPLETE_WITH_GAPS;
      case JOB_OUTCOME_FAILED, JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> JobEnd.JOB_END_FAILED;
    };
  }

  private static JobProblem problem(Gap gap) {
    return JobProblem.newBuilder()
        .setPath(gap.getPath())
        .setReason(gap.getReason())
        .setText(shortened(gap.getText()))
        .build();
  }

  /** What a host says of itself is bounded before it is kept for good. */
  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }
}
