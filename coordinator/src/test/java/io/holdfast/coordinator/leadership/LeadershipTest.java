package io.holdfast.coordinator.leadership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.coordinator.journal.Appended;
import io.holdfast.coordinator.journal.HeadMemory;
import io.holdfast.coordinator.journal.JournalFounding;
import io.holdfast.coordinator.journal.JournalFounding.Charter;
import io.holdfast.coordinator.journal.JournalPorts;
import io.holdfast.coordinator.journal.MemorySlots;
import io.holdfast.coordinator.journal.NoCatalog;
import io.holdfast.coordinator.journal.RecordConsumer;
import io.holdfast.coordinator.journal.SlotOutcome;
import io.holdfast.coordinator.journal.TestCatalog;
import io.holdfast.coordinator.journal.TestFleet;
import io.holdfast.proto.stored.v1.RepositoryMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeadershipTest {
  private static final Path LOCK = Path.of("/lock");

  private final MemorySlots slots = new MemorySlots();
  private final ManualTime time = TestFleet.clock();
  private final LossyDisk disk = LossyDisk.seeded(1);
  private final TestCatalog catalog = new TestCatalog();

  private JournalPorts ports(int coordinator, RecordConsumer consumer) {
    return new JournalPorts(
        slots,
        TestFleet.signer(coordinator),
        TestFleet.VERIFIER,
        consumer,
        time,
        new SeededRandomness(coordinator));
  }

  @BeforeEach
  void found() {
    create(0);
  }

  private void create(int coordinator) {
    new JournalFounding(ports(coordinator, new NoCatalog()))
        .create(
            new Charter(
                TestFleet.REPOSITORY,
                TestFleet.FLEET,
                TestFleet.SITE,
                RepositoryMode.REPOSITORY_MODE_SHARED,
                TestFleet.ROOT),
            List.of());
  }

  private Leadership coordinator(int number, TestCatalog its, FileSystem files) {
    return new Leadership(
        ports(number, its),
        its.state(),
        HeadMemory.open(files, Path.of("/head" + number), time),
        new FileLockHint(files, LOCK),
        LeadershipPace.standard());
  }

  private void run(Leadership... all) {
    for (int i = 0; i < 20; i++) {
      time.advance(Duration.ofMillis(600));
      for (Leadership one : all) {
        Duration wait = one.poll();
        while (wait.isZero()) {
          wait = one.poll();
        }
      }
    }
  }

  private static CompletableFuture<Appended> append(Leadership leader) {
    return leader.append(List.of(TestFleet.mutation("one")));
  }

  @Test
  void shouldLeadWithTheLockAndAnswerAppends() {
    Leadership leader = coordinator(1, catalog, disk.mount());
    run(leader);
    assertEquals(
        2, assertInstanceOf(LeadershipState.Leading.class, leader.state()).authority().term());

    var future = append(leader);
    run(leader);
    assertEquals(3, future.join().slot().seq());
    assertEquals(3, catalog.lastSeq());
  }

  @Test
  void shouldBeginATermOfItsOwnWithARenewedSignerWhileAppendsWait() {
    Leadership leader = coordinator(1, catalog, disk.mount());
    run(leader);
    leader.renewSigner(TestFleet.signer(1));
    var waiting = append(leader);
    run(leader);
    assertEquals(
        3, assertInstanceOf(LeadershipState.Leading.class, leader.state()).authority().term());
    assertEquals(3, waiting.join().authority().term());
    assertEquals(4, waiting.join().slot().seq()); // genesis, first term, second term, this
    assertEquals(4, catalog.lastSeq());
  }

  @Test
  void shouldStopLeadingIfItsRenewedTermIsOutvoted() {
    Leadership first = coordinator(1, catalog, disk.mount());
    run(first);
    Leadership usurper = coordinator(2, new TestCatalog(), LossyDisk.seeded(2).mount());
    run(usurper);
    first.renewSigner(TestFleet.signer(1));
    assertTrue(first.poll().isZero());
    while (first.state() instanceof LeadershipState.Leading) {
      var _ = first.poll();
    }
    assertInstanceOf(LeadershipState.Following.class, first.state());
  }

  @Test
  void shouldFollowWithoutTheLockAndTakeOverWhenItsHolderCloses() {
    FileSystem files = disk.mount();
    TestCatalog other = new TestCatalog();
    Leadership first = coordinator(1, catalog, files);
    run(first);
    Leadership second = coordinator(2, other, files);
    var future = append(first);
    run(first, second);

    assertInstanceOf(LeadershipState.Following.class, second.state());
    assertEquals(future.join().slot().seq(), other.lastSeq());
    assertEquals(
        ErrorCode.NOT_LEADER, assertThrows(HoldfastException.class, () -> append(second)).code());

    first.close();
    run(second);
    assertEquals(
        3, assertInstanceOf(LeadershipState.Leading.class, second.state()).authority().term());
  }

  @Test
  void shouldStopLeadingAtOnceWhenAnotherTermStartsThoughItHoldsTheLock() {
    Leadership first = coordinator(1, catalog, disk.mount());
    run(first);
    TestCatalog other = new TestCatalog();
    Leadership usurper = coordinator(2, other, LossyDisk.seeded(2).mount());
    run(usurper);
    var late = append(first);
    assertTrue(first.poll().isZero());
    while (first.state() instanceof LeadershipState.Leading) {
      var _ = first.poll();
    }
    assertTrue(late.isCompletedExceptionally());
    assertInstanceOf(LeadershipState.Leading.class, usurper.state());
  }

  @Test
  void shouldOnlyFollowAfterItStoodDownThoughItHoldsTheLock() {
    Leadership first = coordinator(1, catalog, disk.mount());
    run(first);
    first.onOutvoted(_ -> first.contendNoMore());
    Leadership usurper = coordinator(2, new TestCatalog(), LossyDisk.seeded(2).mount());
    run(usurper);
    var late = append(first);
    run(first, usurper);
    assertTrue(late.isCompletedExceptionally());
    assertInstanceOf(LeadershipState.Following.class, first.state());
    var future = append(usurper);
    run(usurper, first);
    assertEquals(future.join().slot().seq(), catalog.lastSeq());
  }

  @Test
  void shouldBlockOnDamageAndGoOnWhenItIsHealed() {
    Leadership first = coordinator(1, catalog, disk.mount());
    run(first);
    var future = append(first);
    run(first);
    long seq = future.join().slot().seq();
    first.close();
    byte[] lost = slots.read(seq - 1).orElseThrow();
    slots.replace(seq - 1, new byte[0]);

    TestCatalog fresh = new TestCatalog();
    Leadership next = coordinator(2, fresh, LossyDisk.seeded(2).mount());
    run(next);
    assertEquals(
        ErrorCode.JOURNAL_DAMAGED,
        assertInstanceOf(LeadershipState.Blocked.class, next.state()).cause().code());

    slots.replace(seq - 1, lost);
    run(next);
    assertInstanceOf(LeadershipState.Leading.class, next.state());
  }

  @Test
  void shouldWaitWhereTheVaultIsFullAndLeadOnceThereIsRoom() {
    slots.answerNext(new SlotOutcome.Full("no space"), false);
    Leadership leader = coordinator(1, catalog, disk.mount());
    while (!(leader.state() instanceof LeadershipState.Blocked)) {
      var _ = leader.poll();
    }
    assertEquals(ErrorCode.VAULT_FULL, ((LeadershipState.Blocked) leader.state()).cause().code());
    run(leader);
    assertInstanceOf(LeadershipState.Leading.class, leader.state());
  }

  @Test
  void shouldRefuseToFoundAJournalTwice() {
    assertEquals(
        ErrorCode.OBJECT_EXISTS, assertThrows(HoldfastException.class, () -> create(1)).code());
  }

  @Test
  void shouldRunInItsOwnThreadAndCompleteAppendsFromOthers() {
    Leadership leader = coordinator(1, catalog, disk.mount());
    run(leader);
    try (LeadershipThread _ = LeadershipThread.start(leader)) {
      for (int i = 0; i < 50; i++) {
        append(leader).join();
      }
    }
    assertInstanceOf(LeadershipState.Closed.class, leader.state());
    assertEquals(
        ErrorCode.NOT_LEADER, assertThrows(HoldfastException.class, () -> append(leader)).code());
    assertEquals(52, catalog.lastSeq());
  }
}
