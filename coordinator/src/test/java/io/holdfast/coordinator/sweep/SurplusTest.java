package io.holdfast.coordinator.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.SweepQueries.IndexPlace;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CheckpointWritten;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SessionPurpose;
import io.holdfast.proto.stored.v1.SurplusCondemned;
import io.holdfast.proto.stored.v1.SurplusEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Second copies over a real catalog and real packs: which go, which stay, and what comes back. */
class SurplusTest {
  private static final byte[] SHARED = noise(3_000, 1);
  private static final Duration QUARANTINE = Duration.ofHours(12);

  private TestRepository repository;
  private TestHost alice;
  private TestHost bob;
  private Sweeper sweeper;

  @BeforeEach
  void begin() throws InterruptedException {
    repository = TestRepository.begun(1);
    repository.restart(new PackAssembler.Limits(1, 1, Duration.ofSeconds(1)));
    alice = TestHost.enrol(repository, "alice");
    bob = TestHost.enrol(repository, "bob");
    alice.backup().file("shared", SHARED).commit();
    bob.backup().file("shared", SHARED).commit();
    sweeper = new Sweeper(TestSweeps.ports(repository), TestSweeps.LIMITS, Duration.ofDays(1));
  }

  private static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private ChunkRef shared() {
    return alice.key(ChunkKind.DATA, SHARED).ref();
  }

