package io.holdfast.coordinator.prune;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KeptSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.book.Coverage;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.retention.Approval;
import io.holdfast.coordinator.retention.Brake;
import io.holdfast.coordinator.retention.Decision;
import io.holdfast.coordinator.retention.Life;
import io.holdfast.coordinator.retention.Period;
import io.holdfast.coordinator.retention.Rank;
import io.holdfast.coordinator.retention.Reason;
import io.holdfast.coordinator.retention.RetentionPlan;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.retention.RetentionTotals;
import io.holdfast.coordinator.retention.Situation;
import io.holdfast.coordinator.retention.SnapshotFacts;
import io.holdfast.coordinator.retention.SnapshotHistory;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to become of the snapshots of one host: each of its source sets by the rules of the data
 * classes that it is in, and all of them under the brakes of any. For one thread, and no longer
 * than the view it was made by.
 */
final class HostPlan {
  /** Sees one snapshot, whose rules it was judged by, and what they say. */
  interface Visitor {
    void see(StoredSnapshot snapshot, Coverage.Covered covered, Decision decision);
  }

  /**
   * No plans where nothing expires.
   *
   * @param needs of base backups, where it is the log of a database
   */
  private record SetPlan(
      Bytes32 sourceSet,
      Coverage.Covered covered,
      List<RetentionPlan> plans,
      Optional<LogNeeds> needs) {
    Decision judge(SnapshotFacts facts, Situation situation) {
      if (facts.health() == SnapshotHealth.State.ERASED) {
        return erased(facts, situation);
      }
      if (plans.isEmpty()) {
        return unlimited(facts, situation);
      }
      Decision decision = combined(plans.stream().map(plan -> plan.judge(facts)).toList());
      boolean isNeeded = needs.filter(log -> log.has(facts.id())).isPresent();
      return isNeeded ? needed(decision, facts) : decision;
    }
  }

  private static Decision needed(Decision decision, SnapshotFacts facts) {
    List<Reason> reasons = List.of(new Reason.LogOfBase());
    boolean isByRules =
        facts.life() instanceof Life.Deleted deleted && deleted.cause() == Life.Cause.RETENTION;
    return switch (decision) {
      case Decision.Keep _, Decision.Undelete _ -> decision;
      case Decision.Expire _ -> new Decision.Keep(reasons);
      case Decision.Await _, Decision.Drop _ ->
          isByRules ? new Decision.Undelete(reasons) : decision;
    };
  }

  private final HostId host;
  private final CatalogView view;
  private final Facts facts;
  private final Situation situation;
  private final ByteString approval;
  private final List<Brake> brakes;
  private final List<SetPlan> sets;

  private HostPlan(
      HostId host,
      CatalogView view,
      Facts facts,
      Situation situation,
      ByteString approval,
      List<Brake> brakes,
      List<SetPlan> sets) {
    this.host = host;
    this.view = view;
    this.facts = facts;
    this.situation = situation;
    this.approval = approval;
    this.brakes = List.copyOf(brakes);
    this.sets = List.copyOf(sets);
  }

  /** Reads all of the host's snapshots in {@code view} three times. */
  static HostPlan of(
      NamedHost host,
      List<StoredPolicy> policies,
      ClockStanding clock,
      CatalogView view,
      Facts facts) {
    RetentionApprovals.InForce approved = RetentionApprovals.inForce(host.id(), view, clock.now());
    boolean keyed = view.repository().mode() == RepositoryMode.REPOSITORY_MODE_SHARED;
    Situation situation = new Situation(clock, keyed, approved.amounts());
    Coverage coverage = Coverage.of(host, policies);
    List<SetPlan> sets = new ArrayList<>();
    boolean isErased = view.fleet().isErased(host.id());
    Sum sum = new Sum(clock);
    for (Bytes32 sourceSet : view.snapshots().sourceSets(host.id())) {
      Coverage.Covered covered = coverage.of(host.id(), sourceSet, view);
      SnapshotHistory history = history(host.id(), sourceSet, covered, view, facts);
      List<RetentionPlan> plans = isErased ? List.of() : plans(covered, situation, history);
      Optional<LogNeeds> needs =
          covered
              .bases()
              .filter(bases -> !isErased)
              .map(bases ->
                  LogNeeds.of(
                      host.id(), bases, sourceSet, view, kept -> isGood(kept, plans, facts)));
      SetPlan set = new SetPlan(sourceSet, covered, plans, needs);
      if (!isErased) { // what nobody can open may go all at once
        sum.add(set, situation, history);
      }
      sets.add(set);
    }
    return new HostPlan(
        host.id(),
        view,
        facts,
        situation,
        sum.isApprovalNeeded() ? approved.id() : ByteString.EMPTY,
        sum.brakes(situation.approval()),
        sets);
  }

  private static List<RetentionPlan> plans(
      Coverage.Covered covered, Situation situation, SnapshotHistory history) {
    return covered.isUnlimited()
        ? List.of()
        : covered.rules().stream()
            .map(rules -> RetentionPlan.of(forSet(rules, covered), situation, history))
            .toList();
  }

  /**
   * A log is stored every few minutes, so that the newest few of it are of today: what a policy
   * says of the newest it says of base backups. So a log competes in buckets of time alone, and
   * however many of it a host makes up, none of the others gives way.
   */
  private static RetentionRules forSet(RetentionRules rules, Coverage.Covered covered) {
    return covered.bases().isPresent() ? rules.keep(Period.LAST, 0) : rules;
  }

  private static boolean isGood(KeptSnapshot kept, List<RetentionPlan> plans, Facts facts) {
    SnapshotFacts known = facts.of(kept, List.of());
    return plans.stream().allMatch(plan -> plan.isGood(known));
  }

