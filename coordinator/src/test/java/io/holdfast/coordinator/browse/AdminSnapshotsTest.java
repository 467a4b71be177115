package io.holdfast.coordinator.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.proof.Verify;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestHostNames;
import io.holdfast.coordinator.testkit.TestJournal;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.wire.v1.DiffSnapshotsRequest;
import io.holdfast.proto.wire.v1.Difference;
import io.holdfast.proto.wire.v1.DifferenceKind;
import io.holdfast.proto.wire.v1.File;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.FoundFile;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.ListPacksRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.ProofStatement;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotName;
import io.holdfast.proto.wire.v1.SnapshotState;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.StoredPack;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminSnapshotsTest {
  private final TestRepository repository = TestRepository.begun(5);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final TestHost bob = TestHost.enrol(repository, "bob");
  private final BrowsePorts ports =
      new BrowsePorts(
          repository::view,
          repository.mutations(),
          repository.opener(),
          new SnapshotHealth(),
          new TestHostNames(List.of(alice, bob)));
  private final AdminSnapshots admin = new AdminSnapshots(ports);
  private final AdminVault vault =
      new AdminVault(ports, repository.vault(), "/vault", new Verify(repository.proof()), List::of);

  private SnapshotId first;
  private SnapshotId second;

  @BeforeEach
  void makeSnapshots() throws InterruptedException {
    first =
        alice
            .backup()
            .file("etc/hosts", "127.0.0.1")
            .file("etc/ssh/config", "no passwords")
            .file("home/a/notes.txt", "old")
            .commit();
    repository.passTime(Duration.ofHours(1));
    second =
        alice
            .backup()
            .file("etc/hosts", "127.0.0.1")
            .file("etc/ssh/config", "still no passwords")
            .file("home/a/new.txt", "new")
            .commit();
    repository.passTime(Duration.ofHours(1));
    bob.backup().file("etc/hosts", "::1").commit();
  }

  @Test
  void shouldListSnapshotsWithTheirHostsAndSources() throws Exception {
    List<Snapshot> all = new ArrayList<>();
    admin.listSnapshots(ListSnapshotsRequest.getDefaultInstance(), all::add);
    assertEquals(3, all.size());
    List<Snapshot> newest = new ArrayList<>();
    admin.listSnapshots(ListSnapshotsRequest.newBuilder().setLimit(2).build(), newest::add);
    assertEquals(List.of("alice", "bob"), newest.stream().map(Snapshot::getHostName).toList());
    Snapshot shown = admin.showSnapshot(name("latest:alice"));
    assertEquals(bytes(second), shown.getSnapshot());
    assertEquals("/srv", shown.getSources(0).toStringUtf8());
    assertEquals(SnapshotState.SNAPSHOT_STATE_STORED, shown.getState());
    assertEquals(3, shown.getTotals().getFiles());
  }

  @Test
  void shouldBundleAnswersForWhoAsksForIt() throws Exception {
    List<Snapshot> single = new ArrayList<>();
    admin.listSnapshots(ListSnapshotsRequest.getDefaultInstance(), single::add);
    List<Snapshot> bundles = new ArrayList<>();
    admin.listSnapshots(ListSnapshotsRequest.newBuilder().setBundled(true).build(), bundles::add);
    assertEquals(1, bundles.size());
    Snapshot first = bundles.getFirst();
    assertEquals(single.subList(1, 3), first.getFollowersList());
    assertEquals(single.getFirst(), first.toBuilder().clearFollowers().build());
  }

  @Test
  void shouldListADirectoryAndWhatIsBelowIt() throws Exception {
    assertEquals(List.of("etc", "home"), list("", false, 0));
    assertEquals(List.of("etc/hosts", "etc/ssh"), list("/etc/", false, 0));
    assertEquals(List.of("etc", "etc/hosts", "etc/ssh", "etc/ssh/config"), list("etc", true, 0));
    assertEquals(List.of("etc/hosts"), list("etc/hosts", false, 0));
    assertEquals(List.of("etc", "etc/hosts"), list("", true, 2));
  }

  @Test
  void shouldSayThatAPathIsNotThere() {
    HoldfastException thrown =
        assertThrows(HoldfastException.class, () -> list("etc/passwd", false, 0));
    assertEquals(ErrorCode.PATH_NOT_FOUND, thrown.code());
  }

  @Test
  void shouldFindFilesInOneSnapshotOrInAllOfAHost() throws Exception {
    assertEquals(
        List.of("home/a/notes.txt"),
        find(FindFilesRequest.newBuilder().setPattern("*.txt").setSnapshot(first.toString())));
    assertEquals(
        List.of("home/a/notes.txt", "home/a/new.txt"),
        find(FindFilesRequest.newBuilder().setPattern("*.txt").setHost("alice")));
    assertEquals(
        List.of("etc/hosts"),
        find(FindFilesRequest.newBuilder().setPattern("/etc/h*").setHost("alice").setLimit(1)));
  }

  @Test
  void shouldTellTwoSnapshotsApart() throws Exception {
    List<Difference> differences = new ArrayList<>();
    admin.diffSnapshots(
        DiffSnapshotsRequest.newBuilder()
            .setFrom(first.toString())
            .setTo(second.toString())
            .build(),
        differences::add);
    assertEquals(
        List.of(
            DifferenceKind.DIFFERENCE_KIND_CONTENT,
            DifferenceKind.DIFFERENCE_KIND_ADDED,
            DifferenceKind.DIFFERENCE_KIND_REMOVED),
        differences.stream().map(Difference::getKind).toList());
    assertEquals("home/a/notes.txt", differences.getLast().getFrom().getPath().toStringUtf8());
  }

  @Test
  void shouldLeaveOutDifferencesElsewhere() throws Exception {
    List<Difference> differences = new ArrayList<>();
    admin.diffSnapshots(
        DiffSnapshotsRequest.newBuilder()
            .setFrom(first.toString())
            .setTo(second.toString())
            .setPath(ByteString.copyFromUtf8("/etc"))
            .build(),
        differences::add);
    assertEquals(1, differences.size());
  }

  @Test
  void shouldPassOnThatItsReaderIsGone() {
    Sink<Difference> interrupted =
        difference -> {
          throw new InterruptedException("stopping");
        };
    assertThrows(
        InterruptedException.class,
        () ->
            admin.diffSnapshots(
                DiffSnapshotsRequest.newBuilder()
                    .setFrom(first.toString())
                    .setTo(second.toString())
                    .build(),
                interrupted));
  }

  @Test
  void shouldSayWhoseKeyIsGone() {
    repository.vault().delete(ObjectName.of("keys/host/" + alice.id()));
    HoldfastException thrown = assertThrows(HoldfastException.class, () -> list("", false, 0));
    assertEquals(ErrorCode.KEY_UNAVAILABLE, thrown.code());
    assertTrue(thrown.getMessage().contains(alice.id().toString()));
  }

  @Test
  void shouldVerifyAndTellTheVaultsFigures() throws Exception {
    List<VerifyEvent> events = new ArrayList<>();
    vault.verify(
        VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(), events::add);
    assertTrue(events.getLast().hasResult());
    assertEquals(0, events.getLast().getResult().getFaults());
    assertEquals(3, events.getLast().getResult().getSnapshots());
    ProofStatement said = events.getLast().getResult().getStatement();
    assertEquals(VerifyLevel.VERIFY_LEVEL_PROVEN, said.getLevel());
    assertEquals(repository.journal().records().size(), said.getSeq());
    VaultStatsAnswer stats = vault.vaultStats();
    assertEquals(said, stats.getLastProven());
    assertEquals(said, stats.getLastChecked());
    assertEquals(16, stats.getOldestPack().size());
    assertEquals(VerifyLevel.VERIFY_LEVEL_CHECKED, stats.getOldestReading().getLevel());
    assertEquals(3, stats.getSnapshots());
    assertTrue(stats.getProvenBytes() > 0);
    assertEquals(events.getLast().getResult().getPacks(), stats.getPacks());
    StatusAnswer.Builder status = StatusAnswer.newBuilder();
    vault.addStatus(status);
    assertEquals(0, status.getSnapshotsUnproven());
    assertEquals(List.of(), status.getWarningsList());
  }

  @Test
  void shouldSayWhoProvedASnapshotAndInWhichRecord() throws Exception {
    assertFalse(admin.showSnapshot(name("latest:alice")).hasProof());
    VaultStatsAnswer stats = vault.vaultStats();
    assertEquals(VerifyLevel.VERIFY_LEVEL_UNSPECIFIED, stats.getOldestReading().getLevel());
    assertFalse(stats.hasLastChecked());
    List<VerifyEvent> events = new ArrayList<>();
    vault.verify(
        VerifyRequest.newBuilder()
            .setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN)
            .setSnapshot("latest:alice")
            .build(),
        events::add);
    ProofStatement proof = admin.showSnapshot(name("latest:alice")).getProof();
    assertEquals(VerifyLevel.VERIFY_LEVEL_PROVEN, proof.getLevel());
    assertEquals(ByteString.copyFrom(TestJournal.WRITER.toByteArray()), proof.getCoordinator());
    assertEquals(1, proof.getTerm());
    assertEquals(repository.time().now().toEpochMilli(), proof.getTimeMillis());
    assertEquals(repository.journal().records().size(), proof.getSeq());
    assertEquals(proof, events.getLast().getResult().getStatement());
    assertFalse(admin.showSnapshot(name("latest:bob")).hasProof());
    assertFalse(vault.vaultStats().hasLastProven(), "one snapshot isn't everything");
  }

  @Test
  void shouldListPacksWithTheOneReadLongestAgoFirst() throws Exception {
    List<StoredPack> packs = new ArrayList<>();
    vault.listPacks(ListPacksRequest.getDefaultInstance(), packs::add);
    assertEquals(vault.vaultStats().getPacks(), packs.size());
    assertEquals(vault.vaultStats().getOldestPack(), packs.getFirst().getPack());
    assertEquals(0, packs.stream().mapToInt(StoredPack::getChecked).sum());
    vault.verify(VerifyRequest.getDefaultInstance(), event -> {});
    List<StoredPack> read = new ArrayList<>();
    vault.listPacks(ListPacksRequest.newBuilder().setLimit(2).build(), read::add);
    assertEquals(2, read.size());
    assertEquals(read.getFirst().getEntries(), read.getFirst().getChecked());
    assertEquals(VerifyLevel.VERIFY_LEVEL_CHECKED, read.getFirst().getReading().getLevel());
    assertEquals(0, read.getFirst().getLost());
  }

  @Test
  void shouldSayNothingOfAVerificationThatFoundSomething() throws Exception {
    AdminVault doubted =
        new AdminVault(
            ports,
            repository.vault(),
            "/vault",
            new Verify(repository.proof()),
            () -> List.of(new HoldfastException(ErrorCode.JOURNAL_DAMAGED, "slot 7 is gone")));
    List<VerifyEvent> events = new ArrayList<>();
    doubted.verify(VerifyRequest.getDefaultInstance(), events::add);
    assertEquals(1, events.getLast().getResult().getFaults());
    assertFalse(events.getLast().getResult().hasStatement());
    assertFalse(doubted.vaultStats().hasLastChecked());
  }

  private List<String> list(String path, boolean recursive, int limit) throws InterruptedException {
    List<File> files = new ArrayList<>();
    admin.listFiles(
        ListFilesRequest.newBuilder()
            .setSnapshot(first.toString())
            .setPath(ByteString.copyFromUtf8(path))
            .setRecursive(recursive)
            .setLimit(limit)
            .build(),
        files::add);
    return files.stream().map(file -> file.getPath().toStringUtf8()).toList();
  }

  private List<String> find(FindFilesRequest.Builder request) throws InterruptedException {
    List<FoundFile> found = new ArrayList<>();
    admin.findFiles(request.build(), found::add);
    return found.stream().map(file -> file.getFile().getPath().toStringUtf8()).toList();
  }

  private static SnapshotName name(String text) {
    return SnapshotName.newBuilder().setSnapshot(text).build();
  }

  private static ByteString bytes(SnapshotId id) {
    return ByteString.copyFrom(id.toByteArray());
  }
}
