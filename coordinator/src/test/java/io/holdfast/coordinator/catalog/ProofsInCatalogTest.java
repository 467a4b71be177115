package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.change;
import static io.holdfast.coordinator.catalog.JournalScript.commit;
import static io.holdfast.coordinator.catalog.JournalScript.coordinator;
import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.delete;
import static io.holdfast.coordinator.catalog.JournalScript.drop;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.proveSnapshots;
import static io.holdfast.coordinator.catalog.JournalScript.readWhole;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.session;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static io.holdfast.coordinator.catalog.JournalScript.startTerm;
import static io.holdfast.coordinator.catalog.JournalScript.undelete;
import static io.holdfast.coordinator.catalog.JournalScript.verified;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.JournalScript.Deleting;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.Totals;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who said what of packs and snapshots, when, and in which record; and who leads. */
class ProofsInCatalogTest {
  private static final ProofLevel CHECKED = ProofLevel.PROOF_LEVEL_CHECKED;
  private static final ProofLevel PROVEN = ProofLevel.PROOF_LEVEL_PROVEN;

  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

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

  private Optional<RecordedProof> proof(int snapshot) {
    return ask(view -> view.proofs().ofSnapshot(snapshot(snapshot)));
  }

  private static Statement saidBy(AppliedRecord record, long term, int coordinator) {
    return new Statement(
        record.seq(), record.body().getTimeMillis(), term, coordinator(coordinator));
  }

  private static Change commitOf(int number, long logicalBytes) {
    Change commit = commit(host(1), run(number), snapshot(number), session(number));
    return change(c ->
        c.setSnapshotCommitted(
            commit.getSnapshotCommitted().toBuilder()
                .setTotals(Totals.newBuilder().setLogicalBytes(logicalBytes))));
  }

  @Test
  void shouldRememberWhoProvedASnapshotLast() {
    journal.record(commitOf(1, 0), commitOf(2, 0));
    assertEquals(Optional.empty(), proof(1));
    AppliedRecord checked = journal.record(proveSnapshots(CHECKED, 1, 2));
    assertEquals(Optional.of(new RecordedProof(CHECKED, saidBy(checked, 1, 1))), proof(1));
    journal.ledBy(coordinator(2));
    AppliedRecord proven = journal.record(startTerm(), proveSnapshots(PROVEN, 1));
    journal.record(proveSnapshots(CHECKED, 1));
    assertEquals(Optional.of(new RecordedProof(PROVEN, saidBy(proven, 2, 2))), proof(1));
    assertEquals(Optional.of(new RecordedProof(CHECKED, saidBy(checked, 1, 1))), proof(2));
    AppliedRecord again = journal.record(proveSnapshots(PROVEN, 1));
    assertEquals(saidBy(again, 2, 2), proof(1).orElseThrow().statement());
    assertEquals(again.seq(), ask(v -> v.snapshots().find(snapshot(1))).orElseThrow().proofSeq());
  }

  @Test
  void shouldForgetWhoProvedASnapshotWhenItIsDropped() {
    journal.record(commitOf(1, 0), commitOf(2, 0), commitOf(3, 0), proveSnapshots(PROVEN, 1));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    assertTrue(proof(1).isPresent(), "it can be had back");
    journal.later(Duration.ofDays(8));
    journal.record(drop(journal.last().seq(), 1, 1));
    assertFalse(proof(1).isPresent());
  }

  @Test
  void shouldRememberWhoReadAPackLast() {
    AppliedRecord written = journal.register(ScriptedFooter.data(pack(1)).add(data(1), host(1)));
    LastRead oldest = ask(view -> view.packs().leastRecentlyRead(1).getFirst());
    assertFalse(oldest.isRead());
    assertEquals(saidBy(written, 1, 1), oldest.by());
    journal.ledBy(coordinator(3));
    AppliedRecord read = journal.record(startTerm(), readWhole(pack(1), 0));
    oldest = ask(view -> view.packs().leastRecentlyRead(1).getFirst());
    assertTrue(oldest.isRead());
    assertEquals(saidBy(read, 2, 3), oldest.by());
    assertEquals(read.body().getTimeMillis(), oldest.readMillis());
  }

