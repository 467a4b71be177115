package io.holdfast.coordinator.catalog.rebuild;

import static io.holdfast.coordinator.catalog.JournalScript.data;
import static io.holdfast.coordinator.catalog.JournalScript.host;
import static io.holdfast.coordinator.catalog.JournalScript.lose;
import static io.holdfast.coordinator.catalog.JournalScript.pack;
import static io.holdfast.coordinator.catalog.JournalScript.prove;
import static io.holdfast.coordinator.catalog.JournalScript.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Digests;
import io.holdfast.coordinator.catalog.JournalScript;
import io.holdfast.coordinator.catalog.RandomJournal;
import io.holdfast.coordinator.catalog.ScriptedFooter;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the directory, the vault and the journal have been through, the catalog comes back. */
class CatalogOpenerTest {
  private static final int RECORDS = 60;

  @TempDir Path directory;

  // Where it comes from.

  @Test
  void shouldStartFromRecordOneWhenThereIsNothingElse() {
    RebuildFixture fixture = fixture();
    assertEquals(Origin.JOURNAL, fixture.reopen());
  }

  @Test
  void shouldGoOnFromItsOwnDirectory() {
    RebuildFixture fixture = fixture();
    fixture.reopen();
    fixture.journal.record(token(77));
    try (OpenedCatalog opened = fixture.open()) {
      assertEquals(Origin.DIRECTORY, opened.origin());
      assertEquals(RECORDS, opened.startSeq());
      fixture.checkAtHead(opened.catalog());
    }
  }

  @Test
  void shouldStartFromTheNewestCheckpointWhenTheDirectoryIsGone() {
    RebuildFixture fixture = fixture();
    fixture.checkpoint();
    fixture.journal.record(token(77));
    WrittenCheckpoint newest = fixture.checkpoint();
    fixture.wipe();
    try (OpenedCatalog opened = fixture.open()) {
      assertEquals(Origin.CHECKPOINT, opened.origin());
      assertEquals(newest.manifest().getSeq(), opened.startSeq());
      fixture.checkAtHead(opened.catalog());
    }
  }

  @Test
  void shouldNotUseACheckpointThatNoRecordNames() {
    RebuildFixture fixture = fixture();
    fixture.checkpointUnrecorded();
    fixture.journal.record(token(77));
    fixture.wipe();
    assertEquals(Origin.JOURNAL, fixture.reopen());
  }

