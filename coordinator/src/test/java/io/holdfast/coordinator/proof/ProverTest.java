package io.holdfast.coordinator.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.coordinator.pack.PackAssembler;
import io.holdfast.coordinator.testkit.TestBackup;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProverTest {
  private static final ProofConfig CONFIG = ProofConfig.defaults();
  private static final String SHARED_TEXT = "the same text on two hosts";

  private final TestRepository repository = TestRepository.begun(1);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final TestHost bob = TestHost.enrol(repository, "bob");
  private long pacedBytes;

  @Test
  void shouldProveEverySnapshotOfEveryHost() throws Exception {
    List<SnapshotId> snapshots = new ArrayList<>();
    for (int day = 0; day < 5; day++) {
      snapshots.add(tree(alice, day).commit());
      snapshots.add(tree(bob, day + 2).commit());
      repository.passTime(Duration.ofDays(1));
    }
    prove();
    snapshots.forEach(id -> assertEquals(SnapshotHealth.State.PROVEN, repository.state(id)));
    assertEquals(List.of(), losses());
  }

  @Test
  void shouldOfferAChunkToOthersOnlyOnceItIsProven() throws Exception {
    ChunkRef shared = shared();
    alice.backup().file("note", SHARED_TEXT).commit();
    assertTrue(alice.counts(shared));
    assertFalse(bob.counts(shared));
    prove();
    assertTrue(bob.counts(shared));
  }

  @Test
  void shouldCondemnAPoisonedChunkAndNeverCountItForAnother() throws Exception {
    ChunkRef shared = shared();
    bob.upload(shared, bob.garbage(ChunkKind.DATA, "poison"));
    SnapshotId poisoned = bob.backup().file("note", SHARED_TEXT).commit();
    assertFalse(alice.counts(shared), "bob's word counts for bob alone");
    SnapshotId good = alice.backup().file("note", SHARED_TEXT).commit();
    prove();
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(good));
    List<Loss> losses = losses();
    assertEquals(1, losses.size());
    assertEquals(LossCause.LOSS_CAUSE_PROOF_FAILED, losses.getFirst().getCause());
    List<Location> locations = locations(shared);
    assertFalse(locations.getFirst().present(), "bob's");
    assertTrue(locations.getLast().proven(), "alice's");
    repository.passTime(CONFIG.retryInterval().plusSeconds(1));
    prove();
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(poisoned), "by alice's chunk");
  }

  @Test
  void shouldCallASnapshotDamagedWhoseOnlyChunkIsPoison() throws Exception {
    bob.upload(shared(), bob.garbage(ChunkKind.DATA, "poison"));
    SnapshotId poisoned = bob.backup().file("note", SHARED_TEXT).commit();
    prove();
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(poisoned));
    assertFalse(bob.counts(shared()));
  }

  @Test
  void shouldKeepOtherHostsTrustWhenAHostLiesAboutItsHash() throws Exception {
    SnapshotId good = alice.backup().file("a", "honest").commit();
    byte[] content = SHARED_TEXT.getBytes(StandardCharsets.UTF_8);
    byte[] sealed = bob.garbage(ChunkKind.DATA, SHARED_TEXT);
    bob.upload(bob.key(ChunkKind.DATA, content).ref(), sealed, new SealedHash(1, 2));
    bob.backup().file("note", SHARED_TEXT).commit();
    prove();
    assertEquals(LossCause.LOSS_CAUSE_PROOF_FAILED, losses().getFirst().getCause());
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(good));
    try (CatalogView view = repository.view()) {
      assertEquals(0, view.losses().newestForAll());
    }
  }

  @Test
  void shouldNameAFlippedByteAndHealItByTheNextBackup() throws Exception {
    SnapshotId snapshot = tree(alice, 0).commit();
    ChunkRef damaged = alice.key(ChunkKind.DATA, content(0)).ref();
    flip(locations(damaged).getFirst());
    prove();
    assertEquals(List.of(LossCause.LOSS_CAUSE_BYTES_DAMAGED), causes());
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(snapshot));
    assertFalse(alice.counts(damaged), "so the next backup stores it again");

    repository.passTime(CONFIG.retryInterval().plusSeconds(1));
    SnapshotId next = tree(alice, 0).commit();
    prove();
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(next));
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
  }

  @Test
  void shouldCondemnAPageThatLiesAboutItsReferences() throws Exception {
    ChunkRef other = alice.store(ChunkKind.DATA, new byte[] {1, 2, 3}, List.of()).ref();
    SnapshotId lying =
        alice
            .backup()
            .file("note", "text")
            .lyingAboutReferences(references -> List.of(other))
            .commit();
    prove();
    assertEquals(List.of(LossCause.LOSS_CAUSE_PROOF_FAILED), causes());
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(lying));
  }

  @Test
  void shouldCondemnAPageThatHidesAReference() throws Exception {
    alice
        .backup()
        .file("a", "first")
        .file("b", "second")
        .lyingAboutReferences(references -> references.subList(0, 1))
        .commit();
    prove();
    assertEquals(List.of(LossCause.LOSS_CAUSE_PROOF_FAILED), causes());
  }

  @Test
  void shouldCallNothingLostByAnErrorThatMayPass() throws Exception {
    SnapshotId snapshot = tree(alice, 0).commit();
    try (Prover prover = prover()) {
      prover.poll();
      repository.vault().failReads(1_000);
      pollUntilIdle(prover);
      assertEquals(SnapshotHealth.State.STORED, repository.state(snapshot));
      repository.vault().failReads(0);
      repository.passTime(CONFIG.retryInterval().plusSeconds(1));
      pollUntilIdle(prover);
    }
    assertEquals(List.of(), losses());
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
  }

  @Test
  void shouldCallNothingLostByOneWrongReading() throws Exception {
    SnapshotId snapshot = alice.backup().file("note", "text").commit();
    try (Prover prover = prover()) {
      prover.poll();
      repository.vault().misread(1);
      pollUntilIdle(prover);
    }
    assertEquals(List.of(), losses());
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
  }

  @Test
  void shouldRecordAPackAsMissingAfterASecondLook() throws Exception {
    SnapshotId snapshot = alice.backup().file("note", SHARED_TEXT).commit();
    Location at = locations(shared()).getFirst();
    repository.vault().delete(ObjectName.of(PackLayout.objectName(at.pack())));
    prove();
    assertEquals(List.of(LossCause.LOSS_CAUSE_PACK_MISSING), causes());
    assertTrue(losses().getFirst().getEntries().isEmpty(), "the whole pack");
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(snapshot));
  }

  @Test
  void shouldGoOnWhereItWasAfterARestart() throws Exception {
    SnapshotId first = tree(alice, 0).commit();
    prove();
    SnapshotId second = tree(alice, 1).commit();
    repository.restart();
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(first));
    pacedBytes = 0;
    prove();
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(second));
    long unproven = content(1).length + 2L * 64 * 1024; // the new file, and pages
    assertTrue(pacedBytes < unproven + content(2).length, "read " + pacedBytes);
  }

  @Test
  void shouldNotReadAgainWhatEarlierSnapshotsShare() throws Exception {
    TestBackup wide = alice.backup();
    Random random = new Random(3);
    for (int i = 0; i < 3_000; i++) {
      wide.file("dir/" + i, Integer.toString(random.nextInt()));
    }
    wide.file("z", "before").commit();
    try (Prover prover = prover()) {
      pollUntilIdle(prover);
      long first = pacedBytes;
      repository.passTime(Duration.ofHours(1));
      TestBackup again = alice.backup();
      Random same = new Random(3);
      for (int i = 0; i < 3_000; i++) {
        again.file("dir/" + i, Integer.toString(same.nextInt()));
      }
      SnapshotId next = again.file("z", "after").commit();
      pacedBytes = 0;
      pollUntilIdle(prover);
      assertEquals(SnapshotHealth.State.PROVEN, repository.state(next));
      assertTrue(pacedBytes < first / 3, pacedBytes + " of " + first);
    }
  }

  @Test
  void shouldProveAgainWhatALossMayHaveHit() throws Exception {
    SnapshotId untouched = alice.backup().file("a", "first").commit();
    repository.restart(new PackAssembler.Limits(1, 1, Duration.ofSeconds(1)));
    SnapshotId hit = bob.backup().file("b", SHARED_TEXT).commit();
    prove();
    Location at = locations(shared()).getFirst();
    flip(at);
    new Verify(repository.proof())
        .run(
            io.holdfast.proto.stored.v1.ProofLevel.PROOF_LEVEL_CHECKED,
            java.util.Optional.empty(),
            new Faults());
    assertEquals(SnapshotHealth.State.STORED, repository.state(untouched));
    prove();
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(untouched));
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(hit));
  }

  @Test
  void shouldKeepItsPace() throws Exception {
    Pace pace = Pace.bytesPerSecond(1_000, repository.time());
    long begin = repository.time().nanos();
    for (int i = 0; i < 10; i++) {
      pace.take(500);
    }
    long seconds = Duration.ofNanos(repository.time().nanos() - begin).toSeconds();
    assertEquals(4, seconds, "nine waits of half a second");
  }

  @Test
  void shouldWaitUntilNobodyHasMovedDataForAWhile() throws Exception {
    SnapshotId snapshot = alice.backup().file("note", "text").commit();
    DataActivity activity = new DataActivity(repository.time());
    activity.moved();
    long begin = repository.time().nanos();
    proveBeside(activity);
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
    assertEquals(CONFIG.idle(), Duration.ofNanos(repository.time().nanos() - begin));
  }

  @Test
  void shouldProveInTheMidstOfDataOnceTheDeadlineIsOver() throws Exception {
    SnapshotId snapshot = alice.backup().file("note", "text").commit();
    repository.passTime(CONFIG.deadline());
    DataActivity activity = new DataActivity(repository.time());
    activity.moved();
    long begin = repository.time().nanos();
    proveBeside(activity);
    assertEquals(SnapshotHealth.State.PROVEN, repository.state(snapshot));
    assertEquals(begin, repository.time().nanos());
  }

  @Test
  void shouldStopWhileItWaitsForQuiet() throws Exception {
    SnapshotId snapshot = alice.backup().file("note", "text").commit();
    DataActivity activity = new DataActivity(repository.time());
    activity.moved();
    try (Prover prover = proverBeside(activity)) {
      prover.poll();
      prover.stop();
      pollUntilIdle(prover);
    }
    assertEquals(SnapshotHealth.State.STORED, repository.state(snapshot));
  }

  @Test
  void shouldFindDamageAgainAfterARestart() throws Exception {
    SnapshotId snapshot = tree(alice, 0).commit();
    flip(locations(alice.key(ChunkKind.DATA, content(0)).ref()).getFirst());
    prove();
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(snapshot));
    repository.restart();
    assertEquals(
        SnapshotHealth.State.STORED, repository.state(snapshot), "nothing but the journal");
    prove();
    assertEquals(SnapshotHealth.State.DAMAGED, repository.state(snapshot));
  }

  private Prover proverBeside(DataActivity activity) {
    return new Prover(repository.proof(), CONFIG, repository.time(), Pace.unlimited(), activity);
  }

  private void proveBeside(DataActivity activity) throws InterruptedException {
    try (Prover prover = proverBeside(activity)) {
      pollUntilIdle(prover);
    }
  }

  @Test
  void shouldLeaveASnapshotUnprovenWhoseKeyIsGone() throws Exception {
    SnapshotId snapshot = alice.backup().file("note", "text").commit();
    repository.vault().delete(ObjectName.of("keys/host/" + alice.id()));
    prove();
    assertEquals(SnapshotHealth.State.STORED, repository.state(snapshot));
    assertEquals(List.of(), losses());
  }

  private Prover prover() {
    return new Prover(repository.proof(), CONFIG, repository.time(), bytes -> pacedBytes += bytes);
  }

  private void prove() throws InterruptedException {
    try (Prover prover = prover()) {
      pollUntilIdle(prover);
    }
  }

  private static void pollUntilIdle(Prover prover) throws InterruptedException {
    Duration wait = Duration.ZERO;
    while (wait.isZero()) {
      wait = prover.poll();
    }
  }

  /** Twenty files of which {@code day} decides one. */
  private static TestBackup tree(TestHost host, int day) {
    TestBackup backup = host.backup();
    for (int i = 0; i < 20; i++) {
      backup.file("data/" + i, content(i == 7 ? 100 + day : i));
    }
    return backup.file("day", content(day));
  }

  private static byte[] content(int seed) {
    byte[] bytes = new byte[20_000];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private ChunkRef shared() {
    return alice.key(ChunkKind.DATA, SHARED_TEXT.getBytes(StandardCharsets.UTF_8)).ref();
  }

  private List<Location> locations(ChunkRef chunk) {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk);
    }
  }

  private void flip(Location at) {
    ObjectName pack = ObjectName.of(PackLayout.objectName(at.pack()));
    repository.vault().flip(pack, at.offset() + at.sealedLength() / 2);
  }

  private List<LossCause> causes() {
    return losses().stream().map(Loss::getCause).toList();
  }

  private List<Loss> losses() {
    return repository.journal().records().stream()
        .flatMap(record -> record.body().getMutationsList().stream())
        .map(ProverTest::change)
        .filter(Change::hasLoss)
        .map(Change::getLoss)
        .toList();
  }

  private static Change change(Mutation mutation) {
    try {
      return Change.parseFrom(mutation.getClear());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
