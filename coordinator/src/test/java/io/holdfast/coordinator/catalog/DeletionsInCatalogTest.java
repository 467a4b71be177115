package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.applyPolicy;
import static io.holdfast.coordinator.catalog.JournalScript.approve;
import static io.holdfast.coordinator.catalog.JournalScript.bytes;
import static io.holdfast.coordinator.catalog.JournalScript.change;
import static io.holdfast.coordinator.catalog.JournalScript.commit;
import static io.holdfast.coordinator.catalog.JournalScript.commitScheduled;
import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.delete;
import static io.holdfast.coordinator.catalog.JournalScript.drop;
import static io.holdfast.coordinator.catalog.JournalScript.hold;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.lose;
import static io.holdfast.coordinator.catalog.JournalScript.open;
import static io.holdfast.coordinator.catalog.JournalScript.orderJob;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.release;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.session;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static io.holdfast.coordinator.catalog.JournalScript.sourceSet;
import static io.holdfast.coordinator.catalog.JournalScript.undelete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.catalog.JournalScript.Deleting;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.HostFactsTaken;
import io.holdfast.proto.stored.v1.HostLabelled;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Deletion, its undo, drops, holds and approvals, rule by rule of proto/decisions/0007. */
class DeletionsInCatalogTest {
  private static final int SNAPSHOTS = 10;
  private static final Duration UNDO = Duration.ofDays(7);

  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  /** Ten of one source set of host 1, the even ones by a schedule. */
  @BeforeEach
  void commitSome() {
    for (int number = 1; number <= SNAPSHOTS; number++) {
      journal.record(
          number % 2 == 0
              ? commitScheduled(1, number, 1)
              : commit(host(1), run(number), snapshot(number), session(number), sourceSet(1)));
    }
  }

  @AfterEach
  void close() {
    catalog.close();
  }

  private <T> T ask(Function<CatalogView, T> question) {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
    try (CatalogView view = catalog.view()) {
      return question.apply(view);
    }
  }

  private static int number(StoredSnapshot stored) {
    return IntStream.rangeClosed(1, 100)
        .filter(number -> snapshot(number).equals(stored.id()))
        .findFirst()
        .orElseThrow();
  }

  private List<Integer> live() {
    return ask(view ->
        view.snapshots().ofHost(host(1), 0, 100).stream()
            .map(DeletionsInCatalogTest::number)
            .toList());
  }

  private List<Integer> deleted() {
    return ask(view ->
        view.snapshots().deletedWithPrefix("", 100).stream()
            .map(kept -> number(kept.stored()))
            .sorted()
            .toList());
  }

  private static List<Integer> all() {
    return IntStream.rangeClosed(1, SNAPSHOTS).boxed().toList();
  }

  private long seq() {
    return journal.last().seq();
  }

  private long ignored() {
    return ask(view -> view.totals().of(Total.IGNORED_CHANGES));
  }

  private long total() {
    return ask(view -> view.totals().of(Total.SNAPSHOTS));
  }

  private long fall(long scheduled, long others) {
    return ask(view -> view.retention().fall(host(1), scheduled, others));
  }

  private boolean isDropped(int snapshot) {
    return ask(view -> view.snapshots().isDropped(snapshot(snapshot)));
  }

  // Deletion and undo.

