package io.holdfast.coordinator.journal;

import static io.holdfast.coordinator.journal.TestFleet.mutation;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.IncarnationId;
import io.holdfast.common.identity.Signature;
import io.holdfast.coordinator.journal.Verdict.VoidReason;
import io.holdfast.proto.stored.v1.RecordBody;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReplayTest {
  private final Replay replay = new Replay(TestFleet.VERIFIER);
  private final TreeMap<Long, byte[]> slots = new TreeMap<>();

  @Test
  void shouldTakeAGenesisAndWhatChainsToIt() {
    Verdict.Valid genesis = write(TestFleet.genesis());
    Verdict.Valid next = write(carry(genesis.after(), "one"));

    assertEquals(next.after(), readAll());
    assertEquals(2, readAll().lastValidSeq());
    assertEquals(1, readAll().mustHead().authority().term());
    assertEquals(TestFleet.SITE, readAll().mustHead().site());
  }

  @Test
  void shouldRaiseTheTermOnlyByItsStart() {
    Verdict.Valid genesis = write(TestFleet.genesis());
    Verdict.Valid second = write(TestFleet.drafter(1, 1).startTerm(genesis.after()));

    assertEquals(2, second.authority().term());
    assertDamage(
        Damage.Reason.SIGNATURE,
        judge(second.after(), forged(carry(second.after(), "x"), 1, body -> body.setTerm(3))));
    assertDamage(
        Damage.Reason.SIGNATURE, judge(second.after(), carry(0, second.after(), 2, "foreign key")));
  }

  @Test
  void shouldCallAStaleTermsRecordVoidAndChainOverIt() {
    Verdict.Valid genesis = write(TestFleet.genesis());
    Verdict.Valid second = write(TestFleet.drafter(1, 1).startTerm(genesis.after()));
    Verdict late = judge(second.after(), carry(0, second.after(), 1, "late"));
    assertVoid(VoidReason.TERM, late);
    slots.put(3L, carry(0, second.after(), 1, "late").toByteArray());

    Verdict.Valid third = write(TestFleet.drafter(2, 2).startTerm(late.after()));

    assertEquals(4, third.seq());
    assertEquals(List.of(((Verdict.Outvoted) late).slot()), third.record().voids());
    assertEquals(new SlotHash(2, second.record().hash()), third.record().previous());
    assertEquals(third.after(), readAll());
  }

  @Test
  void shouldCallASecondStartOfTheSameTermVoid() {
    Verdict.Valid genesis = write(TestFleet.genesis());
    Verdict.Valid second = write(TestFleet.drafter(1, 1).startTerm(genesis.after()));
    ByteString rival =
        forged(
            TestFleet.drafter(2, 2).startTerm(second.after()).record().bytes(),
            2,
            body -> body.setTerm(2));
    assertVoid(VoidReason.TERM, judge(second.after(), rival));
  }

  @Test
  void shouldCallARecordVoidThatDoesNotNameItsPredecessorOrAllVoids() {
    JournalState one = write(TestFleet.genesis()).after();
    JournalState two = write(carry(one, "one")).after();
    ByteString good = carry(two, "two");

    assertVoid(VoidReason.CHAIN, judge(two, forged(good, 0, body -> body.setPreviousSeq(1))));
    assertVoid(
        VoidReason.CHAIN,
        judge(
            two, forged(good, 0, body -> body.setPreviousHash(ByteString.copyFrom(new byte[32])))));
    JournalState withVoid = judge(two, forged(good, 0, body -> body.setPreviousSeq(1))).after();
    assertVoid(
        VoidReason.CHAIN,
        judge(withVoid, forged(carry(withVoid, "three"), 0, RecordBody.Builder::clearVoids)));
    assertInstanceOf(Verdict.Valid.class, judge(withVoid, carry(withVoid, "three")));
  }

  @Test
  void shouldCallAnotherIncarnationsOrEpochsRecordVoid() {
    JournalState one = write(TestFleet.genesis()).after();
    // Its key is known for its term only within its incarnation, so a stranger's is damage.
    assertDamage(
        Damage.Reason.SIGNATURE,
        judge(one, forged(carry(one, "x"), 0, body -> body.setIncarnation(TestFleet.token(9)))));
    ByteString start = TestFleet.drafter(1, 1).startTerm(one).record().bytes();
    assertVoid(
        VoidReason.INCARNATION,
        judge(one, forged(start, 1, body -> body.setIncarnation(TestFleet.token(9)))));
    assertVoid(
        VoidReason.EPOCH,
        judge(
            one,
            forged(
                carry(one, "x"),
                0,
                body -> body.setSiteEpoch(body.getSiteEpoch().toBuilder().setNumber(2)))));
  }

  @Test
  void shouldFindDamageWhereASlotHoldsNoSoundRecord() {
    JournalState one = write(TestFleet.genesis()).after();
    ByteString good = carry(one, "one");

    assertDamage(Damage.Reason.UNREADABLE, judge(one, ByteString.EMPTY));
    assertDamage(Damage.Reason.UNREADABLE, judge(one, good.substring(0, good.size() - 1)));
    assertDamage(Damage.Reason.MISPLACED, judge(one, TestFleet.genesis().record().bytes()));
    assertDamage(Damage.Reason.SIGNATURE, judge(one, flipped(good, good.size() - 1)));
    assertDamage(
        Damage.Reason.FOREIGN,
        judge(one, forged(good, 0, body -> body.setRepository(TestFleet.token(7)))));
    assertDamage(Damage.Reason.TIME, judge(one, forged(good, 0, body -> body.setTimeMillis(999))));
    assertDamage(Damage.Reason.MISSING, replay.missing(one));
    assertDamage(Damage.Reason.NEWER_VERSION, judge(one, flipped(good, 5)));
  }

  @Test
  void shouldJudgeNothingBehindDamageButARollback() {
    JournalState one = write(TestFleet.genesis()).after();
    Verdict.Valid two = carryValid(0, one, 1, "two");
    Verdict.Valid three = carryValid(0, two.after(), 1, "three");
    JournalState broken = replay.missing(one).after();

    assertDamage(Damage.Reason.BEHIND_DAMAGE, judge(broken, three.record().bytes()));
    JournalState end = judge(broken, three.record().bytes()).after();
    Verdict.Valid rollback = TestFleet.drafter(1, 1).rollBack(one, 4, 1, incarnation(2));

    Verdict verdict = judge(end, rollback.record().bytes());

    assertEquals(rollback, verdict);
    JournalHead head = verdict.after().mustHead();
    assertEquals(new Authority(TestFleet.EPOCH, 2, incarnation(2), 2), head.authority());
    assertTrue(head.rolledBack(2) && head.rolledBack(3) && !head.rolledBack(4));
  }

  @Test
  void shouldMakePresentRecordsVoidByARollbackBelowThem() {
    JournalState one = write(TestFleet.genesis()).after();
    JournalState two = write(carry(one, "two")).after();
    write(carry(two, "three"));
    Verdict.Valid rollback = write(TestFleet.drafter(1, 1).rollBack(two, 4, 1, incarnation(2)));

    Verdict.Rewind rewind =
        assertInstanceOf(Verdict.Rewind.class, judge(fold(3), rollback.record().bytes()));

    assertEquals(rollback, replay.resolve(rewind, this::slot));
    assertEquals(rollback.after(), readAll());
  }

  @Test
  void shouldReadARollbackAlikeWhateverIsLeftOfTheSlotsBetween() {
    JournalState one = write(TestFleet.genesis()).after();
    JournalState two = write(carry(one, "two")).after();
    write(carry(two, "three"));
    write(carry(fold(3), "four"));
    Verdict.Valid rollback = write(TestFleet.drafter(1, 1).rollBack(two, 5, 1, incarnation(2)));
    JournalState expected = readAll();

    for (long seq = 3; seq <= 4; seq++) {
      for (byte[] left : List.of(new byte[0], TestFleet.genesis().record().bytes().toByteArray())) {
        byte[] was = slots.put(seq, left);
        assertEquals(expected, readAll());
        slots.remove(seq);
        assertEquals(expected, readAll());
        slots.put(seq, was);
      }
    }
    assertEquals(rollback.after(), expected);
  }

  @Test
  void shouldRefuseARollbackToASlotThatARollbackMadeVoid() {
    JournalState one = write(TestFleet.genesis()).after();
    JournalState two = write(carry(one, "two")).after();
    write(TestFleet.drafter(1, 1).rollBack(one, 3, 1, incarnation(2)));
    ByteString second =
        TestFleet.drafter(2, 2).rollBack(two, 4, 2, incarnation(3)).record().bytes();

    assertVoid(VoidReason.CHAIN, judge(readAll(), second));
  }

  @Test
  void shouldRefuseARollbackThatKeepsItsIncarnationOrItsTerm() {
    JournalState one = write(TestFleet.genesis()).after();
    ByteString good = TestFleet.drafter(1, 1).rollBack(one, 2, 1, incarnation(2)).record().bytes();

    assertInstanceOf(Verdict.Valid.class, judge(one, good));
    assertVoid(VoidReason.CHAIN, judge(one, forged(good, 1, body -> body.setTerm(1))));
    assertVoid(
        VoidReason.CHAIN,
        judge(
            one,
            forged(
                good,
                1,
                body ->
                    body.setIncarnation(
                        ByteString.copyFrom(TestFleet.INCARNATION.toByteArray())))));
  }

  @Test
  void shouldRefuseAGenesisOfAnotherRepositoryOrRoot() {
    JournalAnchor otherRoot =
        JournalAnchor.pinned(TestFleet.REPOSITORY, ByteString.copyFromUtf8("another"));
    ByteString genesis = TestFleet.genesis().record().bytes();

    assertDamage(Damage.Reason.FOREIGN, judge(JournalState.beforeGenesis(otherRoot), genesis));
    assertInstanceOf(
        Verdict.Valid.class, judge(JournalState.beforeGenesis(JournalAnchor.asFound()), genesis));
    assertDamage(
        Damage.Reason.GENESIS,
        judge(
            JournalState.beforeGenesis(TestFleet.ANCHOR),
            forged(genesis, 0, body -> body.setTerm(2))));
  }

  @Test
  void shouldKeepTheStateThroughItsStoredForm() {
    JournalState one = write(TestFleet.genesis()).after();
    JournalState two = write(TestFleet.drafter(1, 1).startTerm(one)).after();
    JournalState three = write(TestFleet.drafter(2, 2).rollBack(two, 5, 7, incarnation(2))).after();

    assertEquals(three, JournalStateCodec.parse(TestFleet.ANCHOR, JournalStateCodec.encode(three)));
  }

  @Test
  void shouldForgetOldSigners() {
    JournalState state = write(TestFleet.genesis()).after();
    for (int i = 0; i < 2 * JournalLimits.SIGNERS_REMEMBERED; i++) {
      state = write(TestFleet.drafter(i % 5, i).startTerm(state)).after();
    }
    assertEquals(JournalLimits.SIGNERS_REMEMBERED, state.mustHead().signers().size());
    assertEquals(state, readAll());
  }

  @Test
  void everyPrefixIsReadAlikeByOneWhoReadsOnAndOneWhoBeginsAnew() {
    for (long seed = 0; seed < 100; seed++) {
      slots.clear();
      JournalScript.write(new Random(seed), slots, 12);
      JournalState going = JournalState.beforeGenesis(TestFleet.ANCHOR);
      for (long seq = 1; seq <= slots.lastKey(); seq++) {
        going = replay.fold(going, seq, this::slot);
        assertEquals(fold(seq), going, "seed " + seed + ", slot " + seq);
      }
    }
  }

  private static IncarnationId incarnation(int number) {
    return IncarnationId.of(TestFleet.id(number));
  }

  private Verdict judge(JournalState state, ByteString bytes) {
    return replay.judge(state, bytes);
  }

  private Optional<byte[]> slot(long seq) {
    return Optional.ofNullable(slots.get(seq));
  }

  private JournalState fold(long last) {
    return replay.fold(JournalState.beforeGenesis(TestFleet.ANCHOR), last, this::slot);
  }

  private JournalState readAll() {
    return fold(slots.lastKey());
  }

  private Verdict.Valid write(Verdict.Valid draft) {
    slots.put(draft.seq(), draft.record().bytes().toByteArray());
    return draft;
  }

  private Verdict.Valid write(ByteString bytes) {
    return write(assertInstanceOf(Verdict.Valid.class, judge(fold(slots.lastKey()), bytes)));
  }

  private static ByteString carry(JournalState state, String text) {
    return carry(0, state, state.mustHead().authority().term(), text);
  }

  private static ByteString carry(int coordinator, JournalState state, long term, String text) {
    return carryValid(coordinator, state, term, text).record().bytes();
  }

  /** Whatever the state says of the term, and unchecked. */
  private static Verdict.Valid carryValid(
      int coordinator, JournalState state, long term, String text) {
    RecordDrafter unchecked =
        new RecordDrafter(
            TestFleet.signer(coordinator),
            new Replay(TestFleet.VERIFIER),
            TestFleet.clock(),
            TestFleet.token(coordinator)) {
          @Override
          Verdict judge(Replay readers, JournalState at, ByteString bytes) {
            JournalRecord record = RecordCodec.parse(at.nextSeq(), bytes);
            RecordBody body = record.body().toBuilder().setTerm(term).build();
            ByteString again = RecordCodec.encode(body, TestFleet.signer(coordinator));
            Verdict verdict = readers.judge(at, again);
            return verdict instanceof Verdict.Valid
                ? verdict
                : new Verdict.Valid(RecordCodec.parse(at.nextSeq(), again), at);
          }
        };
    return unchecked.carry(state, List.of(mutation(text)));
  }

  /** {@code bytes} with another body, signed anew by {@code coordinator}. */
  private static ByteString forged(
      ByteString bytes, int coordinator, UnaryOperator<RecordBody.Builder> change) {
    ByteString body = bytes.substring(12, bytes.size() - Signature.BYTES);
    try {
      return RecordCodec.encode(
          change.apply(RecordBody.parseFrom(body).toBuilder()).build(),
          TestFleet.signer(coordinator));
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteString flipped(ByteString bytes, int at) {
    byte[] copy = bytes.toByteArray();
    copy[at] ^= 2;
    return ByteString.copyFrom(copy);
  }

  private static void assertVoid(VoidReason reason, Verdict verdict) {
    assertEquals(reason, assertInstanceOf(Verdict.Outvoted.class, verdict).reason());
  }

  private static void assertDamage(Damage.Reason reason, Verdict verdict) {
    assertEquals(reason, assertInstanceOf(Verdict.Damaged.class, verdict).damage().reason());
  }
}
