package io.holdfast.coordinator.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
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
import io.holdfast.coordinator.catalog.SweepQueries;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.proof.UnreadPacks;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CheckpointWritten;
import io.holdfast.proto.stored.v1.CondemnedEntries;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.EntriesCondemned;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.PackContent;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SessionPurpose;
import io.holdfast.proto.stored.v1.SnapshotsDeleted;
import io.holdfast.proto.stored.v1.SnapshotsDropped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sweeps over a real catalog and real packs, each rule by itself. */
class SweeperTest {
  private static final Duration QUARANTINE = Duration.ofHours(12);
  private static final long FREE = 1 << 20;

  private TestRepository repository;
  private TestHost host;
  private Sweeper sweeper;

  @BeforeEach
  void begin() {
    repository = TestRepository.begun(1);
    host = TestHost.enrol(repository, "alpha");
    sweeper = sweeper(FREE);
  }

  private Sweeper sweeper(long free) {
    return new Sweeper(ports(), limits(free), Duration.ofDays(1));
  }

  private SweepPorts ports() {
    return TestSweeps.ports(repository);
  }

  private static SweepLimits limits(long free) {
    return TestSweeps.limits(free);
  }

  private static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  /** Deleted, and its undo over. */
  private void forget(SnapshotId snapshot) {
    ByteString id = ByteString.copyFrom(snapshot.toByteArray());
    ByteString of = ByteString.copyFrom(host.id().toByteArray());
    change(c ->
        c.setSnapshotsDeleted(
            SnapshotsDeleted.newBuilder()
                .setHost(of)
                .addSnapshots(id)
                .setCause(DeletionCause.DELETION_CAUSE_OPERATOR)
                .setUndoSeconds(Duration.ofDays(1).toSeconds())));
    repository.passTime(Duration.ofDays(2));
    change(c ->
        c.setSnapshotsDropped(
            SnapshotsDropped.newBuilder().setHost(of).addSnapshots(id).setViewSeq(seq())));
  }

  private long seq() {
    try (CatalogView view = repository.view()) {
      return view.appliedSeq();
    }
  }

  private void change(Consumer<Change.Builder> change) {
    Change.Builder builder = Change.newBuilder();
    change.accept(builder);
    repository.append(builder.build());
  }

  private void checkpoint() {
    long at = seq();
    change(c ->
        c.setCheckpointWritten(
            CheckpointWritten.newBuilder()
                .setSeq(at)
                .setManifestSha256(ByteString.copyFrom(new byte[32]))
                .setCatalogDigest(ByteString.copyFrom(new byte[32]))));
  }

  private void age() {
    checkpoint();
    checkpoint();
    repository.passTime(QUARANTINE);
  }

  private ChunkRef chunk(byte[] content) {
    return host.key(ChunkKind.DATA, content).ref();
  }

