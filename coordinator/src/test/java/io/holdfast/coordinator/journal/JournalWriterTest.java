package io.holdfast.coordinator.journal;

import static io.holdfast.coordinator.journal.TestFleet.mutation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JournalWriterTest {
  private final MemorySlots slots = new MemorySlots();
  private final ManualTime time = TestFleet.clock();
  private final TestCatalog catalog = new TestCatalog();
  private JournalWriter writer;

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
  void lead() {
    Verdict.Valid genesis = TestFleet.genesis();
    slots.put(genesis);
    catalog.apply(genesis);
    writer = JournalWriter.lead(ports(1, catalog), genesis.after());
    run();
    assertTrue(writer.isLeading());
  }

  /** Polls until nothing is to do, letting time go by as asked. */
  private void run() {
    Optional<Duration> wait = writer.poll();
    for (int i = 0; i < 10_000 && wait.isPresent(); i++) {
      time.advance(wait.get());
      wait = writer.poll();
    }
    assertTrue(wait.isEmpty(), "it never comes to rest");
  }

  private CompletableFuture<Appended> append(String text) {
    return writer.append(List.of(mutation(text)));
  }

  private static ErrorCode codeOf(CompletableFuture<Appended> future) {
    CompletionException failed = assertThrows(CompletionException.class, future::join);
    return assertInstanceOf(HoldfastException.class, failed.getCause()).code();
  }

  @Test
  void shouldPutAllThatWaitsIntoOneRecordAndApplyItBeforeAnswering() {
    List<CompletableFuture<Appended>> futures = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      futures.add(append("append " + i));
    }
    var applied = futures.getFirst().thenApply(appended -> catalog.lastSeq());
    run();

    assertEquals(3, applied.join());
    for (CompletableFuture<Appended> future : futures) {
      assertEquals(3, future.join().slot().seq());
      assertEquals(2, future.join().authority().term());
    }
    assertEquals(3, slots.slots().size());
    assertEquals(100, catalog.mutations().size() - 3);
  }

  @Test
  void shouldGiveAnAppendThatWantsItARecordOfItsOwn() {
    var before = append("before");
    var alone = writer.appendAlone(List.of(mutation("alone")));
    var after = append("after");
    run();

    assertEquals(3, before.join().slot().seq());
    assertEquals(4, alone.join().slot().seq());
    assertEquals(5, after.join().slot().seq());
  }

  @Test
  void shouldNotAnswerWhileTheOutcomeIsUnknown() {
    slots.answerNext(new SlotOutcome.Unknown("timed out"), false);
    slots.leaveReadsUnanswered(5);
    var future = append("one");
    for (int i = 0; i < 6; i++) {
      writer.poll().ifPresent(time::advance);
      assertFalse(future.isDone());
    }
    run();
    assertEquals(3, future.join().slot().seq());
  }

  @Test
  void shouldRecogniseItsOwnRecordAfterALostAnswer() {
    slots.answerNext(new SlotOutcome.Unknown("timed out"), true);
    var future = append("one");
    run();

    assertEquals(3, future.join().slot().seq());
    assertEquals(3, slots.slots().size());
  }

  @Test
  void shouldStopWhereAnotherRecordStands() {
    slots.put(TestFleet.drafter(2, 2).startTerm(writer.state()));
    var one = append("one");
    run();

    assertEquals(ErrorCode.FENCED, codeOf(one));
    assertEquals(ErrorCode.FENCED, writer.stopped().orElseThrow().code());
    HoldfastException refused = assertThrows(HoldfastException.class, () -> append("two"));
    assertEquals(ErrorCode.FENCED, refused.code());
    int creates = slots.creates();
    run();
    assertEquals(creates, slots.creates(), "it never writes again");
  }

  @Test
  void shouldGoOnAtTheSameSlotAfterACleanRefusal() {
    slots.answerNext(new SlotOutcome.Full("no space"), false);
    var refused = append("one");
    run();
    assertEquals(ErrorCode.VAULT_FULL, codeOf(refused));
    assertTrue(writer.isLeading());

    var next = append("two");
    run();
    assertEquals(3, next.join().slot().seq());
  }

  @Test
  void shouldNotTakeFullForCertainAfterATimeOut() {
    slots.answerNext(new SlotOutcome.Unknown("timed out"), false);
    slots.answerNext(new SlotOutcome.Full("no space"), false);
    var future = append("one");
    run();
    assertEquals(3, future.join().slot().seq(), "the same record, in the end");
  }

  @Test
  void shouldStopForGoodAfterAFailedSync() {
    slots.answerNext(new SlotOutcome.SyncFailed("EIO"), true);
    var future = append("one");
    run();
    assertEquals(ErrorCode.FENCED, codeOf(future));
  }

  @Test
  void shouldGiveUpWithinABoundWhereTheVaultGivesNoAnswer() {
    slots.leaveReadsUnanswered(Integer.MAX_VALUE);
    var future = append("one");
    long start = time.nanos();
    run();

    assertEquals(ErrorCode.FENCED, codeOf(future));
    Duration took = Duration.ofNanos(time.nanos() - start);
    assertTrue(took.compareTo(JournalLimits.UNCERTAIN_MAX.multipliedBy(2)) < 0, took.toString());
  }

  @Test
  void shouldStopWhereTheCatalogCannotApply() {
    JournalWriter broken =
        JournalWriter.lead(
            ports(
                2,
                new RecordConsumer() {
                  @Override
                  public void apply(Verdict.Valid valid) {
                    throw new IllegalStateException("a bug");
                  }

                  @Override
                  public JournalState rewind(long lastValidSeq) {
                    throw new IllegalStateException("a bug");
                  }
                }),
            writer.state());
    writer = broken;
    run();
    assertEquals(ErrorCode.INTERNAL, broken.stopped().orElseThrow().code());
  }

  @Test
  void shouldLeaveAnAppendInFlightToTheNextLeaderWhenItResigns() {
    var future = append("one");
    var _ = writer.poll();
    writer.resign("shutdown");
    run();
    assertEquals(ErrorCode.FENCED, codeOf(future));
  }

  @Test
  void shouldRefuseWhatNoRecordCanHold() {
    HoldfastException none = assertThrows(HoldfastException.class, () -> writer.append(List.of()));
    assertEquals(ErrorCode.INVALID_ARGUMENT, none.code());
    var large =
        mutation("large").toBuilder()
            .setSealed(ByteString.copyFrom(new byte[JournalLimits.APPEND_BYTES_MAX]))
            .build();
    HoldfastException tooLarge =
        assertThrows(HoldfastException.class, () -> writer.append(List.of(large)));
    assertEquals(ErrorCode.MESSAGE_TOO_LARGE, tooLarge.code());
  }

  @Test
  void shouldTakeTheLargestAppendThatIsAllowed() {
    var large =
        mutation("large").toBuilder()
            .setSealed(ByteString.copyFrom(new byte[JournalLimits.APPEND_BYTES_MAX - 100]))
            .build();
    var future = writer.append(List.of(large));
    run();
    assertEquals(3, future.join().slot().seq());
  }

  @Test
  void shouldNeverGoBackInTimeThoughTheClockDoes() {
    var before = append("one");
    run();
    time.setClock(Instant.EPOCH);
    var future = append("two");
    run();
    assertEquals(before.join().time(), future.join().time());
    assertEquals(catalog.state().mustHead().timeMillis(), future.join().time().toEpochMilli());
  }

  @Test
  void shouldNotLeadADamagedJournal() {
    JournalState damaged = new Replay(TestFleet.VERIFIER).missing(writer.state()).after();
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> JournalWriter.lead(ports(2, catalog), damaged));
    assertEquals(ErrorCode.JOURNAL_DAMAGED, refused.code());
  }
}
