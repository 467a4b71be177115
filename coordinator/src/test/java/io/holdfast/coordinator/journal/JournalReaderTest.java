package io.holdfast.coordinator.journal;

import static io.holdfast.coordinator.journal.TestFleet.mutation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.id.SiteId;
import io.holdfast.common.seam.SeededRandomness;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JournalReaderTest {
  private final MemorySlots slots = new MemorySlots();
  private final TestCatalog catalog = new TestCatalog();

  private JournalReader reader(JournalState from, Optional<JournalMark> remembered) {
    return new JournalReader(slots, new Replay(TestFleet.VERIFIER), catalog, from, remembered);
  }

  private JournalReader reader() {
    return reader(JournalState.beforeGenesis(TestFleet.ANCHOR), Optional.empty());
  }

  /** Genesis and {@code more} records by the same leader. */
  private JournalState write(int more) {
    Verdict.Valid last = TestFleet.genesis();
    slots.put(last);
    for (int i = 0; i < more; i++) {
      last = TestFleet.drafter(0, 0).carry(last.after(), List.of(mutation("record " + i)));
      slots.put(last);
    }
    return last.after();
  }

  private static ErrorCode codeOf(org.junit.jupiter.api.function.Executable action) {
    return assertThrows(HoldfastException.class, action).code();
  }

  @Test
  void shouldGiveEveryValidRecordOnceAndGoOnWhereItStopped() {
    JournalState state = write(2);
    JournalReader reader = reader();
    reader.catchUp(0);
    assertEquals(3, catalog.lastSeq());
    slots.put(TestFleet.drafter(1, 1).startTerm(state));
    reader.poll();
    assertEquals(4, catalog.lastSeq());
    assertEquals(4, catalog.slots().size());
  }

  @Test
  void shouldNotBelieveAListThatShowsLess() {
    write(4);
    slots.listOnlyTo(2);
    reader().catchUp(0);
    assertEquals(5, catalog.lastSeq());
  }

  @Test
  void shouldReportAMissingSlotAsDamageWhereAListOrAnAnnouncementShowsMore() {
    write(4);
    slots.slots().remove(3L);
    JournalReader reader = reader();
    assertEquals(ErrorCode.JOURNAL_DAMAGED, codeOf(() -> reader.catchUp(0)));
    assertEquals(2, catalog.lastSeq());
    slots.listOnlyTo(2);
    assertEquals(ErrorCode.JOURNAL_DAMAGED, codeOf(() -> reader.catchUp(5)));
  }

  @Test
  void shouldGoOnOnceADamagedSlotIsHealed() {
    write(4);
    byte[] lost = slots.slots().put(3L, new byte[0]);
    JournalReader reader = reader();
    assertEquals(ErrorCode.JOURNAL_DAMAGED, codeOf(() -> reader.catchUp(0)));
    slots.slots().put(3L, lost);
    reader.catchUp(0);
    assertEquals(5, catalog.lastSeq());
  }

  @Test
  void shouldRefuseAJournalShorterThanRemembered() {
    JournalMark mark = JournalMark.of(write(4).mustHead());
    slots.slots().remove(5L);
    slots.slots().remove(4L);
    JournalReader reader = reader(JournalState.beforeGenesis(TestFleet.ANCHOR), Optional.of(mark));
    assertEquals(ErrorCode.JOURNAL_ROLLED_BACK, codeOf(() -> reader.catchUp(0)));
  }

  @Test
  void shouldHoldAMemoryBelowItsStartAgainstTheJournal() {
    JournalState five = write(4);
    JournalMark mark = JournalMark.of(five.mustHead());
    SlotHash two = new SlotHash(2, RecordCodec.hash(ByteString.copyFrom(slots.slots().get(2L))));
    JournalMark passed = new JournalMark(mark.site(), mark.incarnation(), two);
    reader(five, Optional.of(passed)).catchUp(0);

    SlotHash otherRecord = new SlotHash(2, mark.slot().hash());
    JournalMark otherHistory = new JournalMark(mark.site(), mark.incarnation(), otherRecord);
    assertEquals(
        ErrorCode.JOURNAL_ROLLED_BACK,
        codeOf(() -> reader(five, Optional.of(otherHistory)).catchUp(0)));
    JournalMark otherSite = new JournalMark(SiteId.of(new byte[16]), mark.incarnation(), two);
    assertEquals(
        ErrorCode.VAULT_FOREIGN, codeOf(() -> reader(five, Optional.of(otherSite)).catchUp(0)));
  }

  @Test
  void shouldRefuseAnotherHistoryThanRemembered() {
    JournalState three = write(2);
    JournalMark mark = JournalMark.of(three.mustHead());
    slots.slots().remove(3L);
    JournalState two = reader().catchUp(0);
    slots.put(TestFleet.drafter(1, 1).startTerm(two));
    catalog.rewind(0);
    JournalReader reader = reader(JournalState.beforeGenesis(TestFleet.ANCHOR), Optional.of(mark));
    assertEquals(ErrorCode.JOURNAL_ROLLED_BACK, codeOf(() -> reader.catchUp(0)));
    assertEquals(2, catalog.lastSeq(), "nothing of the other history was applied");
  }

  @Test
  void shouldRefuseAVaultThatLostTheRecordWhereTheCatalogStands() {
    JournalState three = write(2);
    slots.slots().remove(3L);
    assertEquals(
        ErrorCode.JOURNAL_ROLLED_BACK, codeOf(() -> reader(three, Optional.empty()).catchUp(0)));
  }

  @Test
  void shouldRefuseAnotherSitesJournal() {
    write(2);
    JournalMark other =
        new JournalMark(
            SiteId.of(TestFleet.id(99)),
            TestFleet.INCARNATION,
            new SlotHash(9, TestFleet.genesis().record().hash()));
    JournalReader reader = reader(JournalState.beforeGenesis(TestFleet.ANCHOR), Optional.of(other));
    assertEquals(ErrorCode.VAULT_FOREIGN, codeOf(() -> reader.catchUp(0)));
  }

  @Test
  void shouldAcceptALossThatARollbackAboveTheMemoryExplains() {
    JournalMark mark = JournalMark.of(write(4).mustHead());
    slots.slots().remove(5L);
    slots.slots().remove(4L);
    accept(5);

    JournalReader reader = reader(JournalState.beforeGenesis(TestFleet.ANCHOR), Optional.of(mark));
    JournalState state = reader.catchUp(0);
    assertEquals(6, state.lastValidSeq());
    assertEquals(2, state.mustHead().authority().incarnationNumber());
    assertEquals(List.of(1L, 2L, 3L, 6L), catalog.slots().stream().map(SlotHash::seq).toList());
  }

  @Test
  void shouldNotAcceptARollbackBelowTheMemory() {
    JournalMark mark = JournalMark.of(write(4).mustHead());
    slots.slots().remove(5L);
    slots.slots().remove(4L);
    accept(0);

    JournalReader reader = reader(JournalState.beforeGenesis(TestFleet.ANCHOR), Optional.of(mark));
    assertEquals(ErrorCode.JOURNAL_ROLLED_BACK, codeOf(() -> reader.catchUp(0)));
  }

  @Test
  void shouldTakeTheCatalogBackThroughARollback() {
    write(4);
    JournalReader reader = reader();
    reader.catchUp(0);
    accept(5, OptionalLong.of(2));
    reader.catchUp(0);
    assertEquals(List.of(1L, 2L, 6L), catalog.slots().stream().map(SlotHash::seq).toList());
  }

  @Test
  void shouldRefuseToRollBackToASlotThatIsNotValid() {
    write(4);
    slots.slots().remove(3L);
    assertEquals(ErrorCode.INVALID_ARGUMENT, codeOf(() -> accept(5, OptionalLong.of(4))));
  }

  @Test
  void everyReaderComesToWhatReplaySaysOfAnyJournal() {
    Replay replay = new Replay(TestFleet.VERIFIER);
    for (long seed = 0; seed < 200; seed++) {
      TreeMap<Long, byte[]> script = new TreeMap<>();
      JournalScript.write(new Random(seed), script, 10);
      slots.slots().clear();
      catalog.rewind(0);
      JournalReader going = reader();
      script.forEach((seq, bytes) -> {
        slots.slots().put(seq, bytes);
        try {
          going.catchUp(0);
        } catch (HoldfastException damaged) {
          assertEquals(ErrorCode.JOURNAL_DAMAGED, damaged.code());
        }
      });
      JournalState all =
          replay.fold(
              JournalState.beforeGenesis(TestFleet.ANCHOR),
              script.lastKey(),
              seq -> Optional.ofNullable(script.get(seq)));
      assertEquals(
          all.head().map(JournalHead::last),
          catalog.state().head().map(JournalHead::last),
          "seed " + seed);
    }
  }

  private void accept(long shownElsewhere) {
    accept(shownElsewhere, OptionalLong.empty());
  }

  private void accept(long shownElsewhere, OptionalLong lastValid) {
    JournalPorts ports =
        new JournalPorts(
            slots,
            TestFleet.signer(3),
            TestFleet.VERIFIER,
            new NoCatalog(),
            TestFleet.clock(),
            new SeededRandomness(5));
    JournalState state =
        new JournalFounding(ports).acceptRollback(TestFleet.ANCHOR, lastValid, shownElsewhere);
    IncarnationId now = state.mustHead().authority().incarnation();
    assertEquals(false, now.equals(TestFleet.INCARNATION));
  }
}
