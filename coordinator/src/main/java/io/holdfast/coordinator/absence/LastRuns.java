package io.holdfast.coordinator.absence;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.proto.stored.v1.JobEnd;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the last attempts of series among the newest jobs of their hosts. It remembers, for each
 * host, what it found by which newest job: as long as that is the newest one and all it found has
 * ended well, nothing can have changed. One look-up a host then. One thread.
 */
public final class LastRuns {
  /** A host with more series than that, or as many jobs by hand since, is looked at in part. */
  private static final int NEWEST = 32;

  private record Known(JobId newest, Map<SeriesId, Attempt> attempts) {
    boolean isFinal() {
      return attempts.values().stream().allMatch(each -> each.state() == Attempt.State.ENDED);
    }
  }

  private Map<HostId, Known> known = new HashMap<>();

  /** Of the hosts of {@code report}, by series. */
  public Map<SeriesId, Attempt> of(CatalogView view, AbsenceReport report) {
    Map<HostId, Known> before = known;
    known = new HashMap<>();
    Map<SeriesId, Attempt> found = new HashMap<>();
    for (HostState host : report.hosts().values()) {
      look(view, host.id(), Optional.ofNullable(before.get(host.id())))
          .ifPresent(now -> {
            known.put(host.id(), now);
            found.putAll(now.attempts());
          });
    }
    return found;
  }

  private static Optional<Known> look(CatalogView view, HostId host, Optional<Known> before) {
    List<RecordedJob> newest = view.jobs().newest(host, 1);
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    JobId id = newest.getFirst().id();
    return before
        .filter(one -> one.newest().equals(id) && one.isFinal())
        .or(() -> Optional.of(new Known(id, read(view, host))));
  }

  private static Map<SeriesId, Attempt> read(CatalogView view, HostId host) {
    Map<SeriesId, Attempt> attempts = new HashMap<>();
    for (RecordedJob job : view.jobs().newest(host, NEWEST)) {
      if (job.ordered().hasScheduled()) {
        byte[] series = job.ordered().getScheduled().getSeries().toByteArray();
        attempts.putIfAbsent(SeriesId.of(series), attempt(job));
      }
    }
    return attempts;
  }

  private static Attempt attempt(RecordedJob job) {
    long ended =
        job.snapshot()
            .map(snapshot -> snapshot.timeMillis())
            .or(() -> job.end().map(RecordedJob.End::timeMillis))
            .orElse(job.timeMillis());
    return new Attempt(
        job.id(),
        job.ordered().getScheduled().getAttempt(),
        state(job),
        Instant.ofEpochMilli(ended));
  }

  private static Attempt.State state(RecordedJob job) {
    if (job.isOpen()) {
      return Attempt.State.OPEN;
    }
    boolean failed =
        job.snapshot().isEmpty()
            && job.end()
                .map(RecordedJob.End::ended)
                .filter(end ->
                    end.getEnd() == JobEnd.JOB_END_FAILED
                        && end.getError() != ErrorCode.JOB_CANCELLED.number())
                .isPresent();
    return failed ? Attempt.State.FAILED : Attempt.State.ENDED;
  }
}