  private List<Location> locations() {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(shared());
    }
  }

  private List<Location> present() {
    return locations().stream().filter(Location::present).toList();
  }

  private KnownPack pack(PackId id) {
    try (CatalogView view = repository.view()) {
      return view.packs().find(id).orElseThrow();
    }
  }

  private long total(Total total) {
    try (CatalogView view = repository.view()) {
      return view.totals().of(total);
    }
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

  private void prove(Location location) {
    change(c ->
        c.setProof(
            Proof.newBuilder()
                .setPack(bytes(location.pack()))
                .setLevel(ProofLevel.PROOF_LEVEL_PROVEN)));
  }

  private void lose(Location location) {
    change(c ->
        c.setLoss(
            Loss.newBuilder()
                .setPack(bytes(location.pack()))
                .setCause(LossCause.LOSS_CAUSE_PACK_MISSING)));
  }

  private static ByteString bytes(PackId pack) {
    return ByteString.copyFrom(pack.toByteArray());
  }

  /** The first location goes, the last one stays. */
  private SurplusCondemned firstForLast(long fence) {
    Location first = locations().getFirst();
    Location last = locations().getLast();
    return SurplusCondemned.newBuilder()
        .setFence(fence)
        .addPacks(bytes(first.pack()))
        .addPacks(bytes(last.pack()))
        .addEntries(entry(0, first, 1, last))
        .build();
  }

  private static SurplusEntry entry(int pack, Location goes, int survivorPack, Location stays) {
    return SurplusEntry.newBuilder()
        .setPack(pack)
        .setEntry(goes.entry())
        .setSurvivorPack(survivorPack)
        .setSurvivorEntry(stays.entry())
        .setSealedBytes(goes.sealedLength())
        .build();
  }

  @Test
  void shouldCondemnAllButOneProvenLocation() throws Exception {
    assertEquals(2, present().size());
    assertEquals(0, sweeper.plan().surplusEntries(), "nothing is proven yet");
    prove(locations().getLast());
    Sweeper.Plan plan = sweeper.plan();
    assertEquals(1, plan.surplusEntries());
    assertEquals(0, plan.entries(), "it isn't garbage");

    Sweeper.Outcome outcome = sweeper.sweep();

    assertEquals(plan.surplusBytes(), outcome.done().getSurplusBytes());
    assertEquals(1, outcome.done().getSurplusEntries());
    assertEquals(0, outcome.done().getCondemnedEntries());
    assertEquals(plan.surplusBytes(), total(Total.SURPLUS_BYTES));
    assertEquals(plan.surplusBytes(), total(Total.CONDEMNED_BYTES));
    assertEquals(List.of(locations().getLast()), present());
    assertTrue(alice.counts(shared()), "a proven one counts for everybody");
    assertEquals(0, sweeper.sweep().done().getSurplusEntries());
  }

  @Test
  void shouldKeepTheOlderOfTwoProvenPacks() throws Exception {
    locations().forEach(this::prove);
    sweeper.sweep();
    assertEquals(List.of(locations().getFirst()), present());
  }

  @Test
  void shouldDeleteAPackOfSecondCopies() throws Exception {
    prove(locations().getLast());
    PackId goes = locations().getFirst().pack();
    sweeper.sweep();
    age();
    assertTrue(sweeper.sweep().done().getDeletedPacks() >= 1);
    assertTrue(pack(goes).state().isDeleted());
    assertEquals(0, total(Total.SURPLUS_BYTES));
    assertEquals(1, present().size());
  }

  private void age() {
    for (int i = 0; i < 2; i++) {
      long at = seq();
      change(c ->
          c.setCheckpointWritten(
              CheckpointWritten.newBuilder()
                  .setSeq(at)
                  .setManifestSha256(ByteString.copyFrom(new byte[32]))
                  .setCatalogDigest(ByteString.copyFrom(new byte[32]))));
    }
    repository.passTime(QUARANTINE);
  }

  @Test
  void shouldGiveASecondCopyANewLocationIfItsSurvivorIsLost() throws Exception {
    prove(locations().getLast());
    sweeper.sweep();
    lose(locations().get(1));
    assertEquals(List.of(), present());

    sweeper.sweep();

    assertEquals(1, present().size());
    assertEquals(alice.id(), present().getFirst().owner());
    age();
    sweeper.sweep();
    assertEquals(1, present().size(), "the old pack may go, the new one not");
  }

  /** Present isn't enough: what a third host stored and nobody proved counts for it alone. */
  @Test
  void anotherHostsUnprovenCopyShouldNotStandInForASurvivorThatIsLost() throws Exception {
    prove(locations().getLast());
    sweeper.sweep();
    PackId condemned = locations().getFirst().pack();
    TestHost carol = TestHost.enrol(repository, "carol");
    lose(locations().get(1));
    carol.store(ChunkKind.DATA, SHARED, List.of());
    carol.flush();
    assertEquals(List.of(carol.id()), present().stream().map(Location::owner).toList());
    assertFalse(alice.counts(shared()));

    sweeper.sweep();

    assertTrue(alice.counts(shared()));
    age();
    sweeper.sweep();
    assertTrue(pack(condemned).state().isDeleted());
    assertTrue(alice.counts(shared()));
  }

  @Test
  void shouldSpareWhatHostsWithOpenSessionsUploaded() throws Exception {
    prove(locations().getLast());
    ByteString session = ByteString.copyFrom(new byte[16]);
    change(c ->
        c.setSessionOpened(
            SessionOpened.newBuilder()
                .setSession(session)
                .setPurpose(SessionPurpose.SESSION_PURPOSE_BACKUP)
                .setHost(ByteString.copyFrom(alice.id().toByteArray()))));
    sweeper.sweep();
    change(c -> c.setSurplusCondemned(firstForLast(seq())));
    assertEquals(2, present().size());
    change(c -> c.setSessionClosed(SessionClosed.newBuilder().setSession(session)));
    sweeper.sweep();
    assertEquals(1, present().size());
  }

  @Test
  void aCondemnShouldPassOverWhatHasNoProvenSurvivor() {
    change(c -> c.setSurplusCondemned(firstForLast(seq())));
    assertEquals(2, present().size(), "it isn't proven");
    prove(locations().getLast());
    change(c -> c.setSurplusCondemned(firstForLast(0)));
    assertEquals(2, present().size(), "the pack came after the fence");
    lose(locations().getLast());
    change(c -> c.setSurplusCondemned(firstForLast(seq())));
    assertEquals(List.of(locations().getFirst()), present(), "the survivor is lost");
  }

  /** Entry by entry: what an earlier one took is no survivor. */
  @Test
  void aCondemnShouldNotTakeBothOfTwo() {
    locations().forEach(this::prove);
    Location first = locations().getFirst();
    Location last = locations().getLast();
    SurplusCondemned both =
        firstForLast(seq()).toBuilder()
            .addEntries(entry(1, last, 0, first))
            .addEntries(entry(1, last, 1, last))
            .build();
    change(c -> c.setSurplusCondemned(both));
    assertEquals(List.of(locations().getLast()), present());
    change(c -> c.setSurplusCondemned(both));
    assertEquals(List.of(locations().getLast()), present());
  }

  @Test
  void aCondemnShouldUndoPageChecksAndBeBounded() {
    locations().forEach(this::prove);
    SurplusCondemned.Builder many = firstForLast(seq()).toBuilder();
    while (many.getEntriesCount() <= 16_384) {
      many.addEntries(many.getEntries(0));
    }
    long ignored = total(Total.IGNORED_CHANGES);
    change(c -> c.setSurplusCondemned(many));
    assertEquals(ignored + 1, total(Total.IGNORED_CHANGES));
    assertEquals(2, present().size());
    change(c -> c.setSurplusCondemned(firstForLast(seq())));
    try (CatalogView view = repository.view()) {
      assertEquals(view.appliedSeq(), view.losses().newestUndoing(bob.id()));
    }
    assertFalse(locations().getFirst().present());
  }

  @Test
  void theIndexShouldBeWalkedInStretches() {
    List<ChunkRef> whole = new ArrayList<>();
    List<ChunkRef> pieces = new ArrayList<>();
    try (CatalogView view = repository.view()) {
      assertTrue(view.sweeps().severalPlaces(Optional.empty(), 1_000, whole::add).isEmpty());
      Optional<IndexPlace> next = view.sweeps().severalPlaces(Optional.empty(), 1, pieces::add);
      int stretches = 1;
      while (next.isPresent()) {
        next = view.sweeps().severalPlaces(next, 1, pieces::add);
        stretches++;
      }
      assertTrue(stretches > 2, "data, pages");
    }
    assertTrue(whole.contains(shared()));
    assertEquals(whole, pieces);
  }

  /** A chunk that the mark didn't meet isn't counted twice. */
  @Test
  void garbageIsNoSurplus() throws Exception {
    byte[] garbage = noise(2_000, 9);
    for (TestHost host : List.of(alice, bob)) {
      host.store(ChunkKind.DATA, garbage, List.of());
      host.flush();
    }
    try (CatalogView view = repository.view()) {
      view.chunks().locations(alice.key(ChunkKind.DATA, garbage).ref()).forEach(this::prove);
    }
    Sweeper.Plan plan = sweeper.plan();
    assertEquals(0, plan.surplusEntries());
    assertEquals(2, plan.entries());
  }
}
