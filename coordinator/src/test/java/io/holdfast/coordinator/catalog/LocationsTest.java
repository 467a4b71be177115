package io.holdfast.coordinator.catalog;

import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.hash;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.lose;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.page;
import static io.holdfast.coordinator.catalog.JournalScript.prove;
import static io.holdfast.coordinator.catalog.JournalScript.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.store.MemoryStore;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.RollbackAccepted;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where chunks lie, whom they count for, and what losses and page checks do to that. */
class LocationsTest {
  private static final HostId ALICE = host(1);
  private static final HostId BOB = host(2);

  private final JournalScript journal = JournalScript.begun();
  private final Catalog catalog =
      Catalog.open(MemoryStore.open(null), journal, CatalogConfig.defaults());

  @AfterEach
  void close() {
    catalog.close();
  }

  // Locations.

  @Test
  void shouldKnowWhereAChunkLies() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), BOB).add(data(2), ALICE));
    Location expected = new Location(pack(1), 1, ALICE, 1_048, 1_000, 3_000, 8, true, false, false);
    assertEquals(List.of(expected), locations(data(2)));
    assertEquals(List.of(), locations(data(3)));
    assertEquals(List.of(), locations(page(2)));
  }

  @Test
  void shouldKeepAllLocationsOldestFirst() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), BOB).add(data(1), ALICE));
    journal.register(ScriptedFooter.data(pack(3)).add(data(1), BOB));
    assertEquals(
        List.of(pack(1), pack(2), pack(2), pack(3)),
        locations(data(1)).stream().map(Location::pack).toList());
    assertEquals(List.of(0, 0, 1, 0), locations(data(1)).stream().map(Location::entry).toList());
  }

  @Test
  void shouldRegisterAPackOnlyOnce() {
    ScriptedFooter first = ScriptedFooter.data(pack(1)).add(data(1), ALICE);
    journal.register(first);
    journal.record(first.registration());
    journal.record(ScriptedFooter.data(pack(1)).add(data(2), BOB).registration());
    assertEquals(1, locations(data(1)).size());
    assertEquals(List.of(), locations(data(2)));
    assertEquals(2, total(Total.IGNORED_CHANGES));
  }

  // What is found again.

  @Test
  void whatIsFoundAgainShouldBeSoughtNoMore() {
    journal.register(
        ScriptedFooter.data(pack(1)).add(data(1), ALICE).add(data(2), BOB).add(data(3), BOB));
    journal.record(
        lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 2),
        lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    assertEquals(bits(0, 1), sought(pack(1)), "and never what failed its proof");
    journal.register(ScriptedFooter.data(pack(2)).add(data(2), BOB).found(pack(1), 1));
    assertEquals(bits(0), sought(pack(1)));
    assertTrue(locations(data(2)).getLast().present());
    assertFalse(locations(data(2)).getFirst().present(), "a loss isn't undone");
  }

  @Test
  void shouldRegisterNothingForWhatSomebodyElseFoundFirst() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE).add(data(2), BOB));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE).found(pack(1), 0));
    journal.register(
        ScriptedFooter.data(pack(3)).add(data(1), ALICE).add(data(2), BOB).found(pack(1), 0, 1));
    assertEquals(2, locations(data(1)).size());
    assertEquals(1, locations(data(2)).size());
    assertEquals(bits(1), sought(pack(1)));
    assertEquals(1, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldRegisterNothingForWhatIsNotLost() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE).found(pack(1), 0));
    journal.register(ScriptedFooter.data(pack(3)).add(data(1), ALICE).found(pack(9), 0));
    assertEquals(1, locations(data(1)).size());
    assertEquals(2, total(Total.IGNORED_CHANGES));
  }

  private BitSet sought(PackId pack) {
    return ask(v -> v.packs().find(pack)).orElseThrow().state().sought();
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    IntStream.of(set).forEach(bits::set);
    return bits;
  }

  @Test
  void shouldSeeAPackInTheRecordThatRegistersIt() {
    ScriptedFooter footer = ScriptedFooter.data(pack(1)).add(data(1), ALICE);
    journal.footer(pack(1), footer);
    journal.record(
        footer.registration(),
        prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN),
        footer.registration());
    assertTrue(locations(data(1)).getFirst().proven());
    assertEquals(1, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldFindCopiesOfASnapshotsRecord() {
    journal.register(ScriptedFooter.pages(pack(1)).add(page(1), ALICE).add(snapshot(1), ALICE));
    List<Location> copies = ask(v -> v.chunks().snapshotCopies(snapshot(1)));
    assertEquals(1, copies.getFirst().entry());
  }

  @Test
  void shouldShowPacksInTheOrderOfRegistration() {
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE).owner(BOB));
    journal.register(ScriptedFooter.pages(pack(1)).add(page(1), ALICE));
    List<PackId> packs = new ArrayList<>();
    ask(v -> {
      v.packs().forEach(known -> packs.add(known.pack().id()));
      return packs;
    });
    assertEquals(List.of(pack(2), pack(1)), packs);
    RegisteredPack found = ask(v -> v.packs().find(pack(2))).orElseThrow().pack();
    assertEquals(List.of(ALICE, BOB), found.owners());
    assertEquals(2, found.seq());
    assertEquals(100, found.footerLength());
    assertEquals(hash("footer " + pack(2)), found.footerSha256());
    assertEquals(Optional.empty(), ask(v -> v.packs().find(pack(3))));
  }

  @Test
  void shouldShowPacksFromANumberOn() {
    journal.register(ScriptedFooter.data(pack(3)).add(data(1), ALICE));
    journal.register(ScriptedFooter.pages(pack(2)).add(page(1), ALICE));
    journal.register(ScriptedFooter.data(pack(1)).add(data(2), BOB));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN));
    assertEquals(List.of(pack(2)), ids(ask(v -> v.packs().from(1, 1))));
    List<KnownPack> rest = ask(v -> v.packs().from(1, 5));
    assertEquals(List.of(pack(2), pack(1)), ids(rest));
    assertEquals(List.of(0, 1), rest.stream().map(p -> p.state().provenEntries()).toList());
    assertEquals(List.of(), ids(ask(v -> v.packs().from(3, 1))));
  }

  private static List<PackId> ids(List<KnownPack> packs) {
    return packs.stream().map(known -> known.pack().id()).toList();
  }

  // Whom a location counts for.

  @Test
  void anUnprovenUploadShouldCountForItsUploaderAlone() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), BOB));
    assertTrue(counts(BOB, data(1)));
    assertFalse(counts(ALICE, data(1)));
    assertTrue(present(data(1)));
  }

  @Test
  void aProvenLocationShouldCountForEverybody() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), BOB).add(data(2), BOB));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN, 1));
    assertFalse(counts(ALICE, data(1)));
    assertTrue(counts(ALICE, data(2)));
  }

  @Test
  void aCheckedLocationShouldNotCountForOthers() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), BOB));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_CHECKED));
    assertFalse(counts(ALICE, data(1)));
  }

  @Test
  void aPoisonedUploadShouldNotStandInForAnHonestOne() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), BOB));
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE));
    assertEquals(pack(2), find(data(1), ALICE, Optional.empty()).orElseThrow().pack());
    assertEquals(pack(1), find(data(1), BOB, Optional.empty()).orElseThrow().pack());
    assertEquals(Optional.empty(), find(data(1), host(3), Optional.empty()));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 0));
    assertTrue(counts(ALICE, data(1)));
    assertFalse(counts(BOB, data(1)));
    assertTrue(present(data(1)));
  }

  @Test
  void aKindShouldNotPoseAsAnother() {
    ChunkRef data = data(1);
    ChunkRef page = new ChunkRef(ChunkKind.PAGE, data.id());
    journal.register(ScriptedFooter.data(pack(1)).add(data, ALICE));
    assertTrue(counts(ALICE, data));
    assertFalse(counts(ALICE, page));
  }

  @Test
  void shouldAnswerManyAtOnceInTheOrderAsked() {
    ScriptedFooter footer = ScriptedFooter.data(pack(1));
    for (int i = 0; i < 100; i += 2) {
      footer.add(data(i), ALICE);
    }
    journal.register(footer);
    List<ChunkRef> refs = IntStream.range(0, 100).mapToObj(JournalScript::data).toList();
    BitSet counted = ask(v -> v.chunks().counts(ALICE, refs));
    for (int i = 0; i < 100; i++) {
      assertEquals(i % 2 == 0, counted.get(i));
    }
    assertEquals(counted, ask(v -> v.chunks().present(refs)));
    assertEquals(new BitSet(), ask(v -> v.chunks().counts(BOB, refs)));
    assertEquals(new BitSet(), ask(v -> v.chunks().counts(BOB, List.of())));
  }

  @Test
  void shouldReadFromThePackAtHandThenAProvenOneThenTheOldest() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE));
    journal.register(ScriptedFooter.data(pack(3)).add(data(1), ALICE));
    assertEquals(pack(1), find(data(1), ALICE, Optional.empty()).orElseThrow().pack());
    journal.record(prove(pack(2), ProofLevel.PROOF_LEVEL_PROVEN));
    assertEquals(pack(2), find(data(1), ALICE, Optional.empty()).orElseThrow().pack());
    assertEquals(pack(3), find(data(1), ALICE, Optional.of(pack(3))).orElseThrow().pack());
    assertEquals(pack(2), find(data(1), BOB, Optional.of(pack(3))).orElseThrow().pack());
    journal.record(lose(pack(3), LossCause.LOSS_CAUSE_BYTES_DAMAGED, 0));
    assertEquals(pack(2), find(data(1), ALICE, Optional.of(pack(3))).orElseThrow().pack());
  }

  // Losses.

  @Test
  void aLostEntryShouldNeitherBePresentNorCountButStayListed() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE).add(data(2), ALICE));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_BYTES_DAMAGED, 0));
    assertFalse(present(data(1)));
    assertFalse(counts(ALICE, data(1)));
    assertFalse(locations(data(1)).getFirst().present());
    assertTrue(counts(ALICE, data(2)));
  }

  @Test
  void aLostPackShouldTakeAllItsLocationsAlong() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE).add(data(2), BOB));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    assertFalse(present(data(1)));
    assertFalse(present(data(2)));
    assertTrue(ask(v -> v.packs().find(pack(1))).orElseThrow().state().isLost());
  }

  @Test
  void aLostChunkShouldBeUploadedAnewIntoAnotherPack() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING));
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE));
    assertTrue(counts(ALICE, data(1)));
    assertEquals(pack(2), find(data(1), ALICE, Optional.of(pack(1))).orElseThrow().pack());
  }

  @Test
  void provingALostEntryShouldNotBringItBack() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 0));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN, 0));
    assertFalse(present(data(1)));
    assertFalse(counts(BOB, data(1)));
  }

  @Test
  void proofsAndLossesOfUnknownPacksShouldBeIgnored() {
    journal.record(prove(pack(9), ProofLevel.PROOF_LEVEL_PROVEN));
    journal.record(lose(pack(9), LossCause.LOSS_CAUSE_PACK_MISSING));
    assertEquals(2, total(Total.IGNORED_CHANGES));
    assertEquals(0, lossSeqForAll());
  }

  // Page checks.

  @Test
  void aCheckShouldLiveForItsHostAndItsPage() {
    journal.register(checkedPages());
    assertTrue(live(ALICE, page(1)));
    assertFalse(live(ALICE, page(2)));
    assertFalse(live(BOB, page(1)));
    assertTrue(live(BOB, page(3)));
    assertTrue(isCheckLive(pack(1)));
    assertFalse(isCheckLive(pack(9)));
  }

  @ParameterizedTest
  @EnumSource(
      value = LossCause.class,
      names = {"LOSS_CAUSE_PACK_MISSING", "LOSS_CAUSE_BYTES_DAMAGED"})
  void aLossShouldUndoEveryCheckMadeBeforeIt(LossCause cause) {
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), BOB));
    journal.register(checkedPages());
    journal.record(lose(pack(2), cause));
    assertFalse(live(ALICE, page(1)));
    assertFalse(live(BOB, page(3)));
    assertEquals(journal.last().seq(), lossSeqForAll());
  }

  @Test
  void aFailedProofOfAnUnprovenEntryShouldUndoItsUploadersChecksAlone() {
    journal.register(
        ScriptedFooter.data(pack(2)).add(data(1), BOB).add(data(2), ALICE).add(data(3), host(3)));
    journal.register(checkedPages());
    journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PROOF_FAILED, 0));
    assertTrue(live(ALICE, page(1)));
    assertFalse(live(BOB, page(3)));
    assertEquals(journal.last().seq(), lossSeqFor(BOB));
    assertEquals(0, lossSeqFor(host(3)));
    assertEquals(0, lossSeqForAll());
  }

  @Test
  void aFailedProofOfAProvenEntryShouldUndoEveryCheck() {
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), BOB).add(data(2), BOB));
    journal.record(prove(pack(2), ProofLevel.PROOF_LEVEL_PROVEN, 0));
    journal.register(checkedPages());
    journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PROOF_FAILED, 1));
    assertTrue(live(ALICE, page(1)));
    journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PROOF_FAILED, 0));
    assertFalse(live(ALICE, page(1)));
  }

  @Test
  void anAcceptedRollbackShouldUndoEveryCheck() {
    journal.register(checkedPages());
    journal.record(
        JournalScript.change(c -> c.setRollbackAccepted(RollbackAccepted.getDefaultInstance())));
    assertFalse(live(ALICE, page(1)));
  }

  @Test
  void aCheckThatSawTheLossShouldLive() {
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE));
    long loss = journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PACK_MISSING)).seq();
    journal.register(ScriptedFooter.pages(pack(3)).add(page(5), ALICE).check(ALICE, loss - 1, 0));
    journal.register(ScriptedFooter.pages(pack(4)).add(page(6), ALICE).check(ALICE, loss, 0));
    assertFalse(live(ALICE, page(5)));
    assertTrue(live(ALICE, page(6)));
  }

  @Test
  void aCheckFromTheFutureShouldBeIgnored() {
    journal.register(ScriptedFooter.pages(pack(1)).add(page(1), ALICE).check(ALICE, 2, 0));
    assertFalse(live(ALICE, page(1)));
    assertEquals(1, total(Total.IGNORED_CHANGES));
  }

  @Test
  void aCheckOfALostPageShouldNotMakeItLive() {
    journal.register(checkedPages());
    journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 2));
    assertFalse(live(BOB, page(3)));
    assertTrue(live(ALICE, page(1)));
  }

  @Test
  void aCheckMadeLaterShouldOutliveALossOnItsOwnSeq() {
    ScriptedFooter twice = ScriptedFooter.pages(pack(3)).add(page(5), ALICE).add(page(6), ALICE);
    journal.register(ScriptedFooter.data(pack(2)).add(data(1), ALICE));
    long loss = journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PACK_MISSING)).seq();
    journal.register(twice.check(ALICE, loss - 1, 0, 1).check(ALICE, loss, 1).check(ALICE, loss));
    assertFalse(live(ALICE, page(5)));
    assertTrue(live(ALICE, page(6)));
  }

  // Hostile footers.

  @Test
  void entriesThatCannotBeShouldBeLeftOutAndCounted() {
    ScriptedFooter hostile =
        ScriptedFooter.data(pack(1))
            .owner(ALICE)
            .add(1, hash("before the chunks"), 0, 47, 100)
            .add(1, hash("beyond the chunks"), 0, 1_048, 5_000)
            .add(1, hash("far away"), 0, 0xFFFF_FFFFL, 0xFFFF_FFFFL)
            .add(1, hash("empty"), 0, 100, 0)
            .add(4, hash("a page in a data pack"), 0, 100, 100)
            .add(16, hash("a copy in a data pack"), 0, 100, 100)
            .add(0, hash("kind 0"), 0, 100, 100)
            .add(7, hash("kind 7"), 0, 100, 100)
            .add(1, hash("owner 1"), 1, 100, 100)
            .add(data(1), ALICE);
    journal.footer(pack(1), hostile);
    Change registration = hostile.registration();
    journal.record(
        registration.toBuilder()
            .setPackRegistered(registration.getPackRegistered().toBuilder().setSize(4_000))
            .build());
    assertEquals(10, total(Total.REFUSED_ENTRIES) + locations(data(1)).size());
    assertEquals(0, total(Total.PAGES));
  }

  @Test
  void anEntryAtTheVeryEndShouldBeLocated() {
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), ALICE));
    assertEquals(1, locations(data(1)).size());
    ScriptedFooter oneTooLong =
        ScriptedFooter.data(pack(2)).owner(ALICE).add(1, data(2).id().value(), 0, 48, 1_001);
    journal.register(oneTooLong);
    assertEquals(0, locations(data(2)).size());
    assertEquals(1, total(Total.REFUSED_ENTRIES));
  }

  @Test
  void aFooterThatContradictsItsRegistrationShouldLocateNothing() {
    ScriptedFooter registered = ScriptedFooter.data(pack(1)).add(data(1), ALICE);
    journal.footer(pack(1), ScriptedFooter.data(pack(1)).add(data(1), BOB));
    journal.record(registered.registration());
    journal.footer(pack(2), ScriptedFooter.data(pack(2)).add(data(2), ALICE).add(data(3), ALICE));
    journal.record(ScriptedFooter.data(pack(2)).add(data(2), ALICE).registration());
    assertEquals(List.of(), locations(data(1)));
    assertEquals(List.of(), locations(data(2)));
    assertEquals(2, total(Total.REFUSED_ENTRIES));
    assertEquals(2, total(Total.PACKS));
  }

  @Test
  void bitmapsLongerThanThePackShouldBeCut() {
    journal.register(
        ScriptedFooter.data(pack(1)).add(data(1), BOB),
        ScriptedFooter.pages(pack(2)).add(page(1), BOB).check(BOB, 1, 0, 1, 500));
    journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN, 0, 1, 9, 70_000));
    journal.record(lose(pack(2), LossCause.LOSS_CAUSE_PROOF_FAILED, 3, 99));
    assertEquals(1, total(Total.PROVEN_ENTRIES));
    assertEquals(0, total(Total.LOST_ENTRIES));
    assertTrue(present(page(1)));
  }

  @Test
  void aPackBeyondTheLimitsShouldBeRefused() {
    applyAll();
    Change registration = ScriptedFooter.data(pack(1)).registration();
    List<UnaryOperator<PackRegistered.Builder>> impossible =
        List.of(p -> p.setEntries(-1), p -> p.setSize(-1), p -> p.setFooterLength(-1));
    for (UnaryOperator<PackRegistered.Builder> make : impossible) {
      PackRegistered.Builder pack = make.apply(registration.getPackRegistered().toBuilder());
      AppliedRecord record =
          journal.next(List.of(registration.toBuilder().setPackRegistered(pack).build()));
      HoldfastException refused =
          assertThrows(HoldfastException.class, () -> catalog.apply(record));
      assertEquals(ErrorCode.MALFORMED, refused.code());
    }
  }

  @Test
  void anUnreadableFooterShouldStopApplyUntilItReads() {
    ScriptedFooter footer = ScriptedFooter.data(pack(1)).add(data(1), ALICE);
    journal.register(footer);
    journal.cutOff(pack(1), true);
    assertThrows(HoldfastException.class, this::applyAll);
    assertEquals(1, catalog.appliedSeq());
    journal.cutOff(pack(1), false);
    assertEquals(1, locations(data(1)).size());
  }

  /** Alice's page 1 was checked for her, Bob's page 3 for him; Alice's page 2 wasn't. */
  private ScriptedFooter checkedPages() {
    long seq = journal.last().seq();
    return ScriptedFooter.pages(pack(1))
        .add(page(1), ALICE)
        .add(page(2), ALICE)
        .add(page(3), BOB)
        .check(ALICE, seq, 0)
        .check(BOB, seq, 2);
  }

  private void applyAll() {
    journal.from(catalog.appliedSeq() + 1).forEach(catalog::apply);
  }

  private List<Location> locations(ChunkRef ref) {
    return ask(view -> view.chunks().locations(ref));
  }

  private boolean counts(HostId host, ChunkRef ref) {
    return ask(view -> view.chunks().counts(host, List.of(ref))).get(0);
  }

  private boolean present(ChunkRef ref) {
    return ask(view -> view.chunks().present(List.of(ref))).get(0);
  }

  private boolean live(HostId host, ChunkRef page) {
    return ask(view -> view.chunks().hasLiveCheck(page, host));
  }

  private Optional<Location> find(ChunkRef ref, HostId host, Optional<PackId> near) {
    return ask(view -> view.chunks().find(ref, host, near));
  }

  private boolean isCheckLive(PackId pack) {
    return ask(view -> view.chunks().isCheckLive(pack, 0, ALICE));
  }

  private long lossSeqForAll() {
    return ask(view -> view.losses().newestForAll());
  }

  private long lossSeqFor(HostId host) {
    return ask(view -> view.losses().newestFor(host));
  }

  private long total(Total total) {
    return ask(view -> view.totals().of(total));
  }

  private <T> T ask(Function<CatalogView, T> question) {
    applyAll();
    try (CatalogView view = catalog.view()) {
      return question.apply(view);
    }
  }
}