  @Test
  void shouldGoOnBehindAPackInTheOrderOfReadings() {
    for (int number = 1; number <= 5; number++) {
      journal.register(ScriptedFooter.data(pack(number)).add(data(number), host(1)));
    }
    journal.record(readWhole(pack(2), 0), readWhole(pack(1), 0));
    List<PackId> order = List.of(pack(3), pack(4), pack(5), pack(1), pack(2));
    List<LastRead> all = ask(view -> view.packs().leastRecentlyRead(9));
    assertEquals(order, all.stream().map(each -> each.pack().pack().id()).toList());
    for (int at = 0; at < order.size(); at++) {
      LastRead last = all.get(at);
      List<LastRead> behind = ask(view -> view.packs().leastRecentlyRead(last, 9));
      assertEquals(all.size() - 1 - at, behind.size());
      List<LastRead> next = ask(view -> view.packs().leastRecentlyRead(last, 1));
      assertEquals(
          behind.stream().limit(1).map(LastRead::by).toList(),
          next.stream().map(LastRead::by).toList());
    }
  }

  private Optional<Long> verifiedIn(ProofLevel level) {
    return ask(view -> view.proofs().lastVerification(level)).map(last -> last.statement().seq());
  }

  @Test
  void shouldRememberTheLastVerificationThatFoundNothingWrong() {
    assertEquals(Optional.empty(), verifiedIn(CHECKED));
    AppliedRecord checked = journal.record(verified(CHECKED, 0));
    assertEquals(Optional.of(checked.seq()), verifiedIn(CHECKED));
    assertEquals(Optional.empty(), verifiedIn(PROVEN));
    AppliedRecord proven = journal.record(verified(PROVEN, 0));
    assertEquals(Optional.of(proven.seq()), verifiedIn(CHECKED), "what is proven is checked");
    assertEquals(Optional.of(proven.seq()), verifiedIn(PROVEN));
    journal.record(verified(PROVEN, 1));
    assertEquals(Optional.of(proven.seq()), verifiedIn(PROVEN), "that one found something");
    AppliedRecord later = journal.record(verified(CHECKED, 0));
    assertEquals(Optional.of(later.seq()), verifiedIn(CHECKED));
    assertEquals(Optional.of(proven.seq()), verifiedIn(PROVEN));
    assertEquals(3, ask(v -> v.proofs().lastVerification(PROVEN)).orElseThrow().ended().getPacks());
  }

  @Test
  void shouldStopAtAVerificationOfALevelItDoesNotKnow() {
    AppliedRecord unknown = journal.record(verified(ProofLevel.PROOF_LEVEL_UNSPECIFIED, 0));
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> ask(v -> 0));
    assertEquals(ErrorCode.UNKNOWN_VERSION, thrown.code());
    assertEquals(unknown.seq() - 1, catalog.appliedSeq());
  }

  @Test
  void shouldStopAtARecordThatDoesNotSayWhoWroteIt() {
    AppliedRecord record = journal.next(List.of(startTerm()));
    AppliedRecord nameless =
        JournalScript.record(
            record.body().toBuilder().setWriter(ByteString.copyFromUtf8("x")).build());
    ask(v -> 0);
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> catalog.apply(nameless));
    assertEquals(ErrorCode.MALFORMED, thrown.code());
  }

  private long leaderChanges() {
    return ask(CatalogView::leaderChanges);
  }

  @Test
  void shouldCountHowOftenAnotherCoordinatorTookOver() {
    assertEquals(0L, leaderChanges());
    journal.ledBy(coordinator(1));
    journal.record(startTerm());
    assertEquals(0L, leaderChanges(), "the same one, started again");
    journal.ledBy(coordinator(2));
    journal.record(startTerm());
    journal.ledBy(coordinator(1));
    journal.record(startTerm());
    assertEquals(2L, leaderChanges());
  }

  private long logicalBytes() {
    return ask(view -> view.totals().of(Total.LOGICAL_BYTES));
  }

  @Test
  void shouldAddUpTheFilesOfLiveSnapshots() {
    journal.record(commitOf(1, 100), commitOf(2, 20), commitOf(3, 3));
    journal.record(commitOf(3, 1_000));
    assertEquals(123, logicalBytes(), "a run commits once");
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    assertEquals(23, logicalBytes());
    journal.record(undelete(1));
    assertEquals(123, logicalBytes());
    journal.record(delete(Deleting.BY_OPERATOR, 1, 1));
    journal.later(Duration.ofDays(8));
    journal.record(drop(journal.last().seq(), 1, 1));
    assertEquals(23, logicalBytes());
  }
}
