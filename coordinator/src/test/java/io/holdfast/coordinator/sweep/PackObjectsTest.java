package io.holdfast.coordinator.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.pack.PackContent;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.NamesVoided;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.RollbackAccepted;
import io.holdfast.proto.stored.v1.VoidedDeleted;
import io.holdfast.proto.stored.v1.VoidedName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that no record names: given up, kept for a while, deleted, and never somebody's. */
class PackObjectsTest {
  private static final PackId ORPHAN = PackId.of(new byte[16]);
  private static final int SIZE = 1_000;

  private TestRepository repository;
  private TestHost host;
  private Sweeper sweeper;

  @BeforeEach
  void begin() throws InterruptedException {
    repository = TestRepository.begun(1);
    host = TestHost.enrol(repository, "alpha");
    host.backup().file("file", "content").commit();
    sweeper = new Sweeper(TestSweeps.ports(repository), TestSweeps.LIMITS, Duration.ofDays(1));
  }

  private static ObjectName name(PackId pack) {
    return ObjectName.of(PackLayout.objectName(pack));
  }

  /** As a coordinator leaves it that stopped before the record. */
  private void leave(PackId pack, RepositoryId whose) {
    ByteBuffer object = ByteBuffer.allocate(SIZE);
    object.put(new PackHeader(PackContent.DATA, whose, pack).encode()).rewind();
    repository.vault().create(name(pack), object);
  }

  private boolean isStored(PackId pack) {
    return repository.vault().size(name(pack)).isPresent();
  }

  private long total(Total total) {
    try (CatalogView view = repository.view()) {
      return view.totals().of(total);
    }
  }

  private void change(Consumer<Change.Builder> change) {
    Change.Builder builder = Change.newBuilder();
    change.accept(builder);
    repository.append(builder.build());
  }

  private static ByteString bytes(PackId pack) {
    return ByteString.copyFrom(pack.toByteArray());
  }

  @Test
  void shouldGiveUpTheNameThenDeleteTheObject() throws Exception {
    leave(ORPHAN, repository.id());
    Sweeper.Outcome first = sweeper.sweep();
    assertEquals(1, first.done().getUnnamedObjects());
    assertEquals(SIZE, first.done().getUnnamedBytes());
    repository.passTime(Duration.ofMinutes(59));
    sweeper.sweep();
    assertEquals(0, total(Total.VOID_BYTES), "it may be on its way");
    assertEquals(1, sweeper.plan().objects().unnamed());
    repository.passTime(Duration.ofMinutes(1));
    sweeper.sweep();
    assertEquals(SIZE, total(Total.VOID_BYTES));
    Sweeper.Plan plan = sweeper.plan();
    assertEquals(0, plan.objects().unnamed());
    assertEquals(SIZE, plan.objects().voidBytes());
    repository.passTime(Duration.ofHours(11));
    sweeper.sweep();
    assertTrue(isStored(ORPHAN), "quarantine");
    repository.passTime(Duration.ofHours(1));
    sweeper.sweep();
    assertFalse(isStored(ORPHAN));
    assertEquals(0, total(Total.VOID_BYTES));
    assertEquals(SIZE, total(Total.DELETED_BYTES));
    leave(ORPHAN, repository.id());
    sweeper.sweep();
    assertFalse(isStored(ORPHAN), "a coordinator stopped after the record, before the deletion");
  }

  @Test
  void shouldLeaveAloneWhatIsNotOfThisRepository() throws Exception {
    leave(ORPHAN, RepositoryId.of(new byte[16]));
    repository.vault().create(ObjectName.of("packs/00/readme.txt"), ByteBuffer.allocate(1));
    PackId other = PackId.of(new byte[] {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9});
    repository.vault().create(name(other), ByteBuffer.allocate(10));
    for (int day = 0; day < 3; day++) {
      sweeper.sweep();
      repository.passTime(Duration.ofDays(1));
    }
    assertTrue(isStored(ORPHAN) && isStored(other));
    assertEquals(0, total(Total.VOID_BYTES));
  }