  @Test
  void shouldCountForNothingOnceDeleted() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1, 2, 10));
    assertEquals(List.of(3, 4, 5, 6, 7, 8, 9), live());
    assertEquals(List.of(1, 2, 10), deleted());
    assertEquals(Optional.empty(), ask(view -> view.snapshots().find(snapshot(1))));
    assertEquals(List.of(), ask(view -> view.snapshots().withPrefix(snapshot(1).toString(), 2)));
    assertEquals(7L, total());
    KeptSnapshot kept = ask(view -> view.snapshots().findKept(snapshot(10))).orElseThrow();
    long at = journal.last().body().getTimeMillis();
    assertEquals(
        new Deletion(at, at + UNDO.toMillis(), DeletionCause.DELETION_CAUSE_OPERATOR),
        kept.deletion().orElseThrow());
    assertEquals(snapshot(10), ask(v -> v.snapshots().ofRun(host(1), run(10))).get().id());
  }

  /** Hosts 1 and 2. */
  private void enrol() {
    journal.record(
        JournalScript.token(1),
        JournalScript.enrol(host(1), 1),
        JournalScript.token(2),
        JournalScript.enrol(host(2), 2));
  }

  private static Change label(int host, int policy) {
    return change(c ->
        c.setHostLabelled(
            HostLabelled.newBuilder()
                .setHost(bytes(host(host).toByteArray()))
                .addMoved(bytes(JournalScript.policy(policy).toByteArray()))));
  }

  private static Change takeFacts(int host) {
    return change(c ->
        c.setHostFactsTaken(HostFactsTaken.newBuilder().setHost(bytes(host(host).toByteArray()))));
  }

  @Test
  void whatTheRulesDecidedBeforeTheHostGotOtherLabelsOrFactsShouldHaveNoEffect() {
    enrol();
    long seen = seq();
    journal.record(label(2, 7), takeFacts(2));
    journal.record(delete(Deleting.byRules(seen), 1, 1));
    assertEquals(List.of(1), deleted(), "it was another host");
    for (Change sorted : List.of(label(1, 7), takeFacts(1))) {
      long before = seq();
      journal.record(sorted);
      journal.record(delete(Deleting.byRules(before), 1, 2, 3));
      assertEquals(List.of(1), deleted());
    }
    journal.record(delete(Deleting.byRules(seq()), 1, 2, 3));
    assertEquals(List.of(1, 2, 3), deleted());
  }

  @Test
  void shouldRememberWhenAHostCameToAPolicyOrLeftIt() {
    journal.record(label(1, 7));
    long ignored = ignored();
    assertTrue(ignored > 0, "nobody of that id was enrolled");
    enrol();
    journal.record(label(1, 7));
    long at = journal.last().body().getTimeMillis();
    HostRevisions labelled = ask(view -> view.fleet().revisions(host(1)));
    assertEquals(Map.of(JournalScript.policy(7), at), labelled.moved());
    assertEquals(journal.last().body().getMutations(0), labelled.labels().orElseThrow());
    assertEquals(Optional.empty(), labelled.facts());
    assertEquals(Map.of(host(1), labelled), ask(view -> view.fleet().revisions()));
    assertEquals(HostRevisions.NONE, ask(view -> view.fleet().revisions(host(2))));
    long changed = ask(view -> view.fleet().traitsChangedSeq());
    assertEquals(seq(), changed);
    assertEquals(ignored, ignored());
  }

  @Test
  void shouldKeepTheRootsOfDeletedOnesForMarks() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1, 2));
    TreeSet<Integer> kept = new TreeSet<>();
    ask(view -> {
      view.snapshots().forEachKept(stored -> kept.add(number(stored)));
      return kept;
    });
    assertEquals(all(), List.copyOf(kept));
  }

  @Test
  void shouldMoveTheBaseToTheNewestLiveOneAndBack() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 9, 10));
    assertEquals(Optional.of(8), base());
    journal.record(undelete(9));
    assertEquals(Optional.of(9), base());
    journal.record(undelete(10));
    assertEquals(Optional.of(10), base());
  }

  private Optional<Integer> base() {
    return ask(
        view -> view.snapshots().latest(host(1), sourceSet(1)).map(DeletionsInCatalogTest::number));
  }

  @Test
  void shouldBeAsBeforeOnceUndeletedButForTheTimeOfThat() {
    StoredSnapshot before = ask(view -> view.snapshots().find(snapshot(3))).orElseThrow();
    journal.record(delete(Deleting.BY_OPERATOR, 1, 3));
    journal.record(undelete(3));
    assertEquals(all(), live());
    KeptSnapshot back = ask(view -> view.snapshots().findKept(snapshot(3))).orElseThrow();
    assertEquals(before, back.stored());
    assertTrue(back.isLive());
    assertEquals(journal.last().body().getTimeMillis(), back.undeletedMillis().orElseThrow());
    assertEquals(SNAPSHOTS, total());
    journal.record(undelete(3), undelete(77));
    assertEquals(0, ignored(), "undoing what is live, or unknown, is nothing");
  }

  @Test
  void shouldPassOverWhatIsNotTheHostsOrNotLive() {
    journal.record(commit(host(2), run(50), snapshot(50), session(50)));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1, 1, 50, 77));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    assertEquals(List.of(1), deleted());
    assertTrue(ask(view -> view.snapshots().find(snapshot(50))).isPresent());
    assertEquals(0, ignored());
  }

  @Test
  void theFirstUndoShouldStandAndAPersonsWordOverThatOfTheRules() {
    journal.record(delete(Deleting.byRules(seq()), 1, 1));
    Deletion first = ask(v -> v.snapshots().findKept(snapshot(1))).get().deletion().get();
    assertEquals(DeletionCause.DELETION_CAUSE_RETENTION, first.cause());
    journal.record(delete(Deleting.BY_OPERATOR.undo(Duration.ofDays(30)), 1, 1));
    Deletion second = ask(v -> v.snapshots().findKept(snapshot(1))).get().deletion().get();
    assertEquals(
        new Deletion(
            first.timeMillis(), first.undoUntilMillis(), DeletionCause.DELETION_CAUSE_OPERATOR),
        second);
  }

  @Test
  void shouldHaveNoEffectWithAnUndoShorterThanTheShortest() {
    journal.record(
        delete(Deleting.BY_OPERATOR.undo(DeletionChanges.LEAST_UNDO.minusSeconds(1)), 1, 1),
        delete(Deleting.BY_OPERATOR.undo(DeletionChanges.MOST_UNDO.plusSeconds(1)), 1, 1));
    assertEquals(all(), live());
    assertEquals(2, ignored());
    journal.record(delete(Deleting.BY_OPERATOR.undo(DeletionChanges.LEAST_UNDO), 1, 1));
    assertEquals(List.of(1), deleted());
  }

  // Rule 1: the plan's seq.

  @Test
  void aLossSinceThePlanShouldUndoIt() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), host(2)));
    long view = seq();
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_BYTES_DAMAGED));
    journal.record(delete(Deleting.byRules(view), 1, 1));
    assertEquals(all(), live());
    journal.record(delete(Deleting.byRules(seq()), 1, 1));
    assertEquals(List.of(1), deleted());
  }

  @Test
  void aFailedProofOfAnotherHostsShouldNotConcernIt() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), host(2)));
    long view = seq();
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 0));
    journal.record(delete(Deleting.byRules(view), 1, 1));
    assertEquals(List.of(1), deleted());
  }

  @Test
  void anotherVersionOfAPolicySinceThePlanShouldUndoIt() {
    long view = seq();
    journal.record(applyPolicy(1, 1));
    journal.record(delete(Deleting.byRules(view), 1, 1));
    assertEquals(all(), live());
  }

  @Test
  void anotherDeletionSinceThePlanShouldUndoItEvenInTheSameRecord() {
    long view = seq();
    journal.record(delete(Deleting.BY_OPERATOR, 1, 10), delete(Deleting.byRules(view), 1, 1));
    assertEquals(List.of(10), deleted());
    journal.record(undelete(10));
    journal.record(delete(Deleting.byRules(seq() - 1), 1, 1));
    assertEquals(List.of(1), deleted(), "an undo takes nothing that it relied on");
  }

  @Test
  void aDecisionInSeveralMutationsOfOneRecordShouldBeOne() {
    long view = seq();
    journal.record(delete(Deleting.byRules(view), 1, 1), delete(Deleting.byRules(view), 1, 3));
    assertEquals(List.of(1, 3), deleted());
    journal.record(delete(Deleting.byRules(view), 1, 5));
    assertEquals(List.of(1, 3), deleted());
  }

  @Test
  void commitsProofsAndHoldsSinceThePlanShouldNotMatter() {
    long view = seq();
    journal.record(commitScheduled(1, 12, 1), hold("h", 3));
    journal.record(delete(Deleting.byRules(view), 1, 1));
    assertEquals(List.of(1), deleted());
  }

  // Rule 2: holds win.

  @Test
  void whatIsHeldShouldNeitherBeDeletedNorDropped() {
    journal.record(hold("h", 1, 88));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1, 3));
    assertEquals(List.of(3), deleted());
    journal.record(hold("i", 3));
    journal.later(UNDO);
    journal.record(drop(seq(), 1, 3));
    assertEquals(List.of(3), deleted());
    journal.record(release("i"));
    journal.record(drop(seq(), 1, 3));
    assertEquals(List.of(), deleted());
  }

  @Test
  void aHoldShouldKeepWhatComesLater() {
    journal.record(hold("h", 20));
    journal.record(commit(host(1), run(20), snapshot(20), session(20)));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 20));
    assertEquals(List.of(), deleted());
  }

  @Test
  void twoHoldsShouldHoldUntilBothAreReleased() {
    journal.record(hold("h", 1), hold("i", 1, 1), hold("h", 3));
    assertEquals(1, ignored(), "a hold is set once");
    assertEquals(2, ask(view -> view.retention().holdsOn(snapshot(1))).size());
    journal.record(release("h"));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    assertEquals(List.of(), deleted());
    journal.record(release("i"), release("i"));
    assertEquals(2, ignored());
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    assertEquals(List.of(1), deleted());
    List<RecordedHold> left = new ArrayList<>();
    ask(view -> {
      view.retention().forEachHold(left::add);
      return left;
    });
    assertEquals(List.of(), left);
  }

  // Rule 3: amounts.

  @Test
  void moreThanHalfShouldWantAnApprovalOfSoMany() {
    int[] six = {1, 2, 3, 4, 5, 6};
    journal.record(delete(Deleting.BY_OPERATOR, 1, six));
    journal.record(approve("few", 1, 5), approve("other host", 2, 9));
    journal.record(delete(Deleting.BY_OPERATOR.approved("few"), 1, six));
    journal.record(delete(Deleting.BY_OPERATOR.approved("other host"), 1, six));
    journal.record(delete(Deleting.BY_OPERATOR.approved("never given"), 1, six));
    assertEquals(all(), live());
    assertEquals(4, ignored());
    journal.record(approve("enough", 1, 6));
    journal.record(delete(Deleting.BY_OPERATOR.approved("enough"), 1, six));
    assertEquals(List.of(7, 8, 9, 10), live());
  }

  @Test
  void halfShouldWantNone() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1, 3, 5, 2, 4));
    assertEquals(List.of(1, 2, 3, 4, 5), deleted());
  }

  @Test
  void scheduledOnesShouldBeCountedByThemselves() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 2, 4, 6));
    assertEquals(all(), live(), "3 of 5 scheduled ones, though 3 of 10 in all");
    journal.record(approve("a", 1, 3));
    journal.record(delete(Deleting.BY_OPERATOR.approved("a"), 1, 2, 4, 6));
    assertEquals(List.of(2, 4, 6), deleted());
  }

  @Test
  void allOfOneRecordShouldBeCountedTogether() {
    journal.record(
        delete(Deleting.BY_OPERATOR, 1, 1, 3, 5, 7), delete(Deleting.BY_OPERATOR, 1, 9, 2));
    assertEquals(List.of(1, 3, 5, 7), deleted());
    assertEquals(1, ignored());
  }

  @Test
  void anApprovalShouldBeGoodOnceAndForItsTime() {
    long now = journal.last().body().getTimeMillis();
    journal.record(approve("a", 1, 6), approve("late", 1, 6, now));
    journal.record(delete(Deleting.BY_OPERATOR.approved("late"), 1, 1, 2, 3, 4, 5, 6));
    assertEquals(all(), live());
    journal.record(delete(Deleting.BY_OPERATOR.approved("a"), 1, 1, 2, 3, 4, 5, 6));
    journal.record(delete(Deleting.BY_OPERATOR.approved("a"), 1, 7, 8, 9));
    assertEquals(List.of(7, 8, 9, 10), live());
    List<RetentionQueries.Approval> known = ask(v -> v.retention().approvals(host(1)));
    assertEquals(2, known.size());
    journal.record(approve("b", 1, 1));
    assertEquals(2, ask(v -> v.retention().approvals(host(1))).size(), "what is over goes");
    assertEquals(3L, fall(2, 1));
    assertEquals(0L, fall(1, 1));
  }

  // Drops.

  @Test
  void shouldBeDroppedOnceItsUndoIsOver() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1, 2));
    journal.record(drop(seq(), 1, 1));
    assertEquals(List.of(1, 2), deleted());
    journal.later(UNDO);
    journal.record(drop(seq(), 1, 1, 3));
    assertEquals(List.of(2), deleted());
    assertTrue(isDropped(1));
    assertFalse(isDropped(3), "it is live");
    assertEquals(Optional.empty(), ask(view -> view.snapshots().findKept(snapshot(1))));
    journal.record(undelete(1));
    assertFalse(live().contains(1));
  }

  @Test
  void aDropShouldBeUndoneByWhatUndoesAPlan() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    journal.later(UNDO);
    long view = seq();
    journal.record(delete(Deleting.BY_OPERATOR, 1, 3));
    journal.record(drop(view, 1, 1));
    assertEquals(List.of(1, 3), deleted());
  }

  @Test
  void whatASessionNamesShouldNotBeDropped() {
    Change opened = open(session(40), host(1));
    journal.record(
        change(c ->
            c.setSessionOpened(
                opened.getSessionOpened().toBuilder()
                    .setSnapshot(bytes(snapshot(1).toByteArray())))));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    journal.later(UNDO);
    journal.record(drop(seq(), 1, 1));
    assertEquals(List.of(1), deleted());
    journal.record(commit(host(1), run(40), snapshot(40), session(40)), drop(seq(), 1, 1));
    assertEquals(List.of(), deleted(), "closed by the record itself");
  }

  @Test
  void aDroppedRunShouldCommitNothingAndBeKnown() {
    journal.record(orderJob(1, 1));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    journal.later(UNDO);
    journal.record(drop(seq(), 1, 1));
    journal.record(commit(host(1), run(1), snapshot(1), session(1), sourceSet(1)));
    journal.record(commit(host(1), run(60), snapshot(1), session(1), sourceSet(1)));
    assertFalse(live().contains(1));
    assertEquals(2, ignored());
    StoredSnapshot known = ask(v -> v.snapshots().ofRun(host(1), run(1))).orElseThrow();
    assertEquals(snapshot(1), known.id());
    assertEquals(2, known.seq(), "what a receipt needs");
    assertTrue(known.committed().getRootForRecovery().isEmpty());
    assertTrue(known.mutation().getSealed().isEmpty());
    RecordedJob job = ask(v -> v.jobs().find(JobId.of(run(1).toByteArray()))).orElseThrow();
    assertFalse(job.isOpen());
  }

  @Test
  void aProofThatComesTooLateShouldBeNothing() {
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    journal.record(
        change(c ->
            c.setProof(
                Proof.newBuilder()
                    .setLevel(ProofLevel.PROOF_LEVEL_PROVEN)
                    .addSnapshots(bytes(snapshot(1).toByteArray())))));
    assertEquals(0, ignored());
  }

  // Histories.

  @Test
  void shouldReadAHistoryWithItsDeletedOnesTheNewestFirst() {
    journal.record(commit(host(1), run(30), snapshot(30), session(30), sourceSet(3)));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 9, 2));
    assertEquals(2, ask(view -> view.snapshots().sourceSets(host(1))).size());
    assertEquals(List.of(), ask(view -> view.snapshots().sourceSets(host(2))));
    List<String> seen = new ArrayList<>();
    ask(view -> {
      view.snapshots()
          .forEachOfSourceSet(
              host(1),
              sourceSet(1),
              kept -> seen.add(number(kept.stored()) + (kept.isLive() ? "" : " deleted")));
      return seen;
    });
    assertEquals(List.of("10", "9 deleted", "8", "7", "6", "5", "4", "3", "2 deleted", "1"), seen);
  }
}
