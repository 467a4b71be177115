package io.holdfast.coordinator.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.testkit.TestBackup;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.HostShare;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.PackContent;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SnapshotsDeleted;
import io.holdfast.proto.stored.v1.SnapshotsDropped;
import io.holdfast.proto.stored.v1.SpaceShares;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose the live bytes are, over real packs: what hosts share, and what each of them alone holds.
 */
class SharingTest {
  private static final byte[] COMMON = noise(3_000, 1);
  private static final byte[] ONE = noise(2_000, 2);
  private static final byte[] OTHER = noise(1_000, 3);

  @TempDir private Path directory;
  private TestRepository repository;
  private TestHost alice;
  private TestHost bob;

  @BeforeEach
  void begin() {
    repository = TestRepository.begun(1);
    alice = TestHost.enrol(repository, "alice");
    bob = TestHost.enrol(repository, "bob");
  }

  private static byte[] noise(int bytes, long seed) {
    byte[] noise = new byte[bytes];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private void change(Consumer<Change.Builder> change) {
    Change.Builder builder = Change.newBuilder();
    change.accept(builder);
    repository.append(builder.build());
  }

  private void prove(PackId pack) {
    change(c ->
        c.setProof(
            Proof.newBuilder()
                .setPack(ByteString.copyFrom(pack.toByteArray()))
                .setLevel(ProofLevel.PROOF_LEVEL_PROVEN)));
  }

  private void proveAll() {
    packs().forEach(known -> prove(known.pack().id()));
  }

  private void delete(HostId host, SnapshotId snapshot) {
    change(c ->
        c.setSnapshotsDeleted(
            SnapshotsDeleted.newBuilder()
                .setHost(ByteString.copyFrom(host.toByteArray()))
                .addSnapshots(ByteString.copyFrom(snapshot.toByteArray()))
                .setCause(DeletionCause.DELETION_CAUSE_OPERATOR)
                .setUndoSeconds(Duration.ofDays(1).toSeconds())));
  }

  private void forget(HostId host, SnapshotId snapshot) {
    delete(host, snapshot);
    repository.passTime(Duration.ofDays(2));
    long seq;
    try (CatalogView view = repository.view()) {
      seq = view.appliedSeq();
    }
    change(c ->
        c.setSnapshotsDropped(
            SnapshotsDropped.newBuilder()
                .setHost(ByteString.copyFrom(host.toByteArray()))
                .addSnapshots(ByteString.copyFrom(snapshot.toByteArray()))
                .setViewSeq(seq)));
  }

  private SpaceShares measure() throws InterruptedException {
    return measure(100);
  }

  private SpaceShares measure(int hostsMax) throws InterruptedException {
    return new Sharing(TestSweeps.ports(repository), followed -> {}).measure(hostsMax);
  }

  private Sweeper sweeper() {
    return new Sweeper(TestSweeps.ports(repository), TestSweeps.LIMITS, Duration.ofDays(1));
  }

  private long sealed(byte[] content) {
    ChunkRef chunk = alice.key(ChunkKind.DATA, content).ref();
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk).stream()
          .filter(Location::present)
          .mapToLong(Location::sealedLength)
          .sum();
    }
  }

  private static long own(SpaceShares shares, TestHost host) {
    return shares.getHostsList().stream()
        .filter(share -> HostId.of(share.getHost().toByteArray()).equals(host.id()))
        .mapToLong(HostShare::getOwnBytes)
        .findFirst()
        .orElseThrow();
  }

  private static void assertAddsUp(SpaceShares shares) {
    long own = shares.getHostsList().stream().mapToLong(HostShare::getOwnBytes).sum();
    assertEquals(
        shares.getLiveBytes(),
        own + shares.getOtherOwnBytes() + shares.getSharedBytes() + shares.getUnreferencedBytes());
  }

  @Test
  void shouldTellWhatHostsShareFromWhatEachHasOfItsOwn() throws Exception {
    alice.backup().file("common", COMMON).file("one", ONE).commit();
    proveAll();
    bob.backup().file("common", COMMON).file("other", OTHER).commit();

    SpaceShares shares = measure();

    assertAddsUp(shares);
    assertEquals(sealed(COMMON), shares.getSharedBytes());
    assertEquals(0, shares.getUnreferencedBytes());
    long pages = shares.getLiveBytes() - sealed(COMMON) - sealed(ONE) - sealed(OTHER);
    assertEquals(pages, own(shares, alice) + own(shares, bob) - sealed(ONE) - sealed(OTHER));
    assertTrue(own(shares, alice) > sealed(ONE));
    assertTrue(own(shares, bob) > sealed(OTHER));
    assertEquals(List.of(alice.id(), bob.id()), named(shares), "the most first");
  }

  /** The same pages: nothing is anybody's own, though only the second one's are walked. */
  @Test
  void hostsWithTheSameSnapshotShareAllOfIt() throws Exception {
    alice.backup().file("common", COMMON).commit();
    proveAll();
    bob.backup().file("common", COMMON).commit();
    TestHost carol = TestHost.enrol(repository, "carol");
    carol.backup().file("common", COMMON).commit();
    SpaceShares shares = measure();
    assertEquals(shares.getLiveBytes(), shares.getSharedBytes());
    assertEquals(3, shares.getHostsCount());
    assertEquals(0, own(shares, alice) + own(shares, bob) + own(shares, carol));
  }

  /** Who uploaded it holds nothing of it any more. */
  @Test
  void whatIsLeftToOneHostShouldBecomeItsOwn() throws Exception {
    SnapshotId first = alice.backup().file("common", COMMON).commit();
    alice.backup().file("one", ONE).commit();
    proveAll();
    bob.backup().file("common", COMMON).commit();
    SpaceShares before = measure();
    assertEquals(0, own(before, bob));

    delete(alice.id(), first);
    assertEquals(figures(before), figures(measure()), "it can be had back");

    forget(alice.id(), first);
    SpaceShares after = measure();
    assertEquals(0, after.getSharedBytes());
    assertEquals(before.getSharedBytes(), own(after, bob));
    assertEquals(own(before, alice), own(after, alice));
  }

  /** Each uploaded it: both locations are held by both. */
  @Test
  void secondCopiesShouldBeSharedAsLongAsTheyAreLive() throws Exception {
    repository.restart(new PackAssembler.Limits(1, 1, Duration.ofSeconds(1)));
    alice.backup().file("common", COMMON).commit();
    bob.backup().file("common", COMMON).commit();
    long both = sealed(COMMON);
    SpaceShares before = measure();
    assertEquals(before.getLiveBytes(), before.getSharedBytes());
    proveAll();
    assertAddsUp(sweeper().sweep().done().getShares());
    SpaceShares after = measure();
    assertEquals(after.getLiveBytes(), after.getSharedBytes());
    assertTrue(after.getSharedBytes() <= before.getSharedBytes() - both / 2);
  }

  @Test
  void whatNothingReferencesShouldBeNobodys() throws Exception {
    alice.backup().file("one", ONE).commit();
    alice.store(ChunkKind.DATA, OTHER, List.of());
    alice.flush();
    SpaceShares shares = measure();
    assertAddsUp(shares);
    assertEquals(sealed(OTHER), shares.getUnreferencedBytes());
    SpaceShares swept = sweeper().sweep().done().getShares();
    assertEquals(0, swept.getUnreferencedBytes(), "condemned by then");
    assertEquals(own(shares, alice), own(swept, alice));
  }

  @Test
  void shouldMeasureAVaultWithoutSnapshots() throws Exception {
    assertEquals(0, measure().getLiveBytes());
    alice.store(ChunkKind.DATA, ONE, List.of());
    alice.flush();
    assertEquals(measure().getLiveBytes(), measure().getUnreferencedBytes());
    assertEquals(0, measure().getHostsCount());
  }

  @Test
  void shouldNameTheHostsWithMostAndSumUpTheOthers() throws Exception {
    List<TestHost> hosts = new ArrayList<>(List.of(alice, bob));
    for (int i = 0; i < 3; i++) {
      hosts.add(TestHost.enrol(repository, "host" + i));
    }
    for (int place = 0; place < hosts.size(); place++) {
      hosts.get(place).backup().file("own", noise(500 * (place + 1), 50 + place)).commit();
    }
    SpaceShares all = measure();
    assertEquals(0, all.getSharedBytes());
    assertEquals(0, all.getOtherHosts());

    SpaceShares two = measure(2);

    assertAddsUp(two);
    assertEquals(List.of(hosts.get(4).id(), hosts.get(3).id()), named(two));
    assertEquals(3, two.getOtherHosts());
    assertEquals(
        own(all, hosts.get(0)) + own(all, hosts.get(1)) + own(all, hosts.get(2)),
        two.getOtherOwnBytes());
  }

  private static List<HostId> named(SpaceShares shares) {
    return shares.getHostsList().stream()
        .map(share -> HostId.of(share.getHost().toByteArray()))
        .toList();
  }

  @Test
  void whatCannotBeMeasuredShouldStayAsASweepRecordedIt() throws Exception {
    alice.backup().file("one", ONE).commit();
    SpaceShares before = sweeper().sweep().done().getShares();
    try (CatalogView view = repository.view()) {
      assertEquals(before, view.sweeps().lastSweep().orElseThrow().completed().getShares());
    }
    alice.backup().file("one", ONE).file("other", OTHER).commit();
    assertTrue(measure().getLiveBytes() > before.getLiveBytes());
    repository.vault().delete(ObjectName.of(PackLayout.objectName(newestPagePack())));
    SweepPorts afresh = TestSweeps.withFreshFooters(TestSweeps.ports(repository));
    assertEquals(Optional.of(before), Sharing.measured(afresh, followed -> {}));
  }

  private PackId newestPagePack() {
    return packs().stream()
        .map(KnownPack::pack)
        .filter(pack -> pack.content() == PackContent.PACK_CONTENT_PAGES)
        .toList()
        .getLast()
        .id();
  }

  /** Stopped in its mark, and gone on with; or stopped while it measures, and begun anew. */
  @Test
  void aSweepThatWasInterruptedShouldMeasureTheSame() throws Exception {
    alice.backup().file("common", COMMON).file("one", ONE).commit();
    proveAll();
    bob.backup().file("common", COMMON).file("other", OTHER).commit();
    SpaceShares expected = measure();
    int stops = 0;
    Optional<SpaceShares> measured = sweepStoppedAfter(stops);
    while (measured.isEmpty()) {
      stops++;
      measured = sweepStoppedAfter(stops);
    }
    assertEquals(figures(expected), figures(measured.get()));
    assertTrue(stops > 3, "in the mark, and in each walk");
  }

  /** Empty if it came to no end. */
  private Optional<SpaceShares> sweepStoppedAfter(int rests) {
    AtomicInteger left = new AtomicInteger(rests);
    BooleanSupplier stops =
        () -> {
          if (left.getAndDecrement() == 0) {
            Thread.currentThread().interrupt();
          }
          return false;
        };
    MarkFile marks = new MarkFile(FileSystem.local(), directory.resolve("mark"), repository.time());
    SweepPorts ports = TestSweeps.with(TestSweeps.ports(repository), stops);
    try {
      Sweeper sweeper =
          new Sweeper(ports, TestSweeps.LIMITS, Duration.ofDays(1), Optional.of(marks));
      return Optional.of(sweeper.sweep().done().getShares());
    } catch (InterruptedException e) {
      return Optional.empty();
    }
  }

  private static SpaceShares figures(SpaceShares shares) {
    return shares.toBuilder().clearSeq().clearTimeMillis().build();
  }

  // Any references of any hosts.

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void theFiguresAreThoseOfAPlainModel(long seed) throws Exception {
    Random random = new Random(seed);
    repository = TestRepository.begun(seed);
    if (random.nextBoolean()) {
      repository.restart(new PackAssembler.Limits(1, 1, Duration.ofSeconds(1)));
    }
    List<TestHost> hosts = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    while (hosts.size() < count) {
      hosts.add(TestHost.enrol(repository, "host" + hosts.size()));
    }
    for (int act = 0; act < 24; act++) {
      TestHost host = hosts.get(random.nextInt(count));
      SpaceShares measured =
          switch (random.nextInt(8)) {
            case 0, 1, 2 -> measureAfter(() -> backup(host, random).commit());
            case 3 -> measureAfter(() -> uploadOnly(host, random));
            case 4 -> measureAfter(() -> dropAny(random));
            case 5 -> measureAfter(this::proveAll);
            case 6 -> measureAfter(() -> loseAny(random));
            default -> sweeper().sweep().done().getShares();
          };
      assertEquals(model(), figures(measured), "after " + act);
    }
  }

  private interface Act {
    void run() throws InterruptedException;
  }

  private SpaceShares measureAfter(Act act) throws InterruptedException {
    act.run();
    return measure();
  }

  /** Folders that hosts have or have not, in one of two states: some of their pages are equal. */
  private static TestBackup backup(TestHost host, Random random) {
    TestBackup backup = host.backup().file("always", COMMON);
    for (int folder = 0; folder < 5; folder++) {
      if (random.nextInt(3) > 0) {
        int state = random.nextInt(2);
        for (int file = 0; file < 60; file++) {
          long content = file == 30 ? 1_000 + state : folder * 10 + file % 7;
          backup.file(folder + "/" + file + "x".repeat(180), noise(60 + file % 7, content));
        }
      }
    }
    return backup;
  }

  private static void uploadOnly(TestHost host, Random random) throws InterruptedException {
    backup(host, random).file("more", noise(700, random.nextInt(3))).upload();
    host.flush();
  }

  private void dropAny(Random random) {
    List<StoredSnapshot> snapshots = new ArrayList<>();
    try (CatalogView view = repository.view()) {
      view.snapshots().forEach(snapshots::add);
    }
    if (!snapshots.isEmpty()) {
      StoredSnapshot snapshot = snapshots.get(random.nextInt(snapshots.size()));
      if (random.nextInt(3) == 0) {
        delete(snapshot.host(), snapshot.id());
      } else {
        forget(snapshot.host(), snapshot.id());
      }
    }
  }

  private void loseAny(Random random) {
    List<KnownPack> packs = packs();
    if (!packs.isEmpty()) {
      KnownPack pack = packs.get(random.nextInt(packs.size()));
      Loss.Builder loss =
          Loss.newBuilder()
              .setPack(ByteString.copyFrom(pack.pack().id().toByteArray()))
              .setCause(LossCause.LOSS_CAUSE_PACK_MISSING);
      if (random.nextBoolean()) {
        loss.setEntries(ByteString.copyFrom(new byte[] {1}));
      }
      change(c -> c.setLoss(loss));
    }
  }

  private List<KnownPack> packs() {
    List<KnownPack> packs = new ArrayList<>();
    try (CatalogView view = repository.view()) {
      view.packs().forEach(packs::add);
    }
    return packs;
  }

  /** Each live location and the hosts that reach it, each host by itself, without any bits. */
  private SpaceShares model() {
    Map<Location, Set<HostId>> holders = new HashMap<>();
    Map<HostId, Long> own = new HashMap<>();
    long live = 0;
    try (CatalogView view = repository.view()) {
      Map<HostId, Set<ChunkRef>> met = new HashMap<>();
      view.sweeps()
          .rootsAfter(
              0,
              root -> {
                own.put(root.host(), 0L);
                ChunkRef page = new ChunkRef(ChunkKind.PAGE, new ChunkId(root.page()));
                Set<ChunkRef> ofHost = met.computeIfAbsent(root.host(), each -> new HashSet<>());
                reach(root.host(), page, ofHost, holders, view);
              });
      for (KnownPack known : packs()) {
        live += view.sweeps().liveBytes(known);
      }
    }
    long shared = 0;
    for (Map.Entry<Location, Set<HostId>> each : holders.entrySet()) {
      long bytes = each.getKey().sealedLength();
      if (each.getValue().size() == 1) {
        own.merge(each.getValue().iterator().next(), bytes, Long::sum);
      } else {
        shared += bytes;
      }
    }
    long owned = own.values().stream().mapToLong(Long::longValue).sum();
    SpaceShares.Builder shares =
        SpaceShares.newBuilder()
            .setLiveBytes(live)
            .setSharedBytes(shared)
            .setUnreferencedBytes(live - shared - owned);
    own.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<HostId, Long>>comparingLong(each -> -each.getValue())
                .thenComparing(each -> each.getKey().toString()))
        .forEach(each ->
            shares.addHosts(
                HostShare.newBuilder()
                    .setHost(ByteString.copyFrom(each.getKey().toByteArray()))
                    .setOwnBytes(each.getValue())));
    return shares.build();
  }

  private void reach(
      HostId host,
      ChunkRef chunk,
      Set<ChunkRef> met,
      Map<Location, Set<HostId>> holders,
      CatalogView view) {
    if (!met.add(chunk)) {
      return;
    }
    for (Location location : view.chunks().locations(chunk)) {
      KnownPack known = view.packs().find(location.pack()).orElseThrow();
      if (!known.state().isLost() && !known.state().isCondemned(location.entry())) {
        holders.computeIfAbsent(location, each -> new HashSet<>()).add(host);
      }
      if (chunk.kind() == ChunkKind.PAGE && known.state().isReadable(location.entry())) {
        PackFooter footer = repository.proof().footers().get(location.pack(), view);
        Footers.references(footer, location.entry())
            .forEach(each -> reach(host, each, met, holders, view));
      }
    }
  }
}
