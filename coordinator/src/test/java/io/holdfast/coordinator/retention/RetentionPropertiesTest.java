package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.SnapshotId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Claims over random histories. A failing seed prints the command that runs it alone. */
class RetentionPropertiesTest {
  private static final String SEED = "holdfast.retention.seed";
  private static final int SEEDS = 500;
  private static final int MOST = 40;
  private static final Situation SITUATION = Situations.at(RandomHistory.NOW);

  /** What a seed makes. */
  private record Case(
      Random random, RandomHistory source, RetentionRules rules, List<SnapshotFacts> history) {
    static Case of(long seed, int most) {
      Random random = new Random(seed);
      RandomHistory source = new RandomHistory(random);
      return new Case(random, source, source.rules(), source.snapshots(most));
    }
  }

  private interface Claim {
    void check(Case of);
  }

  @Test
  void theSameIsKeptAsByCountingAnew() {
    forSeeds(
        14,
        of -> {
          for (Situation situation : List.of(SITUATION, Situations.keylessAt(RandomHistory.NOW))) {
            CountingJudge judge = new CountingJudge(of.rules, situation, of.history);
            RetentionPlan plan = RetentionPlan.of(of.rules, situation, of.history::forEach);
            for (SnapshotFacts snapshot : of.history) {
              assertEquals(
                  judged(snapshot, judge.keeps(snapshot)),
                  plan.judge(snapshot).getClass(),
                  () -> snapshot + " by " + of.rules + ": " + plan.judge(snapshot));
            }
          }
        });
  }

  @Test
  void theOrderOfSnapshotsIsOfNoConsequence() {
    forSeeds(
        MOST,
        of -> {
          List<SnapshotFacts> shuffled = new ArrayList<>(of.history);
          Collections.shuffle(shuffled, of.random);
          RetentionPlan plan = plan(of.rules, of.history);
          RetentionPlan other = plan(of.rules, shuffled);
          assertEquals(plan.totals(), other.totals());
          assertEquals(plan.brakes(), other.brakes());
          of.history.forEach(snapshot -> assertEquals(plan.judge(snapshot), other.judge(snapshot)));
        });
  }

  @Test
  void planningAgainAfterExpiryExpiresNothingMore() {
    forSeeds(
        MOST,
        of -> {
          Set<SnapshotId> expired = expired(of.rules, of.history);
          List<SnapshotFacts> after =
              of.history.stream().map(x -> expired.contains(x.id()) ? deleted(x) : x).toList();
          List<SnapshotFacts> dropped =
              of.history.stream().filter(x -> !expired.contains(x.id())).toList();
          assertEquals(Set.of(), expired(of.rules, after));
          assertEquals(Set.of(), expired(of.rules, dropped));
          RetentionPlan again = plan(of.rules, after);
          after.stream()
              .filter(x -> expired.contains(x.id()))
              .forEach(x -> assertInstanceOf(Decision.Await.class, again.judge(x)));
        });
  }

  @Test
  void whatAHostFakesExpiresNothingThatIsGoodAndScheduled() {
    forSeeds(
        MOST,
        of -> {
          List<SnapshotFacts> flooded = new ArrayList<>(of.history);
          for (int i = 0; i < 60; i++) {
            flooded.add(of.source.fake());
          }
          Set<SnapshotId> expired = expired(of.rules, of.history);
          for (SnapshotId lost : expired(of.rules, flooded)) {
            assertTrue(
                expired.contains(lost) || !isGoodAndScheduled(of, flooded, lost),
                () -> lost + " is lost by fakes under " + of.rules);
          }
        });
  }

  /** More than that: what this site scheduled is judged as if there were nothing else. */
  @Test
  void whatIsScheduledHereIsJudgedAlone() {
    forSeeds(
        MOST,
        of -> {
          List<SnapshotFacts> alone =
              of.history.stream().filter(x -> x.rank() == Rank.SCHEDULED).toList();
          RetentionPlan among = plan(of.rules, of.history);
          RetentionPlan byItself = plan(of.rules, alone);
          alone.forEach(x -> assertEquals(outcome(byItself, x), outcome(among, x)));
        });
  }

  @Test
  void looserRulesNeverExpireMore() {
    forSeeds(
        MOST,
        of -> {
          RetentionRules looser = of.source.looser(of.rules);
          Set<SnapshotId> lost = expired(looser, of.history);
          lost.removeAll(expired(of.rules, of.history));
          assertEquals(Set.of(), lost);
          assertEquals(List.of(), RetentionChange.shortened(of.rules, looser));
        });
  }

  @Test
  void whatIsNotCalledShorterKeepsAtLeastAsMuch() {
    forSeeds(
        MOST,
        of -> {
          RetentionRules after = of.source.rules();
          Set<SnapshotId> lost = expired(after, of.history);
          lost.removeAll(expired(of.rules, of.history));
          assertTrue(
              lost.isEmpty() || !RetentionChange.shortened(of.rules, after).isEmpty(),
              () -> of.rules + " -> " + after + ": " + lost);
        });
  }

  /** The newest so many buckets that have a good one keep one each, for that rule. */
  @Test
  void everyBucketInReachKeepsExactlyOne() {
    forSeeds(
        MOST,
        of -> {
          List<SnapshotFacts> history = of.source.goodOnes(of.random.nextInt(MOST) + 1);
          history.removeIf(x -> x.time().isAfter(RandomHistory.NOW));
          BucketCalendar calendar = BucketCalendar.of(of.rules.zone());
          RetentionPlan plan = plan(of.rules, history);
          for (Period period : Period.values()) {
            Map<Long, Integer> kept = new HashMap<>();
            history.forEach(x ->
                kept.merge(
                    calendar.bucket(period, x.time()), stands(plan, period, x), Integer::sum));
            List<Long> newestFirst =
                kept.keySet().stream().sorted(Comparator.reverseOrder()).toList();
            for (int i = 0; i < newestFirst.size(); i++) {
              int expected = i < of.rules.count(period) ? 1 : 0;
              assertEquals(expected, kept.get(newestFirst.get(i)), period + " of " + of.rules);
            }
          }
        });
  }

