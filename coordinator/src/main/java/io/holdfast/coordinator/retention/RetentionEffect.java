package io.holdfast.coordinator.retention;

import java.util.Optional;

/**
 * What a change of rules does to one history, by the rules alone: whatever brake may hold it up.
 * Effects of several histories add up.
 *
 * @param live snapshots
 * @param keptBefore of them by the rules so far
 * @param keptAfter of them by the new ones
 * @param lost kept before and not after
 * @param gained kept after and not before
 */
public record RetentionEffect(long live, long keptBefore, long keptAfter, long lost, long gained) {
  public static final RetentionEffect NONE = new RetentionEffect(0, 0, 0, 0, 0);

  /** From {@code before} to {@code after} on {@code history}; no rules keep everything. */
  public static RetentionEffect of(
      Optional<RetentionRules> before,
      Optional<RetentionRules> after,
      Situation situation,
      SnapshotHistory history) {
    Optional<RetentionPlan> old = before.map(rules -> RetentionPlan.of(rules, situation, history));
    Optional<RetentionPlan> fresh = after.map(rules -> RetentionPlan.of(rules, situation, history));
    Count count = new Count();
    history.forEach(snapshot -> {
      if (snapshot.life() instanceof Life.Live) {
        count.add(keeps(old, snapshot), keeps(fresh, snapshot));
      }
    });
    return count.effect;
  }

  public RetentionEffect plus(RetentionEffect other) {
    return new RetentionEffect(
        live + other.live,
        keptBefore + other.keptBefore,
        keptAfter + other.keptAfter,
        lost + other.lost,
        gained + other.gained);
  }

  public boolean keepsLess() {
    return lost > 0;
  }

  /** More than half of what is there would go: a decision that asks first. */
  public boolean isFall() {
    return live - keptAfter > keptAfter;
  }

  private static boolean keeps(Optional<RetentionPlan> plan, SnapshotFacts snapshot) {
    return plan.isEmpty() || plan.get().judge(snapshot) instanceof Decision.Keep;
  }

  private static final class Count {
    private RetentionEffect effect = NONE;

    void add(boolean before, boolean after) {
      effect =
          effect.plus(
              new RetentionEffect(
                  1,
                  before ? 1 : 0,
                  after ? 1 : 0,
                  before && !after ? 1 : 0,
                  after && !before ? 1 : 0));
    }
  }
}
