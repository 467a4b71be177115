package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.bytes;
import static io.holdfast.coordinator.catalog.JournalScript.change;
import static io.holdfast.coordinator.catalog.JournalScript.commit;
import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.enrol;
import static io.holdfast.coordinator.catalog.JournalScript.hash;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.lose;
import static io.holdfast.coordinator.catalog.JournalScript.open;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.page;
import static io.holdfast.coordinator.catalog.JournalScript.prove;
import static io.holdfast.coordinator.catalog.JournalScript.proveSnapshots;
import static io.holdfast.coordinator.catalog.JournalScript.run;
import static io.holdfast.coordinator.catalog.JournalScript.session;
import static io.holdfast.coordinator.catalog.JournalScript.sixteen;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static io.holdfast.coordinator.catalog.JournalScript.sourceSet;
import static io.holdfast.coordinator.catalog.JournalScript.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.proto.stored.v1.CertificateIssued;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CheckpointWritten;
import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.stored.v1.HostRevoked;
import io.holdfast.proto.stored.v1.KeyRingWritten;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.stored.v1.SessionClosed;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What each record does, seen through the queries. */
class CatalogTest {
  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  @AfterEach
  void close() {
    catalog.close();
  }

  @Test
  void shouldTakeTheRepositoryFromGenesis() {
    assertEquals(Optional.empty(), catalog.head());
    applyAll();
    RepositoryIdentity repository = ask(CatalogView::repository);
    assertEquals(RepositoryId.of(sixteen("repository")), repository.repository());
    assertEquals(bytes(sixteen("fleet")), repository.fleet());
    assertEquals(bytes(sixteen("site")), repository.site());
    assertEquals(RepositoryMode.REPOSITORY_MODE_SHARED, repository.mode());
    assertEquals(ByteString.copyFromUtf8("root certificate"), repository.rootCertificate());
  }

  @Test
  void shouldMoveTheHeadWithEachRecord() {
    journal.record(token(1));
    applyAll();
    CatalogHead head = catalog.head().orElseThrow();
    assertEquals(2, head.seq());
    assertEquals(journal.last().hash(), head.hash());
    assertEquals(1, head.term());
    assertEquals(bytes(sixteen("incarnation")), head.incarnation());
    assertEquals(1, head.epochNumber());
    assertEquals(bytes(sixteen("epoch")), head.epochId());
    assertEquals(journal.last().body().getTimeMillis(), head.timeMillis());
    assertEquals(Optional.of(head), ask(CatalogView::head));
    assertEquals(
        Optional.of(ByteString.copyFromUtf8("journal state after 2")),
        ask(CatalogView::journalState));
  }

