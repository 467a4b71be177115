package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.RetentionQueries;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.book.Coverage;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.retention.Brake;
import io.holdfast.coordinator.retention.Decision;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rounds over the fleet's snapshots: what no rule keeps is deleted, with an undo; what the rules
 * deleted and would keep now comes back; what is deleted for longer than its undo is forgotten. A
 * host's decision is one record, planned on one view that the record names, so that what happened
 * since undoes it. Any thread; one round at a time.
 */
public final class PruneRounds {
  private static final Logger LOG = LoggerFactory.getLogger(PruneRounds.class);

  /** Snapshots of one host that a round deletes; the next one goes on. */
  private static final int HOST_MAX = 16 * RetentionQueries.SNAPSHOTS_MAX;

  private static final int UNDELETED_MAX = RetentionQueries.SNAPSHOTS_MAX;

  /** What a round did, and why it left something that the rules let go. */
  public record Outcome(
      long hosts, long deleted, long undeleted, long dropped, List<String> brakes) {}

  /** A host of which something stays that the rules let go, and why. */
  public record Frozen(NamedHost host, List<Brake> brakes) {
    public Frozen {
      brakes = List.copyOf(brakes);
    }
  }

  /** What is to become of one snapshot. */
  public record Planned(
      StoredSnapshot snapshot, NamedHost host, List<String> rules, Decision decision) {}

  /** Policies, and the seq of a view at which they were in force or came later. */
  private record InForce(long seq, List<StoredPolicy> policies) {}

  private final PrunePorts ports;
  private final Holds holds;
  private final ClockKeeper clock;
  private final ReentrantLock inRound = new ReentrantLock();
  private volatile Optional<List<Frozen>> frozen = Optional.empty();

  public PruneRounds(PrunePorts ports, Holds holds, ClockKeeper clock) {
    this.ports = ports;
    this.holds = holds;
    this.clock = clock;
  }

  /**
   * The hosts of which the last round left something that the rules let go; empty before the first
   * one over all hosts.
   */
  public Optional<List<Frozen>> frozen() {
    return frozen;
  }

  /** Hands out what is to become of each snapshot, of one host or of all; changes nothing. */
  public void plan(Optional<NamedHost> host, Consumer<Planned> out) {
    InForce inForce = inForce();
    for (NamedHost each : host.map(List::of).orElseGet(() -> ports.hosts().all())) {
      plan(each, inForce.policies()).forEach(out);
    }
  }

  /** A host's at a time: no view is held while a reader is slow. */
  private List<Planned> plan(NamedHost host, List<StoredPolicy> policies) {
    List<Planned> planned = new ArrayList<>();
    try (CatalogView view = ports.fleet().views().get()) {
      plan(host, policies, clock.read(), view)
          .forEach((snapshot, covered, decision) ->
              planned.add(new Planned(snapshot, host, covered.names(), decision)));
    }
    return planned;
  }

  private HostPlan plan(
      NamedHost host, List<StoredPolicy> policies, ClockStanding standing, CatalogView view) {
    return HostPlan.of(host, policies, standing, view, new Facts(view, ports.health(), holds));
  }

  /** A round over every host. Errors of the journal end it; what was done until then stays. */
  public void all() throws InterruptedException {
    var _ = make(Optional.empty());
  }

  /** A round over one host, or all. Errors as {@link #all}. */
  public Outcome make(Optional<NamedHost> host) throws InterruptedException {
    inRound.lockInterruptibly();
    try {
      Round round = new Round(inForce());
      for (NamedHost each : host.map(List::of).orElseGet(() -> ports.hosts().all())) {
        round.over(each);
      }
      frozen = host.map(each -> with(each, round.frozen)).orElse(Optional.of(round.frozen));
      return round.outcome();
    } finally {
      inRound.unlock();
    }
  }

  /** What is known, with what a round over one host found. */
  private Optional<List<Frozen>> with(NamedHost host, List<Frozen> found) {
    return frozen.map(known ->
        Stream.concat(
                known.stream().filter(each -> !each.host().id().equals(host.id())), found.stream())
            .toList());
  }

  /** By what snapshots of {@code host} are held, be it a hold or a policy's: names, each once. */
  public List<String> holdsOn(NamedHost host) {
    Set<String> names = new TreeSet<>();
    try (CatalogView view = ports.fleet().views().get()) {
      Facts facts = new Facts(view, ports.health(), holds);
      HostPlan.of(host, inForce().policies(), clock.read(), view, facts)
          .forEach((snapshot, covered, decision) -> {
            names.addAll(covered.holds());
            names.addAll(holds.namesOn(snapshot.id(), view));
          });
    }
    return List.copyOf(names);
  }

  private InForce inForce() {
    long seq;
    try (CatalogView view = ports.fleet().views().get()) {
      seq = view.appliedSeq();
    }
    return new InForce(seq, ports.policies().all());
  }

  /** What is to be journalled of one host. */
  private static final class Todo {
    final List<SnapshotId> deleted = new ArrayList<>();
    final List<SnapshotId> undeleted = new ArrayList<>();
    final List<SnapshotId> dropped = new ArrayList<>();
    final List<SnapshotId> logs = new ArrayList<>();
    long scheduled;
    boolean isBraked;

