package io.holdfast.coordinator.job;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How fast the last restores were, by what hosts said at their ends. It remembers the last few of
 * each host and how far it has read the jobs, so that it looks at each once. Any thread; one at a
 * time.
 *
 * <ol>
 *   <li>I1: a restore that was seen open is looked at again until it has ended.
 *   <li>I2: of a host, and of all, the last {@link #LAST} that are known are remembered; the first
 *       look knows those among the newest {@link #LOOKED_AT_MAX} jobs.
 * </ol>
 */
public final class RestoreSpeeds {
  /** Less is over before the speed shows. */
  static final long LEAST_BYTES = 16L << 20;

  static final int LAST = 5;

  /** Some tenths of a second, once. (tune) */
  private static final int LOOKED_AT_MAX = 50_000;

  private static final double MILLIS = 1_000;

  private static final Comparator<Measured> NEWEST_FIRST =
      Comparator.comparingLong(Measured::orderedMillis).reversed().thenComparing(Measured::job);

  /** One restore. */
  private record Measured(JobId job, long orderedMillis, long bytesPerSecond) {}

  private final Map<HostId, List<Measured>> ofHosts = new HashMap<>();
  private final List<Measured> ofAll = new ArrayList<>();
  private final Set<JobId> open = new HashSet<>();
  private long throughSeq;
  private long throughMillis;

  /**
   * Of restores to {@code host}, or else of restores to any; empty if none was big enough to be
   * measured. Errors of the catalog.
   */
  public synchronized Optional<RestoreSpeed> of(CatalogView view, HostId host) {
    view.head().filter(head -> head.seq() > throughSeq).ifPresent(head -> read(view, head));
    return median(ofHosts.getOrDefault(host, List.of()), true).or(() -> median(ofAll, false));
  }

  private void read(CatalogView view, CatalogHead head) {
    List<JobId> seenOpen = List.copyOf(open);
    open.clear();
    seenOpen.forEach(id -> view.jobs().find(id).ifPresent(this::note));
    view.jobs().forEachNewest(JobKind.JOB_KIND_RESTORE, throughMillis, LOOKED_AT_MAX, this::note);
    throughSeq = head.seq();
    throughMillis = head.timeMillis();
  }

  private void note(RecordedJob job) {
    if (job.isOpen()) {
      open.add(job.id());
      return;
    }
    job.end()
        .map(RecordedJob.End::ended)
        .filter(RestoreSpeeds::isMeasured)
        .map(ended -> new Measured(job.id(), job.timeMillis(), rate(ended)))
        .ifPresent(measured -> {
          put(measured, ofHosts.computeIfAbsent(job.host(), _ -> new ArrayList<>()));
          put(measured, ofAll);
        });
  }

  private static boolean isMeasured(JobEnded ended) {
    return ended.getEnd() != JobEnd.JOB_END_FAILED
        && ended.getBytes() >= LEAST_BYTES
        && ended.getDurationMillis() > 0;
  }

  private static long rate(JobEnded ended) {
    return Math.max(1, (long) (ended.getBytes() * MILLIS / ended.getDurationMillis()));
  }

  /** What was ordered in the millisecond of the last look is read twice. */
  private static void put(Measured measured, List<Measured> to) {
    if (!to.contains(measured)) {
      to.add(measured);
      to.sort(NEWEST_FIRST);
      to.subList(Math.min(LAST, to.size()), to.size()).clear();
    }
  }

  private static Optional<RestoreSpeed> median(List<Measured> last, boolean here) {
    List<Long> rates = last.stream().map(Measured::bytesPerSecond).sorted().toList();
    return rates.isEmpty()
        ? Optional.empty()
        : Optional.of(new RestoreSpeed(rates.get(rates.size() / 2), rates.size(), here));
  }
}