  private static SnapshotHistory history(
      HostId host, Bytes32 sourceSet, Coverage.Covered covered, CatalogView view, Facts facts) {
    return visitor ->
        view.snapshots()
            .forEachOfSourceSet(
                host, sourceSet, kept -> visitor.accept(facts.of(kept, covered.holds())));
  }

  /** What the source sets come to together. */
  private static final class Sum {
    private final Set<Brake> found = new LinkedHashSet<>();
    private RetentionTotals totals = RetentionTotals.NONE;
    private boolean isFallOfASet;

    Sum(ClockStanding clock) {
      clock.doubt().map(Brake.ClockDoubted::new).ifPresent(found::add);
    }

    /**
     * Of a log neither is news: it is stored all day long, and thinned as soon as it may be. It is
     * left out of what counts for others, too, of whom it would make falls look small.
     */
    void add(SetPlan set, Situation situation, SnapshotHistory history) {
      if (set.needs().isPresent()) {
        return;
      }
      RetentionTotals own =
          set.plans().size() == 1
              ? set.plans().getFirst().totals()
              : count(set, situation, history);
      set.plans().stream()
          .flatMap(plan -> plan.brakes().stream())
          .filter(brake -> !(brake instanceof Brake.Fall)) // of rules that others make up for
          .forEach(found::add);
      found.addAll(own.falls(situation.approval()));
      isFallOfASet |= !own.falls(Approval.NONE).isEmpty();
      totals = totals.plus(own);
    }

    private static RetentionTotals count(
        SetPlan set, Situation situation, SnapshotHistory history) {
      Map<Rank, Long> live = new EnumMap<>(Rank.class);
      Map<Rank, Long> expiring = new EnumMap<>(Rank.class);
      history.forEach(snapshot -> {
        if (snapshot.life() instanceof Life.Live) {
          live.merge(snapshot.rank(), 1L, Long::sum);
          if (set.judge(snapshot, situation) instanceof Decision.Expire) {
            expiring.merge(snapshot.rank(), 1L, Long::sum);
          }
        }
      });
      return new RetentionTotals(live, expiring, 0, 0, 0);
    }

    boolean isApprovalNeeded() {
      return isFallOfASet || !totals.falls(Approval.NONE).isEmpty();
    }

    List<Brake> brakes(Approval approval) {
      found.addAll(totals.falls(approval));
      return List.copyOf(found);
    }
  }

  /** Nobody can open it, so no rule keeps it. */
  private static Decision erased(SnapshotFacts facts, Situation situation) {
    return switch (facts.life()) {
      case Life.Live _ ->
          facts.isHeld()
              ? new Decision.Keep(List.of(new Reason.Held(facts.holds())))
              : new Decision.Expire();
      case Life.Deleted deleted ->
          facts.isHeld() || deleted.undoUntil().isAfter(situation.clock().now())
              ? new Decision.Await(deleted.undoUntil())
              : new Decision.Drop();
    };
  }

  private static Decision unlimited(SnapshotFacts facts, Situation situation) {
    List<Reason> reasons = new ArrayList<>(List.of(new Reason.NoRules()));
    if (facts.isHeld()) {
      reasons.add(new Reason.Held(facts.holds()));
    }
    return switch (facts.life()) {
      case Life.Live _ -> new Decision.Keep(reasons);
      case Life.Deleted deleted when deleted.cause() == Life.Cause.RETENTION ->
          new Decision.Undelete(reasons);
      case Life.Deleted deleted
          when facts.isHeld() || deleted.undoUntil().isAfter(situation.clock().now()) ->
          new Decision.Await(deleted.undoUntil());
      case Life.Deleted _ -> new Decision.Drop();
    };
  }

  /** What any rules keep is kept, and what any would keep comes back. */
  private static Decision combined(List<Decision> decisions) {
    Set<Reason> keep = new LinkedHashSet<>();
    Set<Reason> back = new LinkedHashSet<>();
    for (Decision decision : decisions) {
      if (decision instanceof Decision.Keep kept) {
        keep.addAll(kept.reasons());
      } else if (decision instanceof Decision.Undelete undelete) {
        back.addAll(undelete.reasons());
      }
    }
    if (!keep.isEmpty()) {
      return new Decision.Keep(List.copyOf(keep));
    }
    if (!back.isEmpty()) {
      return new Decision.Undelete(List.copyOf(back));
    }
    return decisions.stream()
        .filter(Decision.Await.class::isInstance)
        .findFirst()
        .orElse(decisions.getFirst());
  }

  /** Whether the rules would let it go, were it not for a brake. */
  static boolean isFrozen(Decision.Keep keep) {
    return keep.reasons().stream().anyMatch(Reason.Frozen.class::isInstance);
  }

  /** Why nothing expires and nothing is dropped; empty if something may. */
  List<Brake> brakes() {
    return brakes;
  }

  /** Id of the approval that this relies on; empty if on none. */
  ByteString approval() {
    return approval;
  }

  /** Hands every snapshot that isn't dropped to {@code visitor}, with what is to become of it. */
  void forEach(Visitor visitor) {
    for (SetPlan set : sets) {
      view.snapshots()
          .forEachOfSourceSet(
              host,
              set.sourceSet(),
              kept ->
                  visitor.see(
                      kept.stored(),
                      set.covered(),
                      decide(set, facts.of(kept, set.covered().holds()))));
    }
  }

  private Decision decide(SetPlan set, SnapshotFacts snapshot) {
    return RetentionPlan.braked(brakes, set.judge(snapshot, situation), snapshot);
  }
}