  @Test
  void theNewestGoodOneIsAlwaysKept() {
    forSeeds(
        MOST,
        of -> {
          CountingJudge judge = new CountingJudge(of.rules, SITUATION, of.history);
          of.history.stream()
              .filter(judge::isGood)
              .max(Comparator.comparing(SnapshotFacts::committed).thenComparing(SnapshotFacts::id))
              .ifPresent(newest ->
                  assertInstanceOf(Decision.Keep.class, plan(of.rules, of.history).judge(newest)));
        });
  }

  /** A host's life: a round a day over months, each deleting what the one before found. */
  @Test
  void overMonthsNothingThatStandsIsEverLostButToReach() {
    forSeeds(
        0,
        of -> {
          List<SnapshotFacts> history = new ArrayList<>();
          RetentionRules rules = of.rules.keep(Period.DAILY, 5);
          for (int day = 0; day < 60; day++) {
            var midnight = RandomHistory.NOW.plus(Duration.ofDays(day));
            for (int run = 0; run < 3; run++) {
              var due = midnight.plus(Duration.ofHours(6L * run + of.random.nextInt(5)));
              history.add(Taken.scheduled(history.size() * 31L + day, due).facts());
            }
            var situation = Situations.at(midnight.plus(Duration.ofHours(23)));
            RetentionPlan plan = RetentionPlan.of(rules, situation, history::forEach);
            history.removeIf(x -> plan.judge(x) instanceof Decision.Expire);
            assertTrue(standing(rules, plan, history) >= Math.min(day + 1, 5), () -> "" + rules);
          }
        });
  }

  @Test
  void underABrakeNothingChanges() {
    forSeeds(
        MOST,
        of -> {
          Situation doubted = Situations.doubtedAt(RandomHistory.NOW);
          RetentionPlan plan = RetentionPlan.of(of.rules, doubted, of.history::forEach);
          for (SnapshotFacts x : of.history) {
            Decision decision = plan.decide(x);
            assertTrue(
                decision instanceof Decision.Keep || decision instanceof Decision.Await,
                () -> x + " -> " + decision);
          }
        });
  }

  private static int stands(RetentionPlan plan, Period period, SnapshotFacts snapshot) {
    return plan.judge(snapshot) instanceof Decision.Keep keep
            && keep.reasons().stream()
                .anyMatch(
                    reason -> reason instanceof Reason.Stands stands && stands.period() == period)
        ? 1
        : 0;
  }

  private static long standing(
      RetentionRules rules, RetentionPlan plan, List<SnapshotFacts> history) {
    BucketCalendar calendar = BucketCalendar.of(rules.zone());
    return history.stream()
        .filter(x -> stands(plan, Period.DAILY, x) == 1)
        .map(x -> calendar.bucket(Period.DAILY, x.time()))
        .distinct()
        .count();
  }

  private static boolean isGoodAndScheduled(Case of, List<SnapshotFacts> history, SnapshotId id) {
    CountingJudge judge = new CountingJudge(of.rules, SITUATION, history);
    return history.stream()
        .filter(x -> x.id().equals(id))
        .anyMatch(x -> judge.isGood(x) && x.nominal().isPresent());
  }

  private static SnapshotFacts deleted(SnapshotFacts snapshot) {
    return new Taken(snapshot)
        .with(snapshot.life().delete(RandomHistory.NOW, Duration.ofDays(7), Life.Cause.RETENTION))
        .facts();
  }

  private static Set<SnapshotId> expired(RetentionRules rules, List<SnapshotFacts> history) {
    RetentionPlan plan = plan(rules, history);
    Set<SnapshotId> expired = new HashSet<>();
    for (SnapshotFacts snapshot : history) {
      if (plan.judge(snapshot) instanceof Decision.Expire) {
        expired.add(snapshot.id());
      }
    }
    return expired;
  }

  private static String outcome(RetentionPlan plan, SnapshotFacts snapshot) {
    Decision decision = plan.judge(snapshot);
    return decision instanceof Decision.Keep ? "keep" : ExampleTable.outcome(decision);
  }

  /** The kind of decision that follows from whether the rules keep it. */
  private static Class<? extends Decision> judged(SnapshotFacts snapshot, boolean kept) {
    if (snapshot.life() instanceof Life.Deleted deleted) {
      if (kept && deleted.cause() == Life.Cause.RETENTION) {
        return Decision.Undelete.class;
      }
      boolean awaits = snapshot.isHeld() || deleted.undoUntil().isAfter(RandomHistory.NOW);
      return awaits ? Decision.Await.class : Decision.Drop.class;
    }
    return kept ? Decision.Keep.class : Decision.Expire.class;
  }

  private static RetentionPlan plan(RetentionRules rules, List<SnapshotFacts> history) {
    return RetentionPlan.of(rules, SITUATION, history::forEach);
  }

  private static void forSeeds(int most, Claim claim) {
    Long only = Long.getLong(SEED);
    LongStream seeds = only == null ? LongStream.range(0, SEEDS) : LongStream.of(only);
    seeds.forEach(seed -> {
      try {
        claim.check(Case.of(seed, most));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed "
                + seed
                + "; alone: mvn test -pl coordinator -am -Dtest=RetentionPropertiesTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + SEED
                + "="
                + seed,
            e);
      }
    });
  }
}
