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
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.PackAssembler;
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
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SessionPurpose;
import io.holdfast.proto.stored.v1.SnapshotsDeleted;
import io.holdfast.proto.stored.v1.SnapshotsDropped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
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
    repository.restart(new PackAssembler.Limits(1, 1, Duration.ofSeconds(1)));
    sweeper = sweeper(FREE);
    byte[] needed = noise(3_000, 1);
    SnapshotId snapshot = host.backup().file("needed", needed).commit();
    PackId pages = packOfRoot(snapshot);
    change(c ->
        c.setLoss(
            Loss.newBuilder()
                .setPack(ByteString.copyFrom(pages.toByteArray()))
                .setCause(LossCause.LOSS_CAUSE_PACK_MISSING)));

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
    sweeper = new Sweeper(withFreshFooters(), limits(FREE), Duration.ofDays(1));
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

  private SweepPorts withFreshFooters() {
    SweepPorts usual = ports();
    return new SweepPorts(
        usual.fleet(),
        usual.alone(),
        usual.vault(),
        usual.packs(),
        new io.holdfast.coordinator.pack.Footers(usual.vault()),
        usual.commitPath(),
        usual.hostsMoveData());
  }

  /** A mark that was wrong costs nothing: the second one finds out, and the bytes are saved. */
  @Test
  void shouldRescueWhatWasCondemnedAndIsNeeded() throws Exception {
    byte[] needed = noise(3_000, 1);
    host.backup().file("needed", needed).commit();
    PackId pack = packOf(needed);
    change(c ->
        c.setEntriesCondemned(
            EntriesCondemned.newBuilder()
                .setMarkedThrough(seq())
                .setFence(seq())
                .addPacks(
                    CondemnedEntries.newBuilder()
                        .setPack(ByteString.copyFrom(pack.toByteArray()))
                        .setSealedBytes(pack(pack).state().sealedBytes()))));
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
