package io.holdfast.coordinator.prune;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.policy.book.LabelEdit;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.policy.book.TraitBook;
import io.holdfast.coordinator.retention.Approval;
import io.holdfast.coordinator.retention.Decision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of retention: what goes, what comes back, what stops them. */
class PruneRoundsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final String THREE_DAYS = "retention: {daily: 3, within: 1d}";

  @TempDir Path directory;

  private PruneKit kit;
  private HostId host;

  @BeforeEach
  void begin() throws InterruptedException {
    kit = new PruneKit(directory);
    host = kit.enrol("web");
  }

  @AfterEach
  void end() {
    kit.close();
  }

  /** One a day, each followed by a round, as a fleet lives. */
  private List<SnapshotId> live(int days) throws InterruptedException {
    List<SnapshotId> taken = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      taken.add(kit.take(host, "/etc"));
      kit.round();
      kit.pass(DAY);
    }
    return taken;
  }

  @Test
  void shouldKeepWhatTheRulesSayAndForgetTheRestAfterItsUndo() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> taken = live(20);
    assertEquals(3, taken.stream().filter(kit::isLive).count());
    assertTrue(taken.subList(17, 20).stream().allMatch(kit::isLive), "the newest");
    assertEquals(7, taken.stream().filter(kit::isDeleted).count());
    assertEquals(10, taken.stream().filter(kit::isDropped).count());
  }

  @Test
  void shouldKeepAllThatNoPolicyIsFor() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    kit.apply("everything", "/home", "");
    List<SnapshotId> others = new ArrayList<>();
    for (int day = 0; day < 9; day++) {
      others.add(kit.take(host, "/srv"));
      others.add(kit.take(host, "/home"));
      kit.pass(DAY);
    }
    assertEquals(new PruneRounds.Outcome(1, 0, 0, 0, List.of()), kit.round());
    assertTrue(others.stream().allMatch(kit::isLive));
    assertEquals(
        Set.of("no policy says how long it is kept"),
        Set.copyOf(planned().stream().map(PruneRoundsTest::words).toList()));
  }

  private List<Decision> planned() {
    List<Decision> decisions = new ArrayList<>();
    kit.rounds.plan(Optional.empty(), planned -> decisions.add(planned.decision()));
    return decisions;
  }

  private static String words(Decision decision) {
    return ((Decision.Keep) decision).reasons().getFirst().words();
  }

  @Test
  void rulesForWhatNobodyWasForShouldAskFirst() throws InterruptedException {
    kit.take(host, "/etc");
    kit.take(host, "/etc");
    String rules = PruneKit.text("servers", "/etc", THREE_DAYS);
    HoldfastException refused =
        assertThrows(
            HoldfastException.class, () -> kit.policies.apply("p.yaml", rules, false, "anna"));
    assertEquals(ErrorCode.CONFIRMATION_REQUIRED, refused.code());
    assertTrue(
        refused.getMessage().contains("2 snapshots of web were kept since no policy is for them"),
        refused.getMessage());
    kit.policies.apply("p.yaml", PruneKit.text("all", "/etc", ""), false, "anna");
    kit.policies.apply("p.yaml", rules, false, "anna"); // the other one keeps everything
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> kit.policies.delete("all", false, "anna"));
  }

  @Test
  void allOfAnErasedHostShouldGoAtOnceAndNotComeBack() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    kit.apply("everything", "/home", "");
    List<SnapshotId> taken = new ArrayList<>(live(5));
    taken.add(kit.take(host, "/home"));
    kit.erase(host);
    kit.round();
    assertEquals(0, taken.stream().filter(kit::isLive).count());
    kit.pass(PruneKit.UNDO.plus(DAY));
    kit.round();
    assertTrue(taken.stream().allMatch(kit::isDropped));
  }

  @Test
  void whatIsHeldByAnErasedHostShouldStay() throws InterruptedException {
    SnapshotId held = kit.take(host, "/etc");
    kit.erase(host);
    kit.holds.set("case", "court", Set.of(held), "anna");
    kit.round();
    assertTrue(kit.isLive(held));
  }

  @Test
  void shouldPlanAsItActsAndChangeNothing() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    for (int day = 0; day < 5; day++) {
      kit.take(host, "/etc");
      kit.pass(DAY);
    }
    long before = kit.fleet.journal.wireAuthority().getSeq();
    long expiring = planned().stream().filter(Decision.Expire.class::isInstance).count();
    assertEquals(2, expiring);
    assertEquals(before, kit.fleet.journal.wireAuthority().getSeq());
    assertEquals(2, kit.round().deleted());
  }

  @Test
  void moreThanHalfAtOnceShouldWaitForAnApprovalThatIsUsedUp() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> taken = new ArrayList<>();
    for (int day = 0; day < 8; day++) {
      taken.add(kit.take(host, "/etc"));
      kit.pass(DAY);
    }
    PruneRounds.Outcome braked = kit.round();
    assertEquals(0, braked.deleted());
    assertTrue(braked.brakes().getFirst().contains("web"), braked::toString);
    assertTrue(braked.brakes().getFirst().contains("more than half"), braked::toString);
    kit.approvals.give(host, new Approval(4, 0), DAY, "anna");
    assertEquals(0, kit.round().deleted(), "fewer than would go");
    kit.approvals.give(host, new Approval(5, 0), DAY, "anna");
    assertEquals(5, kit.round().deleted());
    assertEquals(3, taken.stream().filter(kit::isLive).count());
    RetentionApprovals.InForce left =
        kit.ask(view -> RetentionApprovals.inForce(host, view, kit.fleet.time.now()));
    assertEquals(4, left.amounts().expiring(), "the other one is used up");
  }

  @Test
  void shouldSayOfWhichHostsNothingExpiresUntilARoundFindsOtherwise() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    HostId db = kit.enrol("db");
    for (int day = 0; day < 8; day++) {
      kit.take(host, "/etc");
      kit.take(db, "/etc");
      kit.pass(DAY);
    }
    assertTrue(kit.rounds.frozen().isEmpty(), "nobody has looked");
    kit.rounds.make(Optional.of(kit.fleet.hosts.get(db)));
    assertTrue(kit.rounds.frozen().isEmpty(), "nor at all of them");
    kit.rounds.all();
    assertEquals(Set.of(host, db), frozen());
    kit.approvals.give(db, new Approval(5, 0), DAY, "anna");
    assertEquals(5, kit.rounds.make(Optional.of(kit.fleet.hosts.get(db))).deleted());
    assertEquals(Set.of(host), frozen());
  }

  private Set<HostId> frozen() {
    return kit.rounds.frozen().orElseThrow().stream()
        .map(each -> each.host().id())
        .collect(Collectors.toSet());
  }

  @Test
  void anApprovalShouldSaySomething() {
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> kit.approvals.give(host, new Approval(0, 0), DAY, "anna"));
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> kit.approvals.give(host, new Approval(-1, 9), DAY, "anna"));
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> kit.approvals.give(host, new Approval(1, 0), Duration.ofDays(-1), "anna"));
  }

  @Test
  void aFloodShouldStopItUntilItIsCalledOrdinary() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    live(6);
    for (int n = 0; n < 60; n++) {
      kit.take(host, "/etc");
    }
    kit.pass(Duration.ofDays(3));
    kit.take(host, "/etc");
    PruneRounds.Outcome braked = kit.round();
    assertEquals(0, braked.deleted());
    assertTrue(braked.brakes().getFirst().contains("unscheduled"), braked::toString);
    kit.approvals.give(host, new Approval(100, 100), DAY, "anna");
    assertTrue(kit.round().deleted() > 50);
  }

  @Test
  void aDoubtedClockShouldStopIt() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> taken = live(5);
    kit.fleet.time.setClock(kit.fleet.time.now().plus(Duration.ofDays(30)));
    SnapshotId later = kit.take(host, "/etc");
    PruneRounds.Outcome braked = kit.round();
    assertEquals(0, braked.deleted() + braked.dropped());
    assertTrue(braked.brakes().getFirst().contains("stepped forward"), braked::toString);
    assertTrue(kit.isDeleted(taken.getFirst()), "deleted before, and not forgotten");
    kit.clock.confirm(true, "anna");
    assertEquals(2, kit.round().dropped());
    assertTrue(kit.isLive(later));
  }

  @Test
  void whatWasDeletedShouldComeBackWhereNothingStandsAnyMore() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    SnapshotId first = kit.take(host, "/etc");
    kit.pass(Duration.ofHours(1));
    SnapshotId second = kit.take(host, "/etc");
    kit.pass(Duration.ofHours(25));
    kit.take(host, "/etc");
    assertEquals(1, kit.round().deleted());
    assertTrue(kit.isLive(first) && kit.isDeleted(second), "the first of its day stands");
    kit.deletions.delete(List.of(kit.get(first)), true, "anna");
    assertEquals(1, kit.round().undeleted());
    assertTrue(kit.isLive(second) && kit.isDeleted(first), "what a person deleted stays deleted");
  }

  @Test
  void looserRulesShouldBringBackWhatTheirUndoStillHolds() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> taken = live(8);
    assertEquals(3, taken.stream().filter(kit::isLive).count());
    kit.policies.delete("servers", true, "anna");
    assertEquals(5, kit.round().undeleted());
    assertTrue(taken.stream().allMatch(kit::isLive));
  }

  @Test
  void shouldPassOverWhatIsHeldByAPersonOrAPolicy() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    SnapshotId held = kit.take(host, "/etc");
    kit.holds.set("court", "case 7", Set.of(held), "anna");
    kit.pass(DAY);
    List<SnapshotId> taken = live(8);
    assertTrue(kit.isLive(held));
    kit.holds.release("court", true, "anna");
    kit.round();
    assertTrue(kit.isDeleted(held));
    kit.apply("servers", "/etc", THREE_DAYS + "\n  hold: audit");
    kit.pass(Duration.ofDays(9));
    assertEquals(0, kit.round().dropped());
    assertTrue(taken.stream().noneMatch(kit::isDropped));
  }

  @Test
  void onlyWhatIsProvenShouldStandForADay() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> proven = live(3);
    List<SnapshotId> unproven = new ArrayList<>();
    for (int day = 0; day < 6; day++) {
      unproven.add(kit.takeUnproven(host, "/etc"));
      kit.pass(DAY);
      kit.round();
    }
    assertTrue(proven.stream().allMatch(kit::isLive));
    assertTrue(unproven.stream().allMatch(kit::isLive), "nothing better stands there");
  }

  @Test
  void whatAHostDoesByItselfShouldDisplaceNothingScheduled() throws InterruptedException {
    StoredPolicy policy = kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> scheduled = new ArrayList<>();
    for (int day = 0; day < 6; day++) {
      kit.take(host, "/etc");
      scheduled.add(kit.takeScheduled(host, "/etc", policy));
      kit.take(host, "/etc");
      kit.round();
      kit.pass(DAY);
    }
    assertTrue(scheduled.subList(3, 6).stream().allMatch(kit::isLive));
    assertTrue(scheduled.subList(0, 2).stream().noneMatch(kit::isLive));
  }

  @Test
  void aSeriesShouldBeJudgedByItsDataClassWhateverItReadsNow() throws InterruptedException {
    StoredPolicy policy = kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> old = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      old.add(kit.takeScheduled(host, "/etc", policy));
      kit.pass(DAY);
    }
    kit.apply("servers", "/etc/more", THREE_DAYS);
    assertEquals(2, kit.round().deleted());
    assertTrue(old.subList(2, 5).stream().allMatch(kit::isLive));
  }

  @Test
  void whatAnyOfTwoPoliciesKeepsShouldBeKept() throws InterruptedException {
    kit.apply("few", "/etc", THREE_DAYS);
    kit.apply("more", "/etc", "retention: {daily: 6, within: 1d}");
    List<SnapshotId> taken = live(10);
    assertEquals(6, taken.stream().filter(kit::isLive).count());
    kit.policies.delete("few", true, "anna");
    kit.round();
    assertEquals(6, taken.stream().filter(kit::isLive).count());
  }

  private void label(HostId host, Map<String, String> set) throws InterruptedException {
    new TraitBook(kit.fleet.ports, kit.fleet.hosts, kit.policies)
        .label(kit.fleet.hosts.get(host), LabelEdit.of(set, Set.of()), true, "anna");
  }

  @Test
  void shouldFollowTheHostsLabels() throws InterruptedException {
    String rules = PruneKit.text("servers", "/etc", THREE_DAYS);
    kit.policies.apply("p.yaml", rules.replace("{}", "{matchLabels: {role: web}}"), true, "anna");
    List<SnapshotId> taken = live(5);
    assertTrue(taken.stream().allMatch(kit::isLive), "no policy is for it");
    label(host, Map.of("role", "web"));
    assertEquals(2, kit.round().deleted());
    label(host, Map.of("role", "db"));
    assertEquals(2, kit.round().undeleted());
  }

  @Test
  void labelsThatChangeUnderARoundShouldUndoItsPlan() throws InterruptedException {
    String rules = PruneKit.text("servers", "/etc", THREE_DAYS);
    kit.policies.apply("p.yaml", rules.replace("{}", "{matchLabels: {role: web}}"), true, "anna");
    List<SnapshotId> taken = live(5);
    label(host, Map.of("role", "web"));
    kit.fleet.journal.hold();
    Thread round =
        Thread.ofPlatform()
            .start(() -> {
              try {
                kit.round();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    awaitHeld(1);
    Thread edit =
        Thread.ofPlatform()
            .start(() -> {
              try {
                label(host, Map.of("role", "db"));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    awaitHeld(2);
    kit.fleet.journal.releaseLastFirst();
    round.join();
    edit.join();
    assertTrue(taken.stream().allMatch(kit::isLive), "the plan was made by the old label");
  }

  @Test
  void aPolicyThatChangesUnderARoundShouldUndoItsPlan() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    List<SnapshotId> taken = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      taken.add(kit.take(host, "/etc"));
      kit.pass(DAY);
    }
    kit.fleet.journal.hold();
    Thread round =
        Thread.ofPlatform()
            .start(() -> {
              try {
                kit.round();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    awaitHeld(1);
    Thread edit =
        Thread.ofPlatform()
            .start(() -> {
              try {
                kit.apply("servers", "/etc", "retention: {daily: 30, within: 1d}");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    awaitHeld(2);
    kit.fleet.journal.releaseLastFirst();
    round.join();
    edit.join();
    assertTrue(taken.stream().allMatch(kit::isLive), "the plan was made by the old version");
    assertEquals(0, kit.round().deleted());
  }

  private void awaitHeld(int count) {
    while (kit.fleet.journal.heldCount() < count) {
      Thread.onSpinWait();
    }
  }

  @Test
  void oneHostsRoundShouldLeaveOthersAlone() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    HostId other = kit.enrol("db");
    for (int day = 0; day < 5; day++) {
      kit.take(host, "/etc");
      kit.take(other, "/etc");
      kit.pass(DAY);
    }
    PruneRounds.Outcome outcome = kit.rounds.make(Optional.of(kit.fleet.hosts.get(other)));
    assertEquals(1, outcome.hosts());
    assertEquals(2, outcome.deleted());
    assertEquals(2, kit.round().deleted());
  }

  @Test
  void aJournalThatFailsShouldEndTheRound() throws InterruptedException {
    kit.apply("servers", "/etc", THREE_DAYS);
    for (int day = 0; day < 5; day++) {
      kit.take(host, "/etc");
      kit.pass(DAY);
    }
    kit.fleet.journal.failWith(new HoldfastException(ErrorCode.NOT_LEADER, "deposed"));
    assertCode(ErrorCode.NOT_LEADER, kit::round);
    assertTrue(kit.rounds.frozen().isEmpty(), "it didn't come to its end");
  }
}
