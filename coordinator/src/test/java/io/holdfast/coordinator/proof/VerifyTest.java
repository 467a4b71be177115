package io.holdfast.coordinator.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import io.holdfast.coordinator.catalog.RecordedVerification;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.testkit.TestBackup;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestJournal;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ForwardingVault;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.ProofLevel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VerifyTest {
  private static final ProofLevel CHECKED = ProofLevel.PROOF_LEVEL_CHECKED;
  private static final ProofLevel PROVEN = ProofLevel.PROOF_LEVEL_PROVEN;

  private final TestRepository repository = TestRepository.begun(2);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final TestHost bob = TestHost.enrol(repository, "bob");
  private final Faults told = new Faults();

  @Test
  void shouldFindNothingWrongWithSoundPacks() throws Exception {
    alice.backup().file("etc/a", "first").file("etc/b", "second").commit();
    bob.backup().file("etc/a", "third").commit();
    VerifyTally tally = verify(CHECKED);
    assertEquals(0, tally.faults(), told.faults.toString());
    assertEquals(tally.packsExpected(), tally.packs());
    assertEquals(tally.packs(), told.tallies.size());
    try (CatalogView view = repository.view()) {
      assertEquals(tally.chunks(), view.totals().of(Total.CHECKED_ENTRIES));
    }
    assertEquals(tally.chunks(), verify(PROVEN).chunks(), "each once, though read twice");
  }

  @Test
  void shouldSayOnlyThatItReadThePacksWhenItTellsNothingNew() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    verify(CHECKED);
    int records = repository.journal().records().size();
    long checked = checkedEntries();
    repository.passTime(Duration.ofDays(3));
    verify(CHECKED);
    assertEquals(records + 1, repository.journal().records().size());
    assertEquals(checked, checkedEntries());
    try (CatalogView view = repository.view()) {
      long oldest = view.packs().leastRecentlyRead(1).getFirst().readMillis();
      assertEquals(repository.time().now().toEpochMilli(), oldest, "that is a reading like others");
    }
  }

  private long checkedEntries() {
    try (CatalogView view = repository.view()) {
      return view.totals().of(Total.CHECKED_ENTRIES);
    }
  }

  @Test
  void shouldNotSayThatItReadAPackOfWhichItCouldNotTellAll() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    repository.passTime(Duration.ofDays(3));
    repository.vault().failReads(1_000);
    verify(CHECKED);
    try (CatalogView view = repository.view()) {
      assertTrue(view.packs().leastRecentlyRead(9).stream().noneMatch(LastRead::isRead));
    }
  }

  @Test
  void shouldConcludeInARecordOfItsOwn() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    Verify verify = new Verify(repository.proof());
    VerifyTally tally = verify.run(PROVEN, Optional.empty(), told);
    verify.conclude(PROVEN, tally, 0);
    try (CatalogView view = repository.view()) {
      RecordedVerification last = view.proofs().lastVerification(PROVEN).orElseThrow();
      assertEquals(TestJournal.WRITER, last.statement().writer());
      assertEquals(view.appliedSeq(), last.statement().seq());
      assertEquals(tally.packs(), last.ended().getPacks());
      assertEquals(tally.throughSeq(), last.ended().getThroughSeq());
      assertEquals(1, last.ended().getSnapshots());
    }
    int before = repository.journal().records().size();
    verify.conclude(PROVEN, tally, 1);
    try (CatalogView view = repository.view()) {
      assertEquals(before, view.proofs().lastVerification(PROVEN).orElseThrow().statement().seq());
    }
  }

  @Test
  void shouldNameTheFilesThatNeedADamagedChunk() throws Exception {
    alice.backup().file("etc/a", "first").file("etc/copy", "first").file("z", "last").commit();
    Location at = location("first");
    flip(at);
    VerifyTally tally = verify(CHECKED);
    assertEquals(1, tally.faults());
    Fault fault = told.faults.getFirst();
    assertEquals(Optional.of(at.pack()), fault.pack());
    assertEquals(at.offset(), fault.offset());
    assertEquals(Optional.of(chunk("first")), fault.chunk());
    assertEquals(List.of("etc/a", "etc/copy"), names(fault));
    assertFalse(alice.counts(chunk("first")), "it is recorded as lost");
  }

  @Test
  void shouldNameTheBeginningOfADamagedPage() throws Exception {
    alice.backup().file("etc/a", "first").commit();
    for (PackId pack : packs(false)) {
      repository.vault().flip(object(pack), PackLayout.HEADER_LENGTH + 60);
    }
    verify(CHECKED);
    assertEquals(List.of("etc"), names(told.faults.getFirst()));
  }

  @Test
  void shouldFindPoisonOnlyWhereItOpens() throws Exception {
    bob.upload(chunk("shared"), bob.garbage(ChunkKind.DATA, "poison"));
    SnapshotId poisoned = bob.backup().file("note", "shared").commit();
    assertEquals(0, verify(CHECKED).faults(), "the bytes are as they were written");
    VerifyTally tally = verify(PROVEN);
    assertEquals(1, tally.faults(), told.faults.toString());
    assertEquals(List.of("note"), names(told.faults.getFirst()));
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(poisoned));
  }

  @Test
  void shouldProveWhatItOpens() throws Exception {
    SnapshotId first = alice.backup().file("etc/a", "first").commit();
    SnapshotId second = bob.backup().file("etc/b", "second").commit();
    VerifyTally tally = verify(PROVEN);
    assertEquals(2, tally.snapshots());
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(first));
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(second));
  }

  /** The id follows from the key: what opens to it is the chunk, whoever uploaded it. */
  @Test
  void whatAnotherHostUploadedShouldStandInOnceItIsOpened() throws Exception {
    SnapshotId snapshot = alice.backup().file("a", "first").commit();
    repository.vault().delete(object(location("first").pack()));
    verify(CHECKED);
    bob.store(ChunkKind.DATA, "first".getBytes(StandardCharsets.UTF_8), List.of());
    bob.flush();
    assertFalse(alice.counts(chunk("first")), "it may be anything");
    told.faults.clear();
    verify(CHECKED);
    assertFalse(alice.counts(chunk("first")));
    assertEquals(0, verify(PROVEN).faults(), told.faults::toString);
    assertTrue(alice.counts(chunk("first")));
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
  }

  @Test
  void anotherHostsGarbageShouldNotStandIn() throws Exception {
    SnapshotId snapshot = alice.backup().file("a", "first").commit();
    repository.vault().delete(object(location("first").pack()));
    verify(CHECKED);
    bob.upload(chunk("first"), bob.garbage(ChunkKind.DATA, "poison"));
    bob.flush();
    assertTrue(verify(PROVEN).faults() > 0);
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(snapshot));
  }

  @Test
  void shouldVerifyOneSnapshotAlone() throws Exception {
    SnapshotId sound = alice.backup().file("a", "first").commit();
    SnapshotId hit = bob.backup().file("b", "second").commit();
    flip(location("second"));
    assertEquals(0, verify(CHECKED, sound).faults(), told.faults.toString());
    assertEquals(SnapshotHealth.State.CHECKED, repository.state(sound));
    assertEquals(1, verify(CHECKED, hit).faults());
    assertEquals(List.of("b"), names(told.faults.getFirst()));
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(hit));
  }

  @Test
  void shouldReportAMissingPack() throws Exception {
    alice.backup().file("a", "first").commit();
    repository.vault().delete(object(location("first").pack()));
    VerifyTally tally = verify(CHECKED);
    assertEquals(1, tally.faults());
    assertEquals(ErrorCode.OBJECT_NOT_FOUND, told.faults.getFirst().error().code());
    assertFalse(alice.counts(chunk("first")));
  }

  @Test
  void shouldReportACutPack() throws Exception {
    alice.backup().file("a", "first").commit();
    repository.vault().truncate(object(location("first").pack()), 100);
    verify(CHECKED);
    assertFalse(alice.counts(chunk("first")), told.faults.toString());
  }

  @Test
  void shouldLoseNothingByADamagedHeaderOrTrailer() throws Exception {
    alice.backup().file("a", "first").commit();
    PackId pack = location("first").pack();
    repository.vault().flip(object(pack), 20);
    repository.vault().flip(object(pack), size(pack) - 1);
    assertEquals(2, verify(CHECKED).faults());
    assertTrue(alice.counts(chunk("first")));
  }

  @Test
  void shouldLoseThePackWithItsFooter() throws Exception {
    alice.backup().file("a", "first").commit();
    PackId pack = location("first").pack();
    repository.vault().flip(object(pack), size(pack) - 30);
    assertEquals(1, verify(CHECKED).faults());
    assertFalse(alice.counts(chunk("first")));
  }

  @Test
  void shouldLoseNothingWhenTheVaultDoesNotAnswer() throws Exception {
    alice.backup().file("a", "first").commit();
    repository.vault().failReads(1_000);
    VerifyTally tally = verify(CHECKED);
    assertTrue(tally.faults() > 0);
    repository.vault().failReads(0);
    assertTrue(alice.counts(chunk("first")));
    assertEquals(0, verify(CHECKED).faults() - 0L);
  }

  /** What a verification stands on, with another vault. */
  private ProofPorts over(Vault vault) {
    ProofPorts ports = repository.proof();
    return new ProofPorts(
        ports.views(),
        vault,
        ports.packs(),
        new Footers(vault),
        ports.journal(),
        ports.commitPath(),
        ports.opener(),
        ports.exams(),
        ports.randomness(),
        ports.room(),
        ports.health(),
        ports.meter());
  }

  /** Of the host's own nothing is left, whatever others have. */
  @Test
  void whatOnlyAnotherHostMayHaveShouldBeMissingWhileNothingCanBeToldOfIt() throws Exception {
    SnapshotId snapshot = alice.backup().file("a", "first").commit();
    repository.vault().delete(object(location("first").pack()));
    verify(CHECKED);
    bob.store(ChunkKind.DATA, "first".getBytes(StandardCharsets.UTF_8), List.of());
    bob.flush();
    PackId others = locations("first").getLast().pack();
    Silent silent = new Silent(repository.vault(), Set.of(object(others)));
    new Verify(over(silent)).run(PROVEN, Optional.of(repository.snapshot(snapshot)), told);
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(snapshot));
  }

  /** Does not answer for data packs, and counts how often it was asked. */
  private static final class Silent extends ForwardingVault {
    private final Set<ObjectName> packs;
    private final AtomicInteger asked = new AtomicInteger();

    Silent(Vault target, Set<ObjectName> packs) {
      super(target);
      this.packs = packs;
    }

    @Override
    public ObjectReader open(ObjectName name) {
      if (packs.contains(name)) {
        asked.incrementAndGet();
        throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "silent: no answer");
      }
      return super.open(name);
    }
  }

  @Test
  void shouldNotAskAStoreThatDoesNotAnswerForTheFootersOfEveryPack() throws Exception {
    SnapshotId last = null;
    for (int files = 1; files <= 2 * EntryBatch.UNANSWERED_LIMIT; files++) {
      TestBackup backup = alice.backup();
      for (int file = 0; file < files; file++) {
        backup.file("f" + file, "content " + file);
      }
      last = backup.commit();
    }
    List<PackId> data = packs(true);
    assertTrue(data.size() >= 2 * EntryBatch.UNANSWERED_LIMIT);
    Silent silent =
        new Silent(
            repository.vault(),
            data.stream().map(VerifyTest::object).collect(Collectors.toUnmodifiableSet()));
    Verify verify = new Verify(over(silent));
    VerifyTally tally = verify.run(PROVEN, Optional.of(repository.snapshot(last)), told);
    assertTrue(tally.faults() > 0);
    int asked = silent.asked.get();
    assertTrue(asked <= EntryBatch.UNANSWERED_LIMIT + Verify.LANES, asked + " times");
  }

  @Test
  void shouldEndWhenItsListenerIsGone() throws Exception {
    for (int i = 0; i < 4; i++) {
      alice.backup().file("a", "content " + i).commit();
    }
    VerifyListener leaving =
        new VerifyListener() {
          @Override
          public void progress(VerifyTally tally) {
            throw new HoldfastException(ErrorCode.CANCELLED, "the caller went away");
          }

          @Override
          public void fault(Fault fault) {}
        };
    HoldfastException thrown =
        assertThrows(
            HoldfastException.class,
            () -> new Verify(repository.proof()).run(CHECKED, Optional.empty(), leaving));
    assertEquals(ErrorCode.CANCELLED, thrown.code());
  }

  private VerifyTally verify(ProofLevel level) throws InterruptedException {
    return new Verify(repository.proof()).run(level, Optional.empty(), told);
  }

  private VerifyTally verify(ProofLevel level, SnapshotId snapshot) throws InterruptedException {
    return new Verify(repository.proof())
        .run(level, Optional.of(repository.snapshot(snapshot)), told);
  }

  private ChunkRef chunk(String content) {
    return alice.key(ChunkKind.DATA, content.getBytes(StandardCharsets.UTF_8)).ref();
  }

  private Location location(String content) {
    return locations(content).getFirst();
  }

  private List<Location> locations(String content) {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk(content));
    }
  }

  private List<PackId> packs(boolean data) {
    List<PackId> packs = new ArrayList<>();
    try (CatalogView view = repository.view()) {
      for (KnownPack known : view.packs().from(0, 1_000)) {
        if ((known.pack().content() == io.holdfast.proto.stored.v1.PackContent.PACK_CONTENT_DATA)
            == data) {
          packs.add(known.pack().id());
        }
      }
    }
    return packs;
  }

  private long size(PackId pack) {
    return repository.vault().size(object(pack)).orElseThrow();
  }

  private void flip(Location at) {
    repository.vault().flip(object(at.pack()), at.offset() + at.sealedLength() / 2);
  }

  private static ObjectName object(PackId pack) {
    return ObjectName.of(PackLayout.objectName(pack));
  }

  private static List<String> names(Fault fault) {
    return fault.files().stream().map(Object::toString).toList();
  }
}