  @Test
  void shouldApplyTheHeadsOwnRecordOnlyOnce() {
    AppliedRecord record = journal.record(token(1));
    applyAll();
    assertFalse(catalog.apply(record));
    assertEquals(0, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldRefuseARecordThatDoesNotFollowTheHead() {
    applyAll();
    RecordBody next = journal.next(List.of(token(1))).body();
    refuses(ErrorCode.CATALOG_DAMAGED, next.toBuilder().setPreviousSeq(0));
    refuses(ErrorCode.CATALOG_DAMAGED, next.toBuilder().setPreviousHash(bytes(new byte[32])));
    refuses(ErrorCode.CATALOG_DAMAGED, next.toBuilder().setSeq(0));
    refuses(ErrorCode.CATALOG_DAMAGED, next.toBuilder().setSeq(1));
    refuses(ErrorCode.CATALOG_DAMAGED, next.toBuilder().setRepository(bytes(sixteen("other"))));
  }

  @Test
  void shouldFollowAChainThatSkipsVoidSlots() {
    applyAll();
    RecordBody next = journal.next(List.of(token(1))).body().toBuilder().setSeq(5).build();
    assertTrue(catalog.apply(JournalScript.record(next)));
    assertEquals(5, catalog.appliedSeq());
  }

  @Test
  void shouldStopAtAChangeItDoesNotKnow() {
    applyAll();
    Bytes32 before = ask(CatalogView::digest);
    AppliedRecord unset = journal.next(List.of(token(1), Change.getDefaultInstance()));
    assertRefused(ErrorCode.UNKNOWN_VERSION, unset);
    ByteString newer = ByteString.copyFrom(new byte[] {(byte) 0xba, 0x3e, 0x00});
    RecordBody.Builder body = journal.next(List.of(token(1))).body().toBuilder();
    body.addMutationsBuilder().setClear(newer);
    refuses(ErrorCode.UNKNOWN_VERSION, body);
    body = journal.next(List.of(token(1))).body().toBuilder();
    body.addMutationsBuilder().setClear(ByteString.copyFromUtf8("no protocol buffer"));
    refuses(ErrorCode.MALFORMED, body);
    assertEquals(before, ask(CatalogView::digest));
    assertEquals(1, catalog.appliedSeq());
  }

  @Test
  void shouldStopAtAValueItDoesNotKnow() {
    applyAll();
    assertRefused(
        ErrorCode.UNKNOWN_VERSION,
        journal.next(List.of(prove(pack(1), ProofLevel.PROOF_LEVEL_UNSPECIFIED))));
    assertRefused(
        ErrorCode.UNKNOWN_VERSION,
        journal.next(List.of(lose(pack(1), LossCause.LOSS_CAUSE_UNSPECIFIED))));
    assertRefused(
        ErrorCode.MALFORMED,
        journal.next(
            List.of(
                change(
                    c -> c.setHostRevoked(HostRevoked.newBuilder().setHost(bytes(new byte[3])))))));
  }

  @Test
  void shouldRehearseWithoutEffect() {
    applyAll();
    Bytes32 before = ask(CatalogView::digest);
    catalog.rehearse(journal.next(List.of(token(1))));
    assertEquals(before, ask(CatalogView::digest));
    assertEquals(1, catalog.appliedSeq());
    AppliedRecord unknown = journal.next(List.of(Change.getDefaultInstance()));
    assertThrows(HoldfastException.class, () -> catalog.rehearse(unknown));
  }

  @Test
  void shouldShowAViewOnlyTheRecordsAppliedBeforeIt() {
    applyAll();
    try (CatalogView view = catalog.view()) {
      journal.record(token(1));
      applyAll();
      assertEquals(1, view.appliedSeq());
      assertEquals(List.of(), view.fleet().tokens());
    }
    assertEquals(1, ask(v -> v.fleet().tokens()).size());
  }

  @Test
  void shouldEnrolAHostAgainstItsToken() {
    journal.record(token(1), enrol(host(1), 1));
    applyAll();
    EnrolledHost enrolled = ask(v -> v.fleet().host(host(1))).orElseThrow();
    assertEquals(2, enrolled.seq());
    assertEquals(ByteString.copyFromUtf8("key of " + host(1)), enrolled.enrolled().getSigningKey());
    assertEquals(ByteString.copyFromUtf8("sealed 2"), enrolled.mutation().getSealed());
    assertEquals(OptionalLong.empty(), enrolled.revokedSeq());
    EnrolmentToken token = ask(v -> v.fleet().token(hash("token 1"))).orElseThrow();
    assertEquals(Optional.of(host(1)), token.usedBy());
    assertEquals(List.of(enrolled), ask(v -> v.fleet().hosts()));
  }

  @Test
  void shouldLetATokenInOnlyOnceAndAHostOnlyOnce() {
    journal.record(token(1), enrol(host(1), 1), enrol(host(2), 1), enrol(host(3), 9));
    journal.record(token(2), enrol(host(1), 2));
    applyAll();
    assertEquals(1, ask(v -> v.fleet().hosts()).size());
    assertEquals(3, total(Total.IGNORED_CHANGES));
    assertEquals(Optional.empty(), ask(v -> v.fleet().token(hash("token 2"))).get().usedBy());
  }

  @Test
  void shouldKeepTheFirstRevocation() {
    Change revoke =
        change(
            c -> c.setHostRevoked(HostRevoked.newBuilder().setHost(bytes(host(1).toByteArray()))));
    journal.record(token(1), enrol(host(1), 1));
    journal.record(revoke);
    journal.record(revoke);
    applyAll();
    assertEquals(OptionalLong.of(3), ask(v -> v.fleet().host(host(1))).get().revokedSeq());
    assertEquals(1, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldListAHostsCertificates() {
    for (int serial = 1; serial <= 3; serial++) {
      ByteString number = ByteString.copyFrom(new byte[] {(byte) serial});
      int owner = serial == 3 ? 2 : 1;
      journal.record(
          change(c ->
              c.setCertificateIssued(
                  CertificateIssued.newBuilder()
                      .setHost(bytes(host(owner).toByteArray()))
                      .setSerial(number))));
    }
    applyAll();
    assertEquals(2, ask(v -> v.fleet().certificates(host(1))).size());
    assertEquals(1, ask(v -> v.fleet().certificates(host(2))).size());
  }

  @Test
  void shouldKeepASessionOpenUntilItIsClosed() {
    journal.record(open(session(1), host(1)), open(session(2), host(2)));
    applyAll();
    assertEquals(2, ask(v -> v.fleet().sessions()).size());
    OpenSession opened = ask(v -> v.fleet().session(session(1))).orElseThrow();
    assertEquals(bytes(host(1).toByteArray()), opened.opened().getHost());
    assertEquals(2, opened.seq());
    Change close =
        change(c ->
            c.setSessionClosed(
                SessionClosed.newBuilder().setSession(bytes(session(1).toByteArray()))));
    journal.record(close);
    journal.record(close);
    applyAll();
    assertEquals(Optional.empty(), ask(v -> v.fleet().session(session(1))));
    assertEquals(0, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldCommitASnapshotAndCloseItsSession() {
    journal.record(open(session(1), host(1)));
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    applyAll();
    StoredSnapshot stored = ask(v -> v.snapshots().find(snapshot(1))).orElseThrow();
    assertEquals(host(1), stored.host());
    assertEquals(3, stored.seq());
    assertEquals(journal.last().body().getTimeMillis(), stored.timeMillis());
    assertEquals(ProofLevel.PROOF_LEVEL_UNSPECIFIED, stored.proof());
    assertEquals(Optional.of(stored), ask(v -> v.snapshots().ofRun(host(1), run(1))));
    assertEquals(Optional.of(stored), ask(v -> v.snapshots().latest(host(1), sourceSet(1))));
    assertEquals(Optional.empty(), ask(v -> v.snapshots().latest(host(1), sourceSet(2))));
    assertEquals(List.of(), ask(v -> v.fleet().sessions()));
    assertEquals(1, total(Total.SNAPSHOTS));
  }

  @Test
  void shouldCommitARunOnlyOnce() {
    journal.record(open(session(1), host(1)), open(session(2), host(1)));
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    journal.record(commit(host(1), run(1), snapshot(2), session(2)));
    journal.record(commit(host(2), run(1), snapshot(3), session(3)));
    applyAll();
    assertEquals(Optional.empty(), ask(v -> v.snapshots().find(snapshot(2))));
    assertEquals(snapshot(1), ask(v -> v.snapshots().ofRun(host(1), run(1))).orElseThrow().id());
    assertEquals(snapshot(3), ask(v -> v.snapshots().ofRun(host(2), run(1))).orElseThrow().id());
    assertEquals(List.of(), ask(v -> v.fleet().sessions()));
    assertEquals(1, total(Total.IGNORED_CHANGES));
    assertEquals(2, total(Total.SNAPSHOTS));
  }

  @Test
  void shouldNameTheNewestSnapshotOfEachSourceSetAsBase() {
    journal.record(commit(host(1), run(1), snapshot(1), session(1), sourceSet(1)));
    journal.record(commit(host(1), run(2), snapshot(2), session(1), sourceSet(2)));
    journal.record(commit(host(1), run(3), snapshot(3), session(1), sourceSet(1)));
    applyAll();
    assertEquals(snapshot(3), ask(v -> v.snapshots().latest(host(1), sourceSet(1))).get().id());
    assertEquals(snapshot(2), ask(v -> v.snapshots().latest(host(1), sourceSet(2))).get().id());
  }

  @Test
  void shouldListAHostsSnapshotsOldestFirst() {
    for (int i = 1; i <= 5; i++) {
      journal.record(commit(host(1), run(i), snapshot(i), session(1)));
      journal.record(commit(host(2), run(i), snapshot(10 + i), session(1)));
    }
    applyAll();
    assertEquals(List.of(1, 2, 3), numbers(v -> v.snapshots().ofHost(host(1), 0, 3)));
    long third = ask(v -> v.snapshots().find(snapshot(3))).orElseThrow().timeMillis();
    assertEquals(List.of(3, 4, 5), numbers(v -> v.snapshots().ofHost(host(1), third, 10)));
    assertEquals(List.of(4, 5), numbers(v -> v.snapshots().ofHost(host(1), third + 1, 10)));
    assertEquals(List.of(), numbers(v -> v.snapshots().ofHost(host(3), 0, 10)));
  }

  @Test
  void shouldFindSnapshotsByTheBeginningOfTheirId() {
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    journal.record(commit(host(1), run(2), snapshot(2), session(1)));
    applyAll();
    String id = snapshot(1).toString();
    assertEquals(List.of(1), numbers(v -> v.snapshots().withPrefix(id, 5)));
    assertEquals(List.of(1), numbers(v -> v.snapshots().withPrefix(id.substring(0, 7), 5)));
    assertEquals(2, numbers(v -> v.snapshots().withPrefix("", 5)).size());
    assertEquals(1, numbers(v -> v.snapshots().withPrefix("", 1)).size());
    assertThrows(HoldfastException.class, () -> numbers(v -> v.snapshots().withPrefix("xy", 5)));
  }

  @Test
  void shouldRaiseASnapshotsProofAndNeverLowerIt() {
    journal.record(commit(host(1), run(1), snapshot(1), session(1)));
    for (ProofLevel level :
        List.of(
            ProofLevel.PROOF_LEVEL_CHECKED,
            ProofLevel.PROOF_LEVEL_PROVEN,
            ProofLevel.PROOF_LEVEL_CHECKED)) {
      journal.record(proveSnapshots(level, 1));
    }
    journal.record(proveSnapshots(ProofLevel.PROOF_LEVEL_PROVEN, 2));
    applyAll();
    assertEquals(
        ProofLevel.PROOF_LEVEL_PROVEN,
        ask(v -> v.snapshots().find(snapshot(1))).orElseThrow().proof());
    assertEquals(1, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldFindGrantsByReaderAndSnapshot() {
    Change grant =
        change(c ->
            c.setGrantIssued(
                GrantIssued.newBuilder()
                    .setGrant(bytes(sixteen("grant")))
                    .setReader(bytes(host(2).toByteArray()))
                    .setSnapshot(bytes(snapshot(1).toByteArray()))
                    .setExpiresMillis(5)));
    journal.record(grant);
    applyAll();
    List<IssuedGrant> grants = ask(v -> v.fleet().grants(host(2), snapshot(1)));
    assertEquals(5, grants.getFirst().grant().getExpiresMillis());
    assertEquals(List.of(), ask(v -> v.fleet().grants(host(1), snapshot(1))));
    assertEquals(List.of(), ask(v -> v.fleet().grants(host(2), snapshot(2))));
  }

  @Test
  void shouldKeepTheMarksOfCheckpointsAndTheNewestKeyRing() {
    journal.record(
        change(c ->
            c.setCheckpointWritten(
                CheckpointWritten.newBuilder()
                    .setSeq(1)
                    .setManifestSha256(bytes(hash("manifest").toByteArray()))
                    .setCatalogDigest(bytes(hash("digest").toByteArray())))));
    journal.record(
        change(c -> c.setKeyRingWritten(KeyRingWritten.newBuilder().setObject("keys/ring.1"))));
    journal.record(
        change(c -> c.setKeyRingWritten(KeyRingWritten.newBuilder().setObject("keys/ring.2"))));
    applyAll();
    assertEquals(
        List.of(new CheckpointMark(1, hash("manifest"), hash("digest"), 2)),
        ask(CatalogView::checkpoints));
    assertEquals("keys/ring.2", ask(CatalogView::keyRing).orElseThrow().getObject());
  }

  @Test
  void shouldCountAsItApplies() {
    journal.register(
        ScriptedFooter.data(pack(1)).add(data(1), host(1)).add(data(2), host(1)),
        ScriptedFooter.pages(pack(2)).add(page(1), host(1)).add(snapshot(1), host(1)));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN, 0));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_CHECKED));
    journal.record(lose(pack(2), LossCause.LOSS_CAUSE_BYTES_DAMAGED, 1));
    applyAll();
    assertEquals(2, total(Total.PACKS));
    assertEquals(2 * (48 + 2_000 + 112), total(Total.STORED_BYTES));
    assertEquals(2, total(Total.DATA_CHUNKS));
    assertEquals(1, total(Total.PAGES));
    assertEquals(1, total(Total.SNAPSHOT_COPIES));
    assertEquals(4_000, total(Total.SEALED_BYTES));
    assertEquals(12_000, total(Total.PLAIN_BYTES));
    assertEquals(1, total(Total.PROVEN_ENTRIES));
    assertEquals(2, total(Total.CHECKED_ENTRIES));
    assertEquals(1, total(Total.LOST_ENTRIES));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    applyAll();
    assertEquals(1, total(Total.PACKS));
    assertEquals(1, total(Total.LOST_PACKS));
    assertEquals(0, total(Total.DATA_CHUNKS));
    assertEquals(2_000, total(Total.SEALED_BYTES));
    assertEquals(3, total(Total.LOST_ENTRIES));
  }

  private void refuses(ErrorCode code, RecordBody.Builder body) {
    assertRefused(code, JournalScript.record(body.build()));
  }

  private void assertRefused(ErrorCode code, AppliedRecord record) {
    assertEquals(code, assertThrows(HoldfastException.class, () -> catalog.apply(record)).code());
  }

  private void applyAll() {
    Consumer<AppliedRecord> apply = catalog::apply;
    journal.from(catalog.appliedSeq() + 1).forEach(apply);
  }

  private long total(Total total) {
    return ask(view -> view.totals().of(total));
  }

  private List<Integer> numbers(Function<CatalogView, List<StoredSnapshot>> query) {
    return ask(query).stream()
        .map(stored -> {
          int number = 1;
          while (!snapshot(number).equals(stored.id())) {
            number++;
          }
          return number;
        })
        .toList();
  }

  private <T> T ask(Function<CatalogView, T> question) {
    try (CatalogView view = catalog.view()) {
      return question.apply(view);
    }
  }
}
