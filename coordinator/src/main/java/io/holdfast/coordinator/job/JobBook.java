package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.JobQueries;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.JobDetails;
import io.holdfast.proto.stored.v1.JobEndDetails;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobProblem;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.RunTotals;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Jobs as operators see them: what the journal says of each, and of those that run, how far they
 * are. Any thread.
 */
public final class JobBook {
  private static final int LISTED = 50;
  private static final int LISTED_MAX = 100_000;
  private static final int NAMED_IN_ERROR_MAX = 5;
  private static final long MILLIS = 1_000;

  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final Jobs jobs;
  private final Supplier<List<Job>> queue;

  /**
   * The jobs of {@code jobs} and of the journal.
   *
   * @param queue what is due and has no place yet, the first in turn first
   */
  public JobBook(FleetPorts ports, HostDirectory hosts, Jobs jobs, Supplier<List<Job>> queue) {
    this.ports = ports;
    this.hosts = hosts;
    this.jobs = jobs;
    this.queue = queue;
  }

  /**
   * Hands what waits to {@code out}, and then the newest jobs, newest first; errors of {@link
   * HostDirectory#find}.
   */
  public void list(ListJobsRequest request, Consumer<Job> out) {
    Optional<NamedHost> host =
        request.getHost().isEmpty() ? Optional.empty() : Optional.of(hosts.find(request.getHost()));
    int limit = request.getLimit() == 0 ? LISTED : Math.min(request.getLimit(), LISTED_MAX);
    List<RecordedJob> found =
        request.getOpen()
            ? open(host, limit)
            : look(
                all -> host.isPresent() ? all.newest(host.get().id(), limit) : all.newest(limit));
    queue.get().stream()
        .filter(waiting -> host.isEmpty() || isOf(host.get(), waiting))
        .limit(limit)
        .forEach(out);
    found.forEach(job -> out.accept(view(job).build()));
  }

  private static boolean isOf(NamedHost host, Job job) {
    return job.getHost().equals(ByteString.copyFrom(host.id().toByteArray()));
  }

  private List<RecordedJob> open(Optional<NamedHost> host, int limit) {
    List<RecordedJob> open = new ArrayList<>();
    look(all -> {
      all.forEachOpen(open::add);
      return open;
    });
    return open.stream()
        .filter(job -> host.isEmpty() || host.get().id().equals(job.host()))
        .sorted(Comparator.comparingLong(RecordedJob::timeMillis).reversed())
        .limit(limit)
        .toList();
  }

  private <T> T look(Function<JobQueries, T> question) {
    try (CatalogView view = ports.views().get()) {
      return question.apply(view.jobs());
    }
  }

  /** One job with its problems; JOB_NOT_FOUND, or INVALID_ARGUMENT for what names several. */
  public Job show(String name) {
    RecordedJob job = find(name);
    Job.Builder view = view(job);
    job.end()
        .map(end -> details(end.mutation()).getJobEnd())
        .map(JobEndDetails::getProblemsList)
        .ifPresent(problems -> problems.forEach(one -> view.addProblemList(gap(one))));
    return view.build();
  }

  /** The one job whose id is {@code name} or begins with it. Errors as {@link #show}. */
  public JobId resolve(String name) {
    return find(name).id();
  }