  @Test
  void shouldNotUseACheckpointOfARecordThatTheJournalDoesNotHold() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint written = fixture.checkpointUnrecorded();
    JournalScript other = fixture.journal.firstRecords(RECORDS - 1);
    other.record(token(78));
    other.record(JournalScript.change(c -> c.setCheckpointWritten(written.toChange())));
    fixture.wipe();
    try (OpenedCatalog opened = fixture.opener(other).open(other)) {
      assertEquals(Origin.JOURNAL, opened.origin());
      assertEquals(Digests.of(other), Digests.of(opened.catalog()));
    }
  }

  @Test
  void shouldDropADirectoryThatIsOffTheChain() {
    RebuildFixture fixture = fixture();
    fixture.reopen();
    CatalogHead head;
    try (OpenedCatalog opened = fixture.open()) {
      head = opened.catalog().head().orElseThrow();
    }
    JournalScript other = fixture.journal.firstRecords(RECORDS - 5);
    for (int i = 0; i < 9; i++) {
      other.record(token(100 + i));
    }
    try (OpenedCatalog opened = fixture.opener(other).open(other)) {
      assertEquals(Origin.JOURNAL, opened.origin());
      assertEquals(Optional.of(head), opened.discarded());
      assertEquals(Digests.of(other), Digests.of(opened.catalog()));
    }
  }

  @Test
  void shouldDropADirectoryThatIsAheadOfTheJournal() {
    RebuildFixture fixture = fixture();
    fixture.reopen();
    JournalScript shorter = fixture.journal.firstRecords(RECORDS - 5);
    try (OpenedCatalog opened = fixture.opener(shorter).open(shorter)) {
      assertTrue(opened.discarded().isPresent());
      assertEquals(Digests.of(shorter), Digests.of(opened.catalog()));
    }
  }

  @Test
  void shouldRebuildOnRequest() {
    RebuildFixture fixture = fixture();
    fixture.checkpoint();
    fixture.reopen();
    try (OpenedCatalog opened = fixture.opener().rebuild(fixture.journal)) {
      assertEquals(Origin.CHECKPOINT, opened.origin());
      fixture.checkAtHead(opened.catalog());
    }
  }

  @Test
  void shouldTellWhereTheJournalsViewMayBegin() {
    RebuildFixture fixture = fixture();
    assertEquals(Optional.empty(), fixture.opener().journalState());
    fixture.reopen();
    assertEquals(
        Optional.of(ByteString.copyFromUtf8("journal state after " + RECORDS)),
        fixture.opener().journalState());
  }

  @Test
  void shouldOpenADirectoryForOneOwnerOnly() {
    RebuildFixture fixture = fixture();
    try (OpenedCatalog first = fixture.open()) {
      HoldfastException busy = assertThrows(HoldfastException.class, fixture::open);
      assertEquals(ErrorCode.BUSY, busy.code());
      fixture.checkAtHead(first.catalog());
    }
    assertEquals(Origin.DIRECTORY, fixture.reopen());
  }

  // Damage.

  @ParameterizedTest
  @EnumSource(DamageKind.class)
  void aDamagedManifestShouldMakeItFallBackToTheCheckpointBefore(DamageKind damage) {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint older = fixture.checkpoint();
    fixture.journal.record(token(77));
    damage.damage(fixture.objects, RebuildFixture.manifest(fixture.checkpoint()));
    shouldStartFrom(fixture, older);
  }

  @ParameterizedTest
  @EnumSource(DamageKind.class)
  void aDamagedFileShouldMakeItFallBackToTheCheckpointBefore(DamageKind damage) {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint older = fixture.checkpoint();
    fixture.journal.record(token(77));
    damage.damage(fixture.objects, RebuildFixture.file(fixture.checkpoint()));
    shouldStartFrom(fixture, older);
  }

  @Test
  void anOlderManifestInItsPlaceShouldBeTakenForDamage() {
    RebuildFixture fixture = fixture();
    WrittenCheckpoint older = fixture.checkpoint();
    fixture.journal.record(token(77));
    String newer = RebuildFixture.manifest(fixture.checkpoint());
    fixture.objects.put(newer, fixture.objects.get(RebuildFixture.manifest(older)));
    shouldStartFrom(fixture, older);
  }

  @Test
  void shouldStartFromRecordOneWhenEveryCheckpointIsDamaged() {
    RebuildFixture fixture = fixture();
    DamageKind.FLIP.damage(fixture.objects, RebuildFixture.file(fixture.checkpoint()));
    fixture.wipe();
    assertEquals(Origin.JOURNAL, fixture.reopen());
  }

  @ParameterizedTest
  @EnumSource(DamageKind.class)
  void aDirectoryThatDoesNotReadShouldBeRebuilt(DamageKind damage) throws IOException {
    RebuildFixture fixture = fixture();
    fixture.reopen();
    damage.damage(directory.resolve("state/db/rows"));
    fixture.reopen();
  }

  @Test
  void aVaultThatIsCutOffShouldNotBeTakenForDamage() {
    RebuildFixture fixture = fixture();
    fixture.checkpoint();
    fixture.wipe();
    fixture.objects.cutOff(true);
    HoldfastException error = assertThrows(HoldfastException.class, fixture::open);
    assertEquals(ErrorCode.VAULT_UNAVAILABLE, error.code());
    fixture.objects.cutOff(false);
    assertEquals(Origin.CHECKPOINT, fixture.reopen());
  }

  @Test
  void aRestoreThatWasStoppedShouldNotGetInTheWay() throws IOException {
    RebuildFixture fixture = fixture();
    fixture.checkpoint();
    fixture.wipe();
    Files.createDirectories(directory.resolve("state/incoming"));
    Files.writeString(directory.resolve("state/incoming/rows"), "half");
    Files.createDirectories(directory.resolve("state/db"));
    assertEquals(Origin.CHECKPOINT, fixture.reopen());
  }

  @Test
  void anUnknownChangeShouldStopItAndKeepWhatItHas() {
    RebuildFixture fixture = fixture();
    fixture.reopen();
    fixture.journal.record(token(77));
    JournalScript newer = fixture.journal.firstRecords(RECORDS + 1);
    newer.record(Change.getDefaultInstance());
    HoldfastException stopped =
        assertThrows(HoldfastException.class, () -> fixture.opener(newer).open(newer));
    assertEquals(ErrorCode.UNKNOWN_VERSION, stopped.code());
    assertEquals(Origin.DIRECTORY, fixture.reopen());
  }

  // Packs whose footers are gone.

  @Test
  void aPackThatIsGoneShouldBeReportedAndNotHoldUpTheRest() {
    RebuildFixture fixture = withTwoPacks();
    fixture.journal.forgetFooter(pack(1));
    try (OpenedCatalog opened = fixture.open();
        CatalogView view = opened.catalog().view()) {
      assertEquals(Set.of(pack(1)), opened.unreadPacks());
      assertEquals(List.of(pack(1)), view.packs().unread());
      assertEquals(List.of(), view.chunks().locations(data(1)));
      assertEquals(1, view.chunks().locations(data(2)).size());
    }
  }

  @Test
  void catalogsShouldAgreeAgainOnceTheLossIsOnRecord() {
    RebuildFixture fixture = withTwoPacks();
    fixture.journal.record(prove(pack(1), ProofLevel.PROOF_LEVEL_PROVEN, 0));
    fixture.journal.record(lose(pack(1), LossCause.LOSS_CAUSE_PROOF_FAILED, 1));
    JournalScript withFooter = fixture.journal.firstRecords(fixture.journal.records().size());
    fixture.journal.forgetFooter(pack(1));
    try (OpenedCatalog opened = fixture.open()) {
      assertNotEquals(Digests.of(withFooter), Digests.of(opened.catalog()));
      Change loss = lose(pack(1), LossCause.LOSS_CAUSE_PACK_MISSING);
      opened.catalog().apply(fixture.journal.record(loss));
      withFooter.record(loss);
      assertEquals(Digests.of(withFooter), Digests.of(opened.catalog()));
    }
    fixture.wipe();
    try (OpenedCatalog opened = fixture.open()) {
      assertEquals(Digests.of(withFooter), Digests.of(opened.catalog()));
    }
  }

  @Test
  void aFooterThatIsGoneShouldMakeItLookForANewerCheckpoint() {
    RebuildFixture fixture = withTwoPacks();
    WrittenCheckpoint written = fixture.checkpoint();
    fixture.wipe();
    JournalScript beforeThePacks = fixture.journal.firstRecords(2);
    fixture.opener(beforeThePacks).open(beforeThePacks).close();
    JournalScript whole = fixture.journal.firstRecords(fixture.journal.records().size());
    fixture.journal.forgetFooter(pack(1));
    try (OpenedCatalog opened = fixture.open()) {
      assertEquals(Origin.CHECKPOINT, opened.origin());
      assertEquals(written.manifest().getSeq(), opened.startSeq());
      assertEquals(Set.of(), opened.unreadPacks());
      assertEquals(Digests.of(whole), Digests.of(opened.catalog()));
    }
  }

  @Test
  void aFooterThatCannotBeReadNowShouldNotBeTakenForGone() {
    RebuildFixture fixture = withTwoPacks();
    fixture.journal.cutOff(pack(1), true);
    HoldfastException error = assertThrows(HoldfastException.class, fixture::open);
    assertEquals(ErrorCode.VAULT_UNAVAILABLE, error.code());
    fixture.journal.cutOff(pack(1), false);
    fixture.reopen();
  }

  private void shouldStartFrom(RebuildFixture fixture, WrittenCheckpoint expected) {
    fixture.wipe();
    try (OpenedCatalog opened = fixture.open()) {
      assertEquals(Origin.CHECKPOINT, opened.origin());
      assertEquals(expected.manifest().getSeq(), opened.startSeq());
      fixture.checkAtHead(opened.catalog());
    }
  }

  private RebuildFixture fixture() {
    return fixture(RandomJournal.of(11, RECORDS));
  }

  private RebuildFixture fixture(JournalScript journal) {
    return new RebuildFixture(directory.resolve("state"), journal, RebuildFixture.MEMORY);
  }

  /** Pack 1 with a chunk of each of two hosts, pack 2 with one. */
  private RebuildFixture withTwoPacks() {
    JournalScript journal = JournalScript.begun();
    journal.record(token(1));
    journal.register(ScriptedFooter.data(pack(1)).add(data(1), host(1)).add(data(3), host(2)));
    journal.register(ScriptedFooter.data(pack(2)).add(data(2), host(1)));
    return fixture(journal);
  }
}
