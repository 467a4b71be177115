package io.holdfast.coordinator.sweep.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.sweep.model.Invariants.Broken;
import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import io.holdfast.coordinator.sweep.model.Search.Result;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each rule is for. With it switched off, the shortest way to what is lost is found and told;
 * with it on, {@link WorldTest} walks the same world to its end and finds none.
 */
class RuleTest {
  private static final int STATES_MAX = 2_000_000;

  /**
   * Where a rule is missed, and how.
   *
   * @param behind the rules that stand behind it and are off, too
   */
  private record Miss(World world, Broken broken, Set<Rule> behind) {
    Miss(World world, Broken broken) {
      this(world, broken, Set.of());
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SILENT_SESSION_IS_REFUSED")
  void isMissed(Rule rule) {
    Miss miss = missOf(rule);
    Scenario scenario =
        miss.world().scenario().without(rule).without(miss.behind().toArray(Rule[]::new));
    Result result = new Search(scenario, Set.of(miss.broken()), STATES_MAX).run();
    System.out.println("Without " + rule + ", in " + miss.world() + ":\n" + result.told());
    assertTrue(
        result.breach().isPresent(),
        "without " + rule + " nothing is " + miss.broken() + " in " + miss.world());
  }

  /**
   * A commit walks what no check covers, whoever asks: one whose session was closed finds out, as
   * any other, what has gone meanwhile. The rule bounds sessions; no snapshot rests on it.
   */
  @Test
  void silentSessionsMayCommitAndNothingIsLost() {
    assertNothingBroken(
        World.SILENCE.scenario().without(Rule.SILENT_SESSION_IS_REFUSED),
        EnumSet.allOf(Broken.class));
  }

  /** What candidates, surplus and marks owe to open sessions spares them work, and no snapshot. */
  @Test
  void rulesOfOpenSessionsKeepBackupsFromStoppingAndNothingElse() {
    Set<Broken> others = EnumSet.complementOf(EnumSet.of(Broken.STOPPED));
    assertNothingBroken(
        World.SILENCE
            .scenario()
            .without(
                Rule.MARK_FOLLOWS_BASES,
                Rule.CANDIDATES_OWNERS_ARE_IDLE,
                Rule.SILENT_SESSION_IS_REFUSED),
        others);
    assertNothingBroken(
        World.SURPLUS_UNDER_SESSIONS
            .scenario()
            .without(Rule.CANDIDATES_OWNERS_ARE_IDLE, Rule.SURPLUS_OWNERS_ARE_IDLE),
        others);
  }

  /** What nothing heals, nothing has to wait for. */
  @Test
  void sweepsGoOnBesideALossForGood() {
    Scenario forGood =
        World.LOSS.scenario().with(Budget.HEALS, 0).without(Rule.LOST_PAGE_STOPS_THE_CONDEMN);
    assertNothingBroken(forGood, EnumSet.allOf(Broken.class));
  }

  /** A mark's mistake dangles; it takes a second one to lose bytes. */
  @Test
  void recomputedReferencesSaveWhatAWrongMarkCondemned() {
    Scenario wrong = World.DELETE_BESIDE_BACKUPS.scenario().without(Rule.MARK_WALKS_LATE_ROOTS);
    assertTrue(new Search(wrong, Set.of(Broken.DANGLING), STATES_MAX).run().breach().isPresent());
    assertNothingBroken(wrong, Set.of(Broken.LOST));
    Scenario twice = wrong.without(Rule.DELETE_RECOMPUTES_REFERENCES);
    assertTrue(new Search(twice, Set.of(Broken.LOST), STATES_MAX).run().breach().isPresent());
  }

  /** Where references are recomputed for them, pins and checkpoints are guarded twice. */
  @Test
  void recomputedReferencesGuardPinsAndCheckpointsWithoutTheAgeOfTheCondemn() {
    assertNothingBroken(
        World.DELETE
            .scenario()
            .without(
                Rule.DELETE_AFTER_TWO_CHECKPOINTS,
                Rule.DELETE_IS_YOUNGER_THAN_NO_PIN,
                Rule.PIN_KEEPS_ITS_OPENING_SEQ,
                Rule.SWAP_IS_A_CONDEMN_OF_WHAT_IT_MOVES),
        EnumSet.allOf(Broken.class));
  }

  private static void assertNothingBroken(Scenario scenario, Set<Broken> sought) {
    Result result = new Search(scenario, sought, STATES_MAX).run();
    assertTrue(result.breach().isEmpty(), result::told);
  }

  private static Miss missOf(Rule rule) {
    return switch (rule) {
      case REFERENCES_ARE_CHECKED -> new Miss(World.LAGGING, Broken.DANGLING);
      case REFERENCES_COUNT_FOR_THE_HOST, CHECK_BELONGS_TO_ITS_HOST ->
          new Miss(World.CHECKS, Broken.FOREIGN);
      case CHECK_COVERS_CHILD_PAGES, TRUST_COVERS_CHILD_PAGES ->
          new Miss(World.CHILD_PAGES, Broken.FOREIGN);
      case CHECK_CARRIES_THE_SEQ_IT_BEGAN_AT,
          CHECK_DIES_WITH_A_LOSS,
          COMMIT_WALKS_THE_UNCHECKED,
          LOSS_HOLDS_THE_COMMIT_PATH ->
          new Miss(World.CHECKS, Broken.LOST);
      case CHECK_DIES_WITH_A_CONDEMN,
          TRUST_IS_THE_NEWEST_MARKS,
          MARK_WALKS_LATE_ROOTS,
          MARK_STOPS_ONLY_AT_WHAT_IT_WALKED,
          MARK_TAKES_ALL_LOCATIONS,
          CONDEMN_IS_ALONE,
          NO_COMMIT_SINCE_MARKED_THROUGH,
          CONDEMN_HOLDS_THE_COMMIT_PATH,
          CONDEMNED_IS_FOR_EVER_ABSENT ->
          new Miss(World.SWEEPS_BESIDE_BACKUPS, Broken.DANGLING);
      case CANDIDATES_OWNERS_ARE_IDLE -> new Miss(World.SWEEPS_BESIDE_BACKUPS, Broken.STOPPED);
      case TRUST_NEEDS_COUNTING_REFERENCES -> new Miss(World.SWEEPS_BESIDE_BACKUPS, Broken.FOREIGN);
      case NO_TRUST_ACROSS_A_LOSS, LOSS_EMPTIES_TRUST -> new Miss(World.LOSS, Broken.LOST);
      case MARK_FOLLOWS_DAMAGED_SNAPSHOTS, MARK_TAKES_LOST_LOCATIONS, LOST_PAGE_STOPS_THE_CONDEMN ->
          new Miss(World.LOSS, Broken.DANGLING);
      case FAILED_PROOF_CONDEMNS,
          FAILED_PROOF_UNTRUSTS_ITS_UPLOADER,
          FAILED_PROOF_UNTRUSTS_ALL_IT_COUNTED_FOR ->
          new Miss(World.GARBAGE_DATA, Broken.LOST);
      case FOREIGN_FAILURES_CONDEMN_NOTHING -> new Miss(World.GARBAGE_DATA, Broken.DANGLING);
      case MARK_STARTS_AT_THE_HEAD -> new Miss(World.LAGGING, Broken.DANGLING);
      case MARK_FOLLOWS_BASES, SILENT_SESSION_IS_REFUSED -> new Miss(World.SILENCE, Broken.STOPPED);
      case MARK_FOLLOWS_SOFT_DELETED, MARK_ABORTS_ON_THE_UNREADABLE ->
          new Miss(World.UNDO, Broken.DANGLING);
      case MARK_READS_LISTS_ADDED_SINCE, MARK_UNITES_CLEAR_LISTS ->
          new Miss(World.FORGERY, Broken.DANGLING);
      case MARK_PASSES_WHAT_IS_NOWHERE -> new Miss(World.GHOSTS, Broken.BLOCKED);
      case RESUMED_MARK_TAKES_UP_WHAT_CAME_SINCE, RESUMED_MARK_IS_OF_ONE_MOMENT ->
          new Miss(World.INTERRUPTED, Broken.DANGLING);
      case MARK_READS_CONDEMNED_LISTS -> new Miss(World.SURPLUS_PAGES, Broken.DANGLING);
      case CANDIDATES_ARE_OLDER_THAN_THE_FENCE,
          CANDIDATES_AGE_BY_LOCATION,
          REWRITE_LEAVES_ONLY_CONDEMNED,
          SWAP_NEEDS_ITS_NEW_PACK,
          REWRITE_CHECKS_OLD_SUMS ->
          new Miss(World.REWRITE, Broken.DANGLING);
      case UPLOAD_GOES_TO_ANOTHER_PACK -> new Miss(World.UPLOAD_ANEW, Broken.LOST);
      case SURVIVOR_IS_PROVEN, SURVIVOR_IS_UNCONDEMNED_AT_APPLY, SURVIVOR_IS_NOT_LOST_AT_APPLY ->
          new Miss(World.SURPLUS_DATA, Broken.DANGLING);
      case SURPLUS_OWNERS_ARE_IDLE -> new Miss(World.SURPLUS_UNDER_SESSIONS, Broken.STOPPED);
      case REWRITE_REGISTERS_NO_LOCATION, SWAP_SKIPS_CONDEMNED ->
          new Miss(World.REWRITE_GARBAGE, Broken.LOST);
      case SWAP_CARRIES_UPLOADER_AND_PROOF -> new Miss(World.REWRITE_GARBAGE, Broken.FOREIGN);
      case SWAP_IS_A_CONDEMN_OF_WHAT_IT_MOVES, DELETE_AFTER_TWO_CHECKPOINTS ->
          new Miss(
              World.DELETE,
              Broken.UNRESTORABLE,
              Set.of(Rule.DELETE_RECOMPUTES_FOR_PINS_AND_CHECKPOINTS));
      case DELETE_IS_YOUNGER_THAN_NO_PIN, PIN_KEEPS_ITS_OPENING_SEQ ->
          new Miss(
              World.DELETE,
              Broken.UNPINNED,
              Set.of(Rule.DELETE_RECOMPUTES_FOR_PINS_AND_CHECKPOINTS));
      case DELETE_ONLY_WHOLLY_CONDEMNED -> new Miss(World.DELETE_BESIDE_BACKUPS, Broken.LOST);
      case DELETE_RECOMPUTES_REFERENCES -> new Miss(World.SURPLUS_DELETED, Broken.LOST);
      case DELETE_ASKS_WHAT_COUNTS -> new Miss(World.SURPLUS_DELETED_BESIDE_A_COPY, Broken.FOREIGN);
      case DELETE_RECOMPUTES_FOR_PINS_AND_CHECKPOINTS ->
          new Miss(World.SURPLUS_DELETED, Broken.UNRESTORABLE);
    };
  }
}
