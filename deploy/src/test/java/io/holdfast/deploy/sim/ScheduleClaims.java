package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmChange;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.notify.Notice;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.Order;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of jobs, whoever ordered them, judged by what the journal durably says and by what
 * agents did. Each claim is named by what it says.
 */
final class ScheduleClaims {
  /** Records that may be written between the beginning of a round and what it orders, at most. */
  private static final int RECORDS_OF_A_ROUND = 16;

  /** A job that was ordered. */
  private static final class Ordered {
    private final JobOrdered order;
    private final long seq;
    private final String policy;
    private Optional<JobEnded> end = Optional.empty();
    private boolean committed;

    Ordered(JobOrdered order, long seq, String policy) {
      this.order = order;
      this.seq = seq;
      this.policy = policy;
    }

    private boolean isOpen() {
      return end.isEmpty() && !committed;
    }

    private ScheduledRun run() {
      return order.getScheduled();
    }

    @Override
    public String toString() {
      return JobId.of(order.getJob().toByteArray())
          + " of "
          + policy
          + " for "
          + run().getNominalSeconds()
          + ", attempt "
          + run().getAttempt()
          + ", at slot "
          + seq
          + (committed ? ", committed" : "")
          + end.map(each -> ", ended by " + each.getEnd() + (each.getAssumed() ? "?" : ""))
              .orElse("");
    }
  }

  private final Witness witness;
  private final Caps caps;
  private final Map<String, PolicySpec> policies;
  private final MutationSealer mutations;
  private final Map<ByteString, Ordered> jobs = new LinkedHashMap<>();
  private final Map<ByteString, Ordered> series = new HashMap<>();
  private final Set<ByteString> begunEver = new HashSet<>();
  private final Map<SimCoordinator, Integer> seenNotices = new HashMap<>();
  private final Map<SimCoordinator, Set<String>> noticeIds = new HashMap<>();
  private final Map<SimCoordinator, Set<Alarm.Key>> alarms = new HashMap<>();
  private int seenMutations;
  private long raised;

  /**
   * Judges by {@code witness}.
   *
   * @param policies as they are at present, by name
   */
  ScheduleClaims(Site site, Witness witness, Caps caps, Map<String, PolicySpec> policies) {
    this.witness = witness;
    this.caps = caps;
    this.policies = policies;
    this.mutations =
        new MutationSealer(SimFleet.REPOSITORY, SimFleet.RING.journalKey(), site.randomness());
  }

  /** What must hold after every event; the witness has read what there is. */
  void check(List<SimCoordinator> coordinators, List<SimAgent> agents) {
    List<Witness.Recorded> all = witness.recorded();
    for (Witness.Recorded recorded : all.subList(seenMutations, all.size())) {
      take(recorded);
    }
    seenMutations = all.size();
    for (SimAgent agent : agents) {
      agent.takeBegun().forEach(this::begun);
      Claims.claim(
          "aRunIsNotTriedAgainWhileItRuns", agent.doubled().isEmpty(), agent.doubled() + "");
    }
    coordinators.forEach(this::alarmsAlternate);
    coordinators.stream()
        .filter(SimCoordinator::isOrdering)
        .forEach(one ->
            Claims.claim(
                "noHostEverSawARecordThatIsLost (I1)",
                one.parts().dispatch.jobs.hostsThatSawLostRecords().isEmpty(),
                one.state()));
  }

  private void take(Witness.Recorded recorded) {
    Change change = recorded.change();
    switch (change.getChangeCase()) {
      case JOB_ORDERED -> ordered(change.getJobOrdered(), recorded);
      case JOB_ENDED -> ended(change.getJobEnded());
      case SNAPSHOT_COMMITTED -> committed(change.getSnapshotCommitted());
      default -> {}
    }
  }

  private void ordered(JobOrdered order, Witness.Recorded recorded) {
    Details details = mutations.open(recorded.mutation()).orElse(Details.getDefaultInstance());
    Ordered job = new Ordered(order, recorded.seq(), details.getJob().getPolicy());
    Claims.claim(
        "anAttemptIsOrderedOnce", !jobs.containsKey(order.getJob()), job + " was ordered before");
    if (order.hasScheduled()) {
      scheduled(job);
    }
    jobs.put(order.getJob(), job);
  }

  private void scheduled(Ordered job) {
    Ordered before = series.put(job.run().getSeries(), job);
    if (before != null) {
      Claims.claim("aSeriesHasOneLiveJob", !before.isOpen(), job + " beside " + before);
      long rise = job.run().getNominalSeconds() - before.run().getNominalSeconds();
      boolean first = rise > 0 && job.run().getAttempt() == 1;
      boolean next = rise == 0 && job.run().getAttempt() == before.run().getAttempt() + 1;
      Claims.claim("runsAndAttemptsOnlyRise", first || next, job + " after " + before);
      Claims.claim(
          "onlyWhatFailedIsTriedAgain",
          first || isToBeTriedAgain(before),
          job + " after " + before);
    }
    keepsToCaps(job);
    keepsToPriorities(job);
  }

  private static boolean isToBeTriedAgain(Ordered before) {
    return !before.committed
        && before
            .end
            .filter(end -> end.getEnd() == JobEnd.JOB_END_FAILED && !end.getCancelled())
            .isPresent();
  }