  private RecordedJob find(String name) {
    List<RecordedJob> fitting =
        name.isEmpty() ? List.of() : look(all -> all.withPrefix(name, NAMED_IN_ERROR_MAX));
    if (fitting.size() > 1) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "'"
              + name
              + "' begins the ids of several jobs: "
              + fitting.stream().map(job -> job.id().toString()).collect(Collectors.joining(", "))
              + "; give more digits");
    }
    return fitting.stream()
        .findFirst()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.JOB_NOT_FOUND,
                "no job has an id that begins with '"
                    + name
                    + "'; see them with: holdfast job ls"));
  }

  /** What is still to be seen of a job: all of it while it runs here, else how it ended. */
  public Optional<JobWatch> watch(JobId id) {
    return jobs.watch(id);
  }

  /** The last event of a job that nobody here watches over any more. JOB_NOT_FOUND. */
  public JobEvent lastEvent(JobId id) {
    Job job = show(id.toString());
    return JobEvent.newBuilder().setJob(job.getJob()).setResult(result(job)).build();
  }

  private static JobResult result(Job job) {
    JobResult.Builder result =
        JobResult.newBuilder()
            .setJob(job.getJob())
            .setOutcome(outcome(job.getState()))
            .setDurationMillis(job.getDurationMillis());
    if (job.hasError()) {
      result.setError(job.getError());
    }
    if (job.getKind() == JobKind.JOB_KIND_RESTORE) {
      return result
          .setFilesWritten(job.getFiles())
          .setBytesWritten(job.getBytes())
          .setDifferenceCount(job.getProblems())
          .addAllDifferences(job.getProblemListList())
          .build();
    }
    return result
        .setSnapshot(job.getSnapshot())
        .setTotals(
            RunTotals.newBuilder()
                .setFiles(job.getFiles())
                .setLogicalBytes(job.getBytes())
                .setGaps(job.getProblems()))
        .addAllGaps(job.getProblemListList())
        .build();
  }

  private static JobOutcome outcome(JobState state) {
    return switch (state) {
      case JOB_STATE_COMPLETE -> JobOutcome.JOB_OUTCOME_COMPLETE;
      case JOB_STATE_COMPLETE_WITH_GAPS -> JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS;
      case JOB_STATE_FAILED, JOB_STATE_CANCELLED -> JobOutcome.JOB_OUTCOME_FAILED;
      case JOB_STATE_WAITING,
          JOB_STATE_RUNNING,
          JOB_STATE_LOST,
          JOB_STATE_UNSPECIFIED,
          UNRECOGNIZED ->
          JobOutcome.JOB_OUTCOME_UNSPECIFIED;
    };
  }

  // From the journal's words to the operators'.

  private Job.Builder view(RecordedJob job) {
    JobDetails details = details(job.mutation()).getJob();
    Job.Builder view =
        Job.newBuilder()
            .setJob(ByteString.copyFrom(job.id().toByteArray()))
            .setHost(ByteString.copyFrom(job.host().toByteArray()))
            .setHostName(hosts.get(job.host()).name())
            .setKindValue(job.ordered().getKindValue())
            .setOrderedMillis(job.timeMillis())
            .setActor(details.getActor())
            .addAllSources(details.getSourcesList())
            .setTarget(details.getTarget())
            .setSnapshot(job.ordered().getSnapshot())
            .setPolicy(details.getPolicy())
            .setDataClass(details.getDataClass())
            .setNominalMillis(job.ordered().getScheduled().getNominalSeconds() * MILLIS)
            .setAttempt(job.ordered().getScheduled().getAttempt());
    job.end().ifPresent(end -> ended(end, view));
    job.snapshot().ifPresent(snapshot -> committed(snapshot, view));
    if (job.isOpen()) {
      Optional<Jobs.Present> present = jobs.present(job.id());
      boolean isHere = present.map(Jobs.Present::isConnected).orElse(false);
      view.setState(isHere ? JobState.JOB_STATE_RUNNING : JobState.JOB_STATE_LOST);
      present.flatMap(Jobs.Present::progress).ifPresent(view::setProgress);
    }
    return view;
  }

  private void ended(RecordedJob.End end, Job.Builder view) {
    JobEnded ended = end.ended();
    view.setState(state(ended))
        .setEndedMillis(end.timeMillis())
        .setDurationMillis(ended.getDurationMillis())
        .setFiles(ended.getFiles())
        .setBytes(ended.getBytes())
        .setProblems(ended.getProblems())
        .setAssumed(ended.getAssumed());
    if (ended.getError() != 0) {
      view.setError(
          ErrorDetail.newBuilder()
              .setCode(ended.getError())
              .setMessage(details(end.mutation()).getJobEnd().getMessage()));
    }
  }

  private static JobState state(JobEnded ended) {
    return switch (ended.getEnd()) {
      case JOB_END_COMPLETE -> JobState.JOB_STATE_COMPLETE;
      case JOB_END_COMPLETE_WITH_GAPS -> JobState.JOB_STATE_COMPLETE_WITH_GAPS;
      case JOB_END_FAILED, JOB_END_UNSPECIFIED, UNRECOGNIZED ->
          ended.getCancelled() ? JobState.JOB_STATE_CANCELLED : JobState.JOB_STATE_FAILED;
    };
  }

  /** The snapshot is there, whatever else was said. */
  private void committed(StoredSnapshot snapshot, Job.Builder view) {
    SnapshotCommitted committed = snapshot.committed();
    boolean whole = committed.getOutcome() == Outcome.OUTCOME_COMPLETE;
    view.setState(whole ? JobState.JOB_STATE_COMPLETE : JobState.JOB_STATE_COMPLETE_WITH_GAPS)
        .setSnapshot(ByteString.copyFrom(snapshot.id().toByteArray()))
        .setEndedMillis(snapshot.timeMillis())
        .setDurationMillis(details(snapshot.mutation()).getSnapshot().getDurationMillis())
        .setFiles(committed.getTotals().getFiles())
        .setBytes(committed.getTotals().getLogicalBytes())
        .setProblems(committed.getTotals().getGaps())
        .clearError()
        .clearAssumed();
  }

  private Details details(Mutation mutation) {
    return ports.mutations().open(mutation).orElse(Details.getDefaultInstance());
  }

  private static Gap gap(JobProblem problem) {
    return Gap.newBuilder()
        .setPath(problem.getPath())
        .setReason(problem.getReason())
        .setText(problem.getText())
        .build();
  }
}