  @Test
  void aNameThatWasGivenUpShouldNeverBeRegistered() throws Exception {
    host.store(ChunkKind.DATA, new byte[3_000], List.of());
    host.flush();
    PackRegistered late =
        PackRegistered.newBuilder()
            .setPack(bytes(ORPHAN))
            .setContent(io.holdfast.proto.stored.v1.PackContent.PACK_CONTENT_DATA)
            .setSize(SIZE)
            .setFooterSha256(ByteString.copyFrom(new byte[32]))
            .setFooterLength(100)
            .setEntries(1)
            .addOwners(ByteString.copyFrom(host.id().toByteArray()))
            .build();
    NamesVoided.Builder names =
        NamesVoided.newBuilder()
            .addNames(VoidedName.newBuilder().setPack(bytes(ORPHAN)).setSize(SIZE));
    try (CatalogView view = repository.view()) {
      view.packs()
          .forEach(
              known -> names.addNames(VoidedName.newBuilder().setPack(bytes(known.pack().id()))));
    }
    long packs = total(Total.PACKS);
    change(c -> c.setNamesVoided(names));
    change(c -> c.setPackRegistered(late));
    assertEquals(packs, total(Total.PACKS));
    assertEquals(1, total(Total.IGNORED_CHANGES));
    assertEquals(SIZE, total(Total.VOID_BYTES), "registered ones are passed over");
    change(c -> c.setVoidedDeleted(VoidedDeleted.newBuilder().addPacks(bytes(ORPHAN))));
    change(c -> c.setVoidedDeleted(VoidedDeleted.newBuilder().addPacks(bytes(ORPHAN))));
    change(c -> c.setPackRegistered(late));
    assertEquals(packs, total(Total.PACKS));
    assertEquals(SIZE, total(Total.DELETED_BYTES));
  }

  /** A journal that was set back unseen names less than lies there. */
  @Test
  void manyShouldWaitForAnApproval() throws Exception {
    long many = SweepLimits.FREE_NAMES + 1;
    for (int i = 0; i < many; i++) {
      leave(PackId.of(ByteBuffer.allocate(16).putInt(12, i).array()), repository.id());
    }
    sweeper.sweep();
    repository.passTime(Duration.ofHours(1));
    Waiting waiting = sweeper.sweep().waiting().getFirst();
    assertEquals(Waiting.Reason.UNNAMED, waiting.reason());
    assertTrue(waiting.what().contains("gc approve " + many * SIZE + "B"), waiting.what());
    assertEquals(List.of(waiting), sweeper.plan().waiting());
    assertEquals(0, total(Total.VOID_BYTES));
    sweeper.approve(many * SIZE - 1, Duration.ofDays(1), "somebody");
    sweeper.sweep();
    assertEquals(0, total(Total.VOID_BYTES), "less was approved");
    sweeper.approve(many * SIZE, Duration.ofDays(1), "somebody");
    assertEquals(List.of(), sweeper.sweep().waiting());
    assertEquals(many * SIZE, total(Total.VOID_BYTES));
  }

  @Test
  void largeOnesShouldWaitForAnApproval() throws Exception {
    sweeper =
        new Sweeper(TestSweeps.ports(repository), TestSweeps.limits(SIZE - 1), Duration.ofDays(1));
    leave(ORPHAN, repository.id());
    sweeper.sweep();
    repository.passTime(Duration.ofHours(1));
    assertEquals(Waiting.Reason.UNNAMED, sweeper.sweep().waiting().getFirst().reason());
    assertEquals(0, total(Total.VOID_BYTES));
  }

  @Test
  void nothingShouldBeGivenUpWhileTheClockIsInDoubt() throws Exception {
    leave(ORPHAN, repository.id());
    Sweeper doubtful =
        new Sweeper(
            TestSweeps.inDoubt(TestSweeps.ports(repository)),
            TestSweeps.LIMITS,
            Duration.ofDays(1));
    doubtful.sweep();
    repository.passTime(Duration.ofDays(1));
    Sweeper.Outcome outcome = doubtful.sweep();
    assertEquals(Waiting.Reason.CLOCK, outcome.waiting().getFirst().reason());
    assertEquals(0, total(Total.VOID_BYTES));
  }

  /** They may be what the void records named. */
  @Test
  void shouldLeaveAllOfThemAloneAfterARollback() throws Exception {
    leave(ORPHAN, repository.id());
    change(c -> c.setRollbackAccepted(RollbackAccepted.getDefaultInstance()));
    sweeper.sweep();
    repository.passTime(Duration.ofDays(1));
    Sweeper.Outcome outcome = sweeper.sweep();
    assertEquals(Waiting.Reason.UNNAMED, outcome.waiting().getFirst().reason());
    assertEquals(0, total(Total.VOID_BYTES));
    assertTrue(isStored(ORPHAN));
  }
}