  /**
   * What operators begin waits for no place and takes one. What they began while a round was about
   * to order is not known to that round.
   */
  private void keepsToCaps(Ordered job) {
    List<Ordered> open =
        jobs.values().stream()
            .filter(Ordered::isOpen)
            .filter(one -> one.order.hasScheduled() || one.seq < job.seq - RECORDS_OF_A_ROUND)
            .toList();
    long host =
        open.stream().filter(one -> one.order.getHost().equals(job.order.getHost())).count();
    Claims.claim("capsAreKept", open.size() < caps.coordinator(), job + " beside " + open);
    Claims.claim("capsOfHostsAreKept", host < caps.host(), job + " beside " + open);
    if (isOfGroup(job)) {
      long group = open.stream().filter(this::isOfGroup).count();
      Claims.claim(
          "capsOfGroupsAreKept",
          group < caps.groups().get(PolicySpec.GROUP),
          job + " beside " + open);
    }
  }

  private boolean isOfGroup(Ordered job) {
    PolicySpec policy = policies.get(job.policy);
    return job.order.hasScheduled() && policy != null && policy.group().isPresent();
  }

  /** What is ordered in one record is in order. */
  private void keepsToPriorities(Ordered job) {
    for (Ordered other : jobs.values()) {
      if (other.seq == job.seq && other.order.hasScheduled()) {
        Claims.claim(
            "higherPrioritiesGoFirst", priority(other) >= priority(job), job + " behind " + other);
      }
    }
  }

  private int priority(Ordered job) {
    return policies.get(job.policy).priority();
  }

  private void ended(JobEnded end) {
    Ordered job = jobs.get(end.getJob());
    if (job != null && (job.end.isEmpty() || job.end.get().getAssumed())) {
      job.end = Optional.of(end);
    }
  }

  private void committed(SnapshotCommitted commit) {
    jobs.values().stream()
        .filter(job -> job.order.getHost().equals(commit.getHost()))
        .filter(job ->
            job.order.getRun().isEmpty()
                ? job.order.getJob().equals(commit.getRun())
                : job.order.getRun().equals(commit.getRun()))
        .forEach(job -> job.committed = true);
  }

  /** An agent began with an order. */
  private void begun(SimAgent.Begun begun) {
    Order order = begun.order();
    Authority authority = order.getAuthority();
    Ordered job = jobs.get(order.getJob());
    String what = JobId.of(order.getJob().toByteArray()) + " with authority " + authority;
    Claims.claim(
        "anOrderIsInTheJournalBeforeItIsSent (I4)",
        job != null
            && job.seq <= authority.getSeq()
            && job.order
                .getHost()
                .equals(ByteString.copyFrom(begun.host().member().id().toByteArray())),
        what + ": " + job);
    Claims.claim(
        "anOrderNamesARecordThatTheJournalHolds (I4)",
        witness
            .record(authority.getSeq())
            .filter(
                hash -> authority.getRecordHash().equals(ByteString.copyFrom(hash.toByteArray())))
            .isPresent(),
        what);
    Claims.claim(
        "anExpiredOrderIsNeverCarriedOut (I7)",
        begun.waitedNanos() <= SimDispatch.ORDER_VALIDITY.toNanos(),
        what + " waited for " + begun.waitedNanos() / 1_000_000 + " ms");
    Claims.claim("anOrderIsCarriedOutOnce", begunEver.add(order.getJob()), what);
  }

  /** Whoever follows all notices of a coordinator, each once, sees each alarm raised and over. */
  private void alarmsAlternate(SimCoordinator coordinator) {
    Set<String> ids = noticeIds.computeIfAbsent(coordinator, _ -> new HashSet<>());
    Set<Alarm.Key> up = alarms.computeIfAbsent(coordinator, _ -> new HashSet<>());
    List<Notice> told = coordinator.told();
    for (Notice notice : told.subList(seenNotices.getOrDefault(coordinator, 0), told.size())) {
      if (ids.add(notice.id())) {
        notice.changes().forEach(change -> alternate(change, up));
      }
    }
    seenNotices.put(coordinator, told.size());
  }

  private void alternate(AlarmChange change, Set<Alarm.Key> up) {
    Alarm.Key key = change.alarm().key();
    boolean fits =
        switch (change.event()) {
          case RAISED -> up.add(key);
          case CHANGED -> up.contains(key);
          case RESOLVED -> up.remove(key);
        };
    raised += change.event() == AlarmChange.Event.RAISED ? 1 : 0;
    Claims.claim("anAlarmIsToldOnceAChange", fits, change + "");
  }

  /** Alarms that whoever follows a coordinator's notices believes to be up. */
  Set<Alarm.Key> up(SimCoordinator coordinator) {
    return Set.copyOf(alarms.getOrDefault(coordinator, Set.of()));
  }

  /** In a quiet site. */
  void everyJobHasEnded() {
    List<Ordered> open = jobs.values().stream().filter(Ordered::isOpen).toList();
    Claims.claim("everyJobEnds", open.isEmpty(), open + "");
    List<String> inCatalog = new ArrayList<>();
    try (CatalogView view = witness.view()) {
      view.jobs().forEachOpen(job -> inCatalog.add(job.id().toString()));
    }
    Claims.claim("everyJobEnds", inCatalog.isEmpty(), inCatalog + "");
  }

  boolean hasOpenJobs() {
    return jobs.values().stream().anyMatch(Ordered::isOpen);
  }

  /** The journal's last word of a series, for people. */
  String last(SeriesId id) {
    return series.get(ByteString.copyFrom(id.toByteArray())) + "";
  }

  long ordered() {
    return jobs.size();
  }

  long committedRuns() {
    return jobs.values().stream().filter(job -> job.committed && job.order.hasScheduled()).count();
  }

  long restores() {
    return jobs.values().stream().filter(job -> !job.order.getSnapshot().isEmpty()).count();
  }

  long raisedAlarms() {
    return raised;
  }
}
