package io.holdfast.coordinator.retention;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the rules keep of one history: a function from its snapshots to decisions, whose size does
 * not depend on how many there are. Immutable: any thread.
 *
 * <ul>
 *   <li>I1: the newest good snapshot of each rank is kept.
 *   <li>I2: of every bucket in reach that has a good snapshot exactly one is kept for that rule.
 *   <li>I3: what doesn't count changes no decision about what does.
 *   <li>I4: no decision depends on snapshots of a higher rank.
 *   <li>I5: planned again after what expired is deleted, nothing more expires.
 *   <li>I6: while a brake is on nothing changes.
 *   <li>I7: what the rules deleted isn't dropped where nothing stands in its place.
 * </ul>
 */
public final class RetentionPlan {
  private final Standard standard;
  private final Survey survey;
  private final RetentionTotals totals;
  private final List<Brake> brakes;

  private RetentionPlan(
      Standard standard, Survey survey, RetentionTotals totals, List<Brake> brakes) {
    this.standard = standard;
    this.survey = survey;
    this.totals = totals;
    this.brakes = List.copyOf(brakes);
  }

  /** Reads {@code history} twice. */
  public static RetentionPlan of(
      RetentionRules rules, Situation situation, SnapshotHistory history) {
    Standard standard = new Standard(rules, situation);
    Survey survey = new Survey(standard);
    history.forEach(survey::add);
    RetentionPlan unbraked = new RetentionPlan(standard, survey, RetentionTotals.NONE, List.of());
    RetentionTotals totals = unbraked.count(history);
    List<Brake> brakes = new ArrayList<>();
    situation.clock().doubt().map(Brake.ClockDoubted::new).ifPresent(brakes::add);
    survey.flood().ifPresent(brakes::add);
    brakes.addAll(totals.falls(situation.approval()));
    return new RetentionPlan(standard, survey, totals, brakes);
  }

  /** This plan under further brakes: those of the host, or of the site. */
  public RetentionPlan under(List<Brake> more) {
    List<Brake> all = new ArrayList<>(brakes);
    more.stream().filter(brake -> !all.contains(brake)).forEach(all::add);
    return new RetentionPlan(standard, survey, totals, all);
  }

  /** What would become of all of them by the rules alone. */
  public RetentionTotals totals() {
    return totals;
  }

  /** Why nothing expires; empty if something may. */
  public List<Brake> brakes() {
    return brakes;
  }

  /** Whether a snapshot counts by the standard of this plan, or would if it weren't deleted. */
  public boolean isGood(SnapshotFacts snapshot) {
    return standard.flawOf(snapshot.undeleted()).isEmpty();
  }

  /** What may be done about a snapshot of the history now. */
  public Decision decide(SnapshotFacts snapshot) {
    return braked(brakes, judge(snapshot), snapshot);
  }

  /** What is left of a judgement while {@code brakes} are on. */
  public static Decision braked(List<Brake> brakes, Decision judged, SnapshotFacts snapshot) {
    if (brakes.isEmpty()) {
      return judged;
    }
    return switch (judged) {
      case Decision.Keep keep -> keep;
      case Decision.Expire _ -> new Decision.Keep(List.of(new Reason.Frozen(brakes)));
      case Decision.Await await -> await;
      case Decision.Undelete _, Decision.Drop _ -> whileBraked(snapshot);
    };
  }

  /** What the rules say about a snapshot of the history, whatever brake is on: for previews. */
  public Decision judge(SnapshotFacts snapshot) {
    return switch (snapshot.life()) {
      case Life.Live _ -> judgeLive(snapshot);
      case Life.Deleted deleted -> judgeDeleted(snapshot, deleted);
    };
  }

  private Decision judgeLive(SnapshotFacts snapshot) {
    List<Reason> reasons = new ArrayList<>();
    if (!snapshot.isErased()) {
      addRules(snapshot, reasons);
      addFloor(snapshot, reasons);
    }
    if (snapshot.isHeld()) {
      reasons.add(new Reason.Held(snapshot.holds()));
    }
    return reasons.isEmpty() ? new Decision.Expire() : new Decision.Keep(reasons);
  }

  /** Where nothing stands any more, what the rules deleted is better than nothing. */
  private Decision judgeDeleted(SnapshotFacts snapshot, Life.Deleted deleted) {
    if (deleted.cause() == Life.Cause.RETENTION && !snapshot.isErased()) {
      List<Reason> reasons = new ArrayList<>();
      addRules(snapshot, reasons);
      addFloor(snapshot, reasons);
      if (!reasons.isEmpty()) {
        return new Decision.Undelete(reasons);
      }
    }
    boolean over = !deleted.undoUntil().isAfter(standard.situation().now());
    return over && !snapshot.isHeld()
        ? new Decision.Drop()
        : new Decision.Await(deleted.undoUntil());
  }

  private void addRules(SnapshotFacts snapshot, List<Reason> reasons) {
    Optional<Flaw> flaw = standard.flawOf(snapshot);
    if (flaw.isEmpty()) {
      survey.whereItStands(snapshot, reasons);
      addNewest(snapshot, reasons);
    } else if (flaw.get() == Flaw.DATED_AHEAD) {
      reasons.add(new Reason.DatedAhead(snapshot.time()));
    } else if (snapshot.origin() instanceof Origin.Imported origin && origin.late()) {
      survey.sinceItArrived(snapshot, origin, reasons);
    } else {
      survey.whereNothingStands(snapshot, flaw.get(), reasons);
    }
  }

  private void addNewest(SnapshotFacts snapshot, List<Reason> reasons) {
    Optional<Keeper> keeper = Optional.of(Keeper.of(snapshot));
    for (Rank rank : Rank.values()) {
      if (survey.newestGood(rank).equals(keeper)) {
        reasons.add(new Reason.NewestGood(rank));
        return;
      }
    }
  }

  /**
   * Ages are counted back from the newest good snapshot and not from now: what a host that stays
   * away had last isn't thinned because time passes, and a clock that runs ahead makes nothing old.
   */
  private void addFloor(SnapshotFacts snapshot, List<Reason> reasons) {
    Optional<Keeper> newest = survey.newestGood(snapshot.rank());
    if (newest.isEmpty()) {
      reasons.add(new Reason.NoneGood(snapshot.rank()));
      return;
    }
    Instant anchor = SnapshotFacts.earlier(newest.get().committed(), standard.situation().now());
    if (!snapshot.bornAt().isBefore(anchor.minus(standard.rules().within()))) {
      reasons.add(new Reason.Within(standard.rules().within()));
    }
  }

  private static Decision whileBraked(SnapshotFacts snapshot) {
    return new Decision.Await(((Life.Deleted) snapshot.life()).undoUntil());
  }

  private RetentionTotals count(SnapshotHistory history) {
    Map<Rank, Long> live = new EnumMap<>(Rank.class);
    Map<Rank, Long> expiring = new EnumMap<>(Rank.class);
    long[] deleted = new long[3];
    history.forEach(snapshot -> {
      switch (judge(snapshot)) {
        case Decision.Keep _ -> live.merge(snapshot.rank(), 1L, Long::sum);
        case Decision.Expire _ -> {
          live.merge(snapshot.rank(), 1L, Long::sum);
          expiring.merge(snapshot.rank(), 1L, Long::sum);
        }
        case Decision.Await _ -> deleted[0]++;
        case Decision.Drop _ -> deleted[1]++;
        case Decision.Undelete _ -> deleted[2]++;
      }
    });
    return new RetentionTotals(live, expiring, deleted[0], deleted[1], deleted[2]);
  }
}