  private boolean isPresent(byte[] content) {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk(content)).stream().anyMatch(Location::present);
    }
  }

  private PackId packOf(byte[] content) {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk(content)).getFirst().pack();
    }
  }

  private KnownPack pack(PackId id) {
    try (CatalogView view = repository.view()) {
      return view.packs().find(id).orElseThrow();
    }
  }

  private boolean isStored(PackId id) {
    return repository.vault().size(ObjectName.of(PackLayout.objectName(id))).isPresent();
  }

  private long total(Total total) {
    try (CatalogView view = repository.view()) {
      return view.totals().of(total);
    }
  }

  @Test
  void shouldCondemnOnlyWhatNothingKeptReaches() throws Exception {
    byte[] stays = noise(3_000, 1);
    byte[] goes = noise(3_000, 2);
    SnapshotId first = host.backup().file("stays", stays).file("goes", goes).commit();
    assertEquals(0, sweeper.sweep().done().getCondemnedEntries());
    host.backup().file("stays", stays).commit();
    assertEquals(0, sweeper.sweep().done().getCondemnedEntries(), "both are kept");
    forget(first);

    Sweeper.Plan plan = sweeper.plan();
    Sweeper.Outcome outcome = sweeper.sweep();

    assertEquals(plan.bytes(), outcome.done().getCondemnedBytes());
    assertTrue(isPresent(stays));
    assertFalse(isPresent(goes));
    assertEquals(plan.entries(), total(Total.CONDEMNED_ENTRIES));
    assertEquals(0, sweeper.sweep().done().getCondemnedEntries());
  }

  @Test
  void shouldSpareWhatHostsWithOpenSessionsUploaded() throws Exception {
    byte[] uploaded = noise(3_000, 1);
    host.store(ChunkKind.DATA, uploaded, List.of());
    host.flush();
    ByteString session = ByteString.copyFrom(new byte[16]);
    change(c ->
        c.setSessionOpened(
            SessionOpened.newBuilder()
                .setSession(session)
                .setPurpose(SessionPurpose.SESSION_PURPOSE_BACKUP)
                .setHost(ByteString.copyFrom(host.id().toByteArray()))));
    sweeper.sweep();
    assertTrue(isPresent(uploaded));
    change(c -> c.setSessionClosed(SessionClosed.newBuilder().setSession(session)));
    sweeper.sweep();
    assertFalse(isPresent(uploaded));
  }

  @Test
  void shouldSpareWhatACommitRestsOnThatCameAfterTheMark() throws Exception {
    byte[] garbage = noise(3_000, 1);
    host.store(ChunkKind.DATA, garbage, List.of());
    host.flush();
    Mark mark = mark();
    Garbage found = Garbage.of(mark, repository::view, repository.proof().footers());
    assertEquals(1, found.entries());

    host.backup().file("came back", garbage).commit();
    Condemner condemner = new Condemner(ports(), mark, false);
    condemner.condemn(found);

    assertEquals(0, condemner.entries());
    assertTrue(isPresent(garbage));
  }

  private Mark mark() {
    try (CatalogView view = repository.view()) {
      Mark mark = Mark.begin(view, repository.proof().footers());
      while (mark.step(view)) {
        // more is to be followed
      }
      mark.catchUp(view);
      return mark;
    }
  }

  @Test
  void aCondemnShouldHaveNoEffectAfterACommitItDidNotSee() throws Exception {
    byte[] garbage = noise(3_000, 1);
    host.store(ChunkKind.DATA, garbage, List.of());
    host.flush();
    long through = seq();
    PackId pack = packOf(garbage);
    host.backup().file("came back", garbage).commit();
    EntriesCondemned condemned =
        EntriesCondemned.newBuilder()
            .setMarkedThrough(through)
            .setFence(through)
            .addPacks(
                CondemnedEntries.newBuilder().setPack(ByteString.copyFrom(pack.toByteArray())))
            .build();
    change(c -> c.setEntriesCondemned(condemned));
    assertTrue(isPresent(garbage));
    assertEquals(1, total(Total.IGNORED_CHANGES));
  }

  @Test
  void shouldDeleteOnlyAfterQuarantineCheckpointsAndPins() throws Exception {
    byte[] goes = noise(3_000, 2);
    SnapshotId first = host.backup().file("goes", goes).commit();
    SnapshotId second = host.backup().file("other", noise(3_000, 1)).commit();
    forget(first);
    PackId pack = packOf(goes);
    ByteString session = ByteString.copyFrom(new byte[16]);
    change(c ->
        c.setSessionOpened(
            SessionOpened.newBuilder()
                .setSession(session)
                .setPurpose(SessionPurpose.SESSION_PURPOSE_RESTORE)
                .setSnapshot(ByteString.copyFrom(second.toByteArray()))
                .setHost(ByteString.copyFrom(new byte[16]))));
    sweeper.sweep();
    checkpoint();
    repository.passTime(QUARANTINE);
    assertEquals(0, sweeper.sweep().done().getDeletedPacks(), "one checkpoint");
    checkpoint();
    assertEquals(0, sweeper.sweep().done().getDeletedPacks(), "a pin");
    change(c -> c.setSessionClosed(SessionClosed.newBuilder().setSession(session)));
    assertTrue(isStored(pack));

    assertTrue(sweeper.sweep().done().getDeletedPacks() > 0);

    assertFalse(isStored(pack));
    assertTrue(pack(pack).state().isDeleted());
    try (CatalogView view = repository.view()) {
      assertEquals(List.of(), view.chunks().locations(chunk(goes)));
    }
    assertEquals(0, total(Total.CONDEMNED_ENTRIES));
    assertEquals(0, total(Total.CONDEMNED_BYTES));
  }

  @Test
  void shouldMoveTheLiveRestOfAPack() throws Exception {
    byte[] little = noise(500, 1);
    byte[] much = noise(5_000, 2);
    SnapshotId first = host.backup().file("little", little).file("much", much).commit();
    host.backup().file("little", little).commit();
    forget(first);
    PackId old = packOf(little);
    assertEquals(old, packOf(much));

    assertTrue(sweeper.sweep().done().getRewrittenPacks() >= 1);

    assertTrue(isPresent(little));
    try (CatalogView view = repository.view()) {
      List<Location> places = view.chunks().locations(chunk(little));
      assertEquals(2, places.size());
      assertFalse(places.getFirst().present());
      assertEquals(host.id(), places.getLast().owner());
      assertEquals(places.getFirst().crc32c(), places.getLast().crc32c());
    }
    age();
    sweeper.sweep();
    assertFalse(isStored(old));
    assertTrue(isPresent(little));
  }

  @Test
  void shouldNotSealInWhatRotted() throws Exception {
    byte[] little = noise(500, 1);
    SnapshotId first = host.backup().file("little", little).file("much", noise(5_000, 2)).commit();
    host.backup().file("little", little).commit();
    forget(first);
    PackId old = packOf(little);
    int offset;
    try (CatalogView view = repository.view()) {
      offset = view.chunks().locations(chunk(little)).getFirst().offset();
    }
    repository.vault().flip(ObjectName.of(PackLayout.objectName(old)), offset + 100);
    repository.restart();
    sweeper = sweeper(FREE);
    sweeper.sweep();
    try (CatalogView view = repository.view()) {
      List<Location> places = view.chunks().locations(chunk(little));
      assertEquals(1, places.size(), "it stays where a proof finds it");
      assertTrue(places.getFirst().present());
    }
  }

  @Test
  void shouldWaitForAnApprovalIfMuchWouldGo() throws Exception {
    byte[] goes = noise(3_000, 2);
    SnapshotId first = host.backup().file("goes", goes).commit();
    host.backup().file("stays", noise(3_000, 1)).commit();
    forget(first);
    sweeper = sweeper(0);

    Sweeper.Outcome outcome = sweeper.sweep();
    assertEquals(0, outcome.done().getCondemnedEntries());
    assertTrue(
        outcome.waiting().getFirst().what().contains("holdfast gc approve"), outcome.toString());
    assertEquals(Optional.of(outcome.waiting()), sweeper.waiting());
    long bytes = sweeper.plan().bytes();
    sweeper.approve(bytes - 1, Duration.ofDays(1), "somebody");
    assertEquals(0, sweeper.sweep().done().getCondemnedEntries(), "less was approved");
    sweeper.approve(bytes, Duration.ofDays(1), "somebody");
    repository.passTime(Duration.ofDays(2));
    assertEquals(0, sweeper.sweep().done().getCondemnedEntries(), "it is over");
    sweeper.approve(bytes, Duration.ofDays(1), "somebody");
    assertEquals(bytes, sweeper.sweep().done().getCondemnedBytes());
    assertEquals(Optional.of(List.of()), sweeper.waiting());
    try (CatalogView view = repository.view()) {
      assertEquals(0, view.sweeps().approval().orElseThrow().bytes(), "it is used up");
    }
    HoldfastException refused =
        assertThrows(
            HoldfastException.class, () -> sweeper.approve(0, Duration.ofDays(1), "somebody"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
  }

  /** Small packs, so that a page pack can be lost by itself. */
  @Test
  void shouldCondemnNothingWhileALostPageMayComeBack() throws Exception {
    useSmallPacks();
    byte[] needed = noise(3_000, 1);
    SnapshotId snapshot = host.backup().file("needed", needed).commit();
    PackId pages = packOfRoot(snapshot);
    lose(pages);

    Sweeper.Outcome outcome = sweeper.sweep();

    assertTrue(isPresent(needed), "what the lost page named isn't known");
    assertTrue(outcome.waiting().getFirst().what().contains("are lost"), outcome.toString());
  }

  private PackId packOfRoot(SnapshotId snapshot) {
    ByteString root = repository.snapshot(snapshot).committed().getRoot();
    try (CatalogView view = repository.view()) {
      return view.chunks()
          .locations(
              new ChunkRef(ChunkKind.PAGE, io.holdfast.common.id.ChunkId.of(root.toByteArray())))
          .getFirst()
          .pack();
    }
  }

  @Test
  void shouldEndAtAPagePackThatIsGoneWithoutARecord() throws Exception {
    SnapshotId snapshot = host.backup().file("file", noise(3_000, 1)).commit();
    repository.vault().delete(ObjectName.of(PackLayout.objectName(packOfRoot(snapshot))));
    sweeper = new Sweeper(TestSweeps.withFreshFooters(ports()), limits(FREE), Duration.ofDays(1));
    HoldfastException thrown = assertThrows(HoldfastException.class, sweeper::sweep);
    assertEquals(ErrorCode.OBJECT_NOT_FOUND, thrown.code());
    assertTrue(sweeper.waiting().orElseThrow().getFirst().what().contains("given up"));
    assertEquals(Sweeper.Phase.IDLE, sweeper.progress().phase());
    repository.passTime(Duration.ofDays(2));
    assertThrows(HoldfastException.class, sweeper::round);
    sweeper.round(); // not again at once
    repository.passTime(Duration.ofHours(1));
    assertThrows(HoldfastException.class, sweeper::round);
  }

  /** A mark that was wrong costs nothing: the second one finds out, and the bytes are saved. */
  @Test
  void shouldRescueWhatWasCondemnedAndIsNeeded() throws Exception {
    byte[] needed = noise(3_000, 1);
    host.backup().file("needed", needed).commit();
    PackId pack = packOf(needed);
    condemnAll(pack);
    assertFalse(isPresent(needed));
    age();

    Sweeper.Outcome outcome = sweeper.sweep();

    assertTrue(isPresent(needed));
    assertTrue(outcome.waiting().getFirst().what().contains("still needed"), outcome.toString());
    assertTrue(isStored(pack), "what was moved out of it is as young as the move");
    age();
    assertEquals(1, sweeper.sweep().done().getDeletedPacks());
    assertFalse(isStored(pack));
    assertTrue(isPresent(needed));
  }

  /** So that every chunk and every page lies in a pack of its own. */
  private void useSmallPacks() {
    repository.restart(new PackAssembler.Limits(1, 1, Duration.ofSeconds(1)));
    sweeper = sweeper(FREE);
  }

  private void condemnAll(PackId pack) {
    change(c ->
        c.setEntriesCondemned(
            EntriesCondemned.newBuilder()
                .setMarkedThrough(seq())
                .setFence(seq())
                .addPacks(
                    CondemnedEntries.newBuilder()
                        .setPack(ByteString.copyFrom(pack.toByteArray()))
                        .setSealedBytes(pack(pack).state().sealedBytes()))));
  }

  private void lose(PackId pack) {
    change(c ->
        c.setLoss(
            Loss.newBuilder()
                .setPack(ByteString.copyFrom(pack.toByteArray()))
                .setCause(LossCause.LOSS_CAUSE_PACK_MISSING)));
  }

  /** What a pack held that no footer tells of any more isn't garbage. */
  @Test
  void aCatalogThatLacksAPackShouldSweepNothingItMayHaveNamed() throws Exception {
    useSmallPacks();
    byte[] needed = noise(3_000, 1);
    PackId pages = packOfRoot(host.backup().file("needed", needed).commit());
    repository.vault().delete(ObjectName.of(PackLayout.objectName(pages)));
    repository.rebuildWithout(Set.of(pages));
    sweeper = sweeper(FREE);

    HoldfastException refused = assertThrows(HoldfastException.class, sweeper::sweep);
    assertEquals(ErrorCode.CATALOG_DAMAGED, refused.code());
    assertTrue(refused.getMessage().contains(pages.toString()), refused.getMessage());

    assertEquals(1, new UnreadPacks(repository.proof()).record());
    assertEquals(0, new UnreadPacks(repository.proof()).record());
    assertTrue(pack(pages).state().isLost());
    Sweeper.Outcome outcome = sweeper.sweep();
    assertEquals(Waiting.Reason.LOST_PAGES, outcome.waiting().getFirst().reason());
    assertEquals(0, outcome.done().getCondemnedEntries());
    assertTrue(isPresent(needed), "the root named it, and has no location here");
  }

  /** Nor what a page below the root named. */
  @Test
  void aPageWithoutALocationShouldCountAsLostWherePagePacksAre() throws Exception {
    useSmallPacks();
    byte[] needed = noise(3_000, 1);
    SnapshotId snapshot = host.backup().file("needed", needed).commit();
    PackId root = packOfRoot(snapshot);
    Set<PackId> below = new HashSet<>();
    try (CatalogView view = repository.view()) {
      view.packs()
          .forEach(known -> {
            if (known.pack().content() == PackContent.PACK_CONTENT_PAGES
                && !known.pack().id().equals(root)) {
              below.add(known.pack().id());
            }
          });
    }
    assertFalse(below.isEmpty());
    below.forEach(pack -> repository.vault().delete(ObjectName.of(PackLayout.objectName(pack))));
    repository.rebuildWithout(below);
    assertEquals(below.size(), new UnreadPacks(repository.proof()).record());
    sweeper = sweeper(FREE);
    sweeper.sweep();
    assertTrue(isPresent(needed));
  }

  /** The pack is there by now: nothing is lost, and the catalog has to be made anew. */
  @Test
  void aFooterThatCanBeReadAgainShouldNotBeALoss() throws Exception {
    byte[] needed = noise(3_000, 1);
    host.backup().file("needed", needed).commit();
    PackId pack = packOf(needed);
    repository.rebuildWithout(Set.of(pack));
    assertEquals(0, new UnreadPacks(repository.proof()).record());
    assertFalse(pack(pack).state().isLost());
    sweeper = sweeper(FREE);
    assertThrows(HoldfastException.class, sweeper::sweep);
    repository.restart();
    sweeper = sweeper(FREE);
    sweeper.sweep();
    assertTrue(isPresent(needed));
  }

  @Test
  void aMarkShouldFollowRootsIntoPacksThatCameSince() throws Exception {
    host.backup().file("first", noise(3_000, 1)).commit();
    Mark mark = mark();
    host.backup().file("second", noise(3_000, 2)).commit();
    try (CatalogView view = repository.view()) {
      List<SweepQueries.Root> roots = new ArrayList<>();
      view.sweeps().rootsAfter(mark.fence(), roots::add);
      mark.follow(view, roots);
    }
    PackId pack = packOf(noise(3_000, 2));
    assertTrue(mark.isMarked(pack(pack).pack().number(), 0));
  }

  /** Whatever goes wrong is told, and isn't tried again at once. */
  @Test
  void aSweepThatFailsUnexpectedlyShouldBeTold() throws Exception {
    sweeper =
        new Sweeper(
            TestSweeps.with(
                ports(),
                () -> {
                  throw new IllegalStateException("unexpected");
                }),
            limits(FREE),
            Duration.ofDays(1));
    repository.passTime(Duration.ofDays(2));
    assertThrows(IllegalStateException.class, sweeper::round);
    Waiting waiting = sweeper.waiting().orElseThrow().getFirst();
    assertEquals(Waiting.Reason.FAILED, waiting.reason());
    assertTrue(waiting.what().contains("unexpected"), waiting.what());
    sweeper.round(); // not again at once
    repository.passTime(Duration.ofHours(1));
    assertThrows(IllegalStateException.class, sweeper::round);
  }

  /** One pack that can't be read holds up no other. */
  @Test
  void aCondemnedPackThatCannotBeReadShouldBeLeftAlone() throws Exception {
    useSmallPacks();
    byte[] goes = noise(3_000, 1);
    byte[] needed = noise(3_000, 2);
    SnapshotId first = host.backup().file("goes", goes).commit();
    host.backup().file("needed", needed).commit();
    forget(first);
    sweeper.sweep();
    PackId gone = packOf(goes);
    PackId bad = packOf(needed);
    condemnAll(bad);
    age();
    ObjectName object = ObjectName.of(PackLayout.objectName(bad));
    long size = repository.vault().size(object).orElseThrow();
    repository.vault().flip(object, size - PackLayout.TRAILER_LENGTH - 1);
    sweeper = new Sweeper(TestSweeps.withFreshFooters(ports()), limits(FREE), Duration.ofDays(1));

    Sweeper.Outcome outcome = sweeper.sweep();

    assertTrue(
        outcome.waiting().stream().anyMatch(each -> each.reason() == Waiting.Reason.UNREADABLE),
        outcome.toString());
    assertTrue(isStored(bad));
    assertTrue(pack(gone).state().isDeleted());
  }

  /** As garbage it went, and was stored anew: its old bytes are there as long as its pack is. */
  @Test
  void shouldSaveWhatWasGarbageIfWhatWasStoredAnewIsLost() throws Exception {
    byte[] stays = noise(6_000, 1);
    byte[] again = noise(3_000, 2);
    SnapshotId first = host.backup().file("stays", stays).file("again", again).commit();
    host.backup().file("stays", stays).commit();
    forget(first);
    sweeper.sweep();
    assertFalse(isPresent(again));
    host.backup().file("stays", stays).file("again", again).commit();
    sweeper.sweep();
    try (CatalogView view = repository.view()) {
      assertEquals(2, view.chunks().locations(chunk(again)).size(), "nothing to save");
      PackId anew = view.chunks().locations(chunk(again)).getLast().pack();
      lose(anew);
    }
    assertFalse(isPresent(again));

    sweeper.sweep();

    assertTrue(isPresent(again));
  }

  @Test
  void shouldSayWhatCannotBeDeletedForLong() throws Exception {
    SnapshotId first = host.backup().file("goes", noise(3_000, 2)).commit();
    host.backup().file("other", noise(3_000, 1)).commit();
    forget(first);
    sweeper.sweep();
    repository.passTime(QUARANTINE.plus(Duration.ofDays(7)));
    assertEquals(List.of(), sweeper.sweep().waiting());
    repository.passTime(Duration.ofSeconds(1));
    Waiting waiting = sweeper.sweep().waiting().getFirst();
    assertEquals(Waiting.Reason.OVERDUE, waiting.reason());
    assertTrue(waiting.what().contains("holdfast catalog checkpoint"), waiting.what());
    age();
    assertEquals(List.of(), sweeper.sweep().waiting());
  }

  @Test
  void nothingShouldBeDeletedWhileTheClockIsInDoubt() throws Exception {
    byte[] goes = noise(3_000, 2);
    SnapshotId first = host.backup().file("goes", goes).commit();
    host.backup().file("other", noise(3_000, 1)).commit();
    forget(first);
    PackId pack = packOf(goes);
    sweeper.sweep();
    age();
    Sweeper.Outcome outcome =
        new Sweeper(TestSweeps.inDoubt(ports()), limits(FREE), Duration.ofDays(1)).sweep();
    assertEquals(Waiting.Reason.CLOCK, outcome.waiting().getFirst().reason());
    assertTrue(isStored(pack));
    sweeper.sweep();
    assertFalse(isStored(pack));
  }

  /** Nothing moved, nothing is counted. */
  @Test
  void aPackWhoseRestIsLostShouldNotCountAsRewritten() throws Exception {
    byte[] little = noise(500, 1);
    SnapshotId first = host.backup().file("little", little).file("much", noise(5_000, 2)).commit();
    host.backup().file("little", little).commit();
    forget(first);
    Location place;
    try (CatalogView view = repository.view()) {
      place = view.chunks().locations(chunk(little)).getFirst();
    }
    change(c ->
        c.setLoss(
            Loss.newBuilder()
                .setPack(ByteString.copyFrom(place.pack().toByteArray()))
                .setEntries(ByteString.copyFrom(entry(place.entry())))
                .setCause(LossCause.LOSS_CAUSE_BYTES_DAMAGED)));
    sweeper.sweep();
    assertEquals(0, sweeper.sweep().done().getRewrittenPacks(), "neither now nor ever");
  }

  private static byte[] entry(int entry) {
    BitSet one = new BitSet();
    one.set(entry);
    return one.toByteArray();
  }

  @Test
  void shouldDeleteTheObjectThatAStoppedCoordinatorLeft() throws Exception {
    byte[] goes = noise(3_000, 2);
    SnapshotId first = host.backup().file("goes", goes).commit();
    host.backup().file("other", noise(3_000, 1)).commit();
    forget(first);
    PackId pack = packOf(goes);
    ObjectName name = ObjectName.of(PackLayout.objectName(pack));
    byte[] object = repository.vault().read(name, 1 << 20);
    sweeper.sweep();
    age();
    sweeper.sweep();
    repository.vault().create(name, java.nio.ByteBuffer.wrap(object));
    sweeper(FREE).sweep();
    assertFalse(isStored(pack));
  }

  @Test
  void shouldNotBeginAnotherSweepOnceTheCoordinatorStops() {
    sweeper.close();
    HoldfastException refused = assertThrows(HoldfastException.class, sweeper::sweep);
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
    assertEquals(Sweeper.Phase.IDLE, sweeper.progress().phase());
  }

  @Test
  void shouldSweepByItselfOnceADayAndNotSooner() throws Exception {
    sweeper.round();
    long before = seq();
    repository.passTime(Duration.ofHours(23));
    sweeper.round();
    assertEquals(before, seq());
    repository.passTime(Duration.ofHours(2));
    sweeper.round();
    assertTrue(seq() > before);
    repository.passTime(Duration.ofHours(23));
    long after = seq();
    sweeper.round();
    assertEquals(after, seq());
  }
}