    void add(StoredSnapshot stored, Coverage.Covered covered, Decision decision) {
      SnapshotId snapshot = stored.id();
      switch (decision) {
        case Decision.Expire _ when covered.bases().isPresent() -> add(logs, snapshot, HOST_MAX);
        case Decision.Expire _ -> {
          scheduled += stored.committed().hasScheduled() && deleted.size() < HOST_MAX ? 1 : 0;
          add(deleted, snapshot, HOST_MAX);
        }
        case Decision.Undelete _ -> add(undeleted, snapshot, UNDELETED_MAX);
        case Decision.Drop _ -> add(dropped, snapshot, HOST_MAX);
        case Decision.Keep keep -> isBraked |= HostPlan.isFrozen(keep);
        case Decision.Await _ -> {
          // Nothing to do until its undo is over.
        }
      }
    }

    private static void add(List<SnapshotId> to, SnapshotId snapshot, int most) {
      if (to.size() < most) {
        to.add(snapshot);
      }
    }

    /**
     * Logs of databases go along as long as no more than half of the host's snapshots go at once,
     * for which nobody should have to be asked: later rounds thin what is left.
     */
    void addLogs(HostId host, RetentionQueries retention) {
      long others = deleted.size() - scheduled;
      int most = Math.min(logs.size(), HOST_MAX - deleted.size());
      while (most > 0 && retention.fall(host, scheduled, others + most) > 0) {
        most /= 2;
      }
      deleted.addAll(logs.subList(0, most));
    }

    List<Mutation> mutations(HostId host, long viewSeq, ByteString approval, PrunePorts ports) {
      List<Mutation> mutations = new ArrayList<>();
      undeleted.forEach(snapshot -> mutations.add(PruneRecords.undeleted(snapshot)));
      mutations.addAll(PruneRecords.dropped(host, viewSeq, dropped));
      PruneRecords.Decided decided =
          new PruneRecords.Decided(
              host,
              DeletionCause.DELETION_CAUSE_RETENTION,
              viewSeq,
              deleted.isEmpty() ? ByteString.EMPTY : approval);
      mutations.addAll(PruneRecords.deleted(decided, deleted, ports.undo()));
      return mutations;
    }
  }

  /** One round. */
  private final class Round {
    private final List<Frozen> frozen = new ArrayList<>();
    private InForce inForce;
    private long hosts;
    private long deleted;
    private long undeleted;
    private long dropped;

    Round(InForce inForce) {
      this.inForce = inForce;
    }

    void over(NamedHost host) throws InterruptedException {
      hosts++;
      Todo todo = new Todo();
      List<Mutation> mutations = look(host, todo);
      if (mutations.isEmpty()) {
        return;
      }
      ports.fleet().append(mutations.toArray(Mutation[]::new));
      count(host, todo);
    }

    private List<Mutation> look(NamedHost listed, Todo todo) {
      try (CatalogView view = ports.fleet().views().get()) {
        // As it is sorted by now: after the view, so that a later move undoes what is decided.
        NamedHost host = ports.hosts().get(listed.id());
        if (view.retention().policiesChangedSeq() > inForce.seq()) {
          inForce = inForce(); // if newer than the view, the record will have no effect
        }
        HostPlan plan = plan(host, inForce.policies(), clock.read(), view);
        plan.forEach(todo::add);
        todo.addLogs(host.id(), view.retention());
        if (todo.isBraked) {
          frozen.add(new Frozen(host, plan.brakes()));
        }
        return todo.mutations(host.id(), view.appliedSeq(), plan.approval(), ports);
      }
    }

    private static String line(NamedHost host, String words) {
      return "nothing of host " + host.name() + " expires: " + words;
    }

    /** What came of it: something may have come between. */
    private void count(NamedHost host, Todo todo) {
      long gone = 0;
      long back = 0;
      long forgotten = 0;
      try (CatalogView view = ports.fleet().views().get()) {
        for (SnapshotId id : todo.deleted) {
          gone += view.snapshots().findKept(id).filter(KeptSnapshot::isLive).isEmpty() ? 1 : 0;
        }
        for (SnapshotId id : todo.undeleted) {
          back += view.snapshots().find(id).isPresent() ? 1 : 0;
        }
        for (SnapshotId id : todo.dropped) {
          if (view.snapshots().isDropped(id)) {
            forgotten++;
            ports.health().forget(id);
          }
        }
      }
      LOG.info(
          "retention of host {}: {} snapshots deleted, {} undeleted, {} forgotten",
          host,
          gone,
          back,
          forgotten);
      deleted += gone;
      undeleted += back;
      dropped += forgotten;
    }

    Outcome outcome() {
      List<String> braked = new ArrayList<>();
      for (Frozen each : frozen) {
        each.brakes().forEach(brake -> braked.add(line(each.host(), brake.words())));
      }
      return new Outcome(hosts, deleted, undeleted, dropped, braked);
    }
  }
}
