package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.VoidSlot;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private final ByteString genesis = TestFleet.genesis().record().bytes();
  private final ByteString plain =
      TestFleet.drafter(0, 0)
          .carry(TestFleet.genesis().after(), List.of(TestFleet.mutation("one")))
          .record()
          .bytes();

  @Test
  void shouldReadBackWhatItWrote() throws InvalidProtocolBufferException {
    JournalRecord record = RecordCodec.parse(2, plain);

    assertEquals(2, record.seq());
    assertEquals(TestFleet.REPOSITORY, record.repository());
    assertEquals(TestFleet.INCARNATION, record.incarnation());
    assertEquals(TestFleet.EPOCH, record.epoch());
    assertEquals(TestFleet.genesis().slot(), record.previous());
    assertEquals(List.of(TestFleet.mutation("one")), record.mutations());
    assertEquals(plain, RecordCodec.encode(record.body(), TestFleet.signer(0)));
    assertInstanceOf(Opening.Continues.class, record.opening());
    assertInstanceOf(Opening.StartsJournal.class, RecordCodec.parse(1, genesis).opening());
  }

  @Test
  void shouldRefuseEveryTruncation() {
    for (int length = 0; length < plain.size(); length++) {
      assertRefused(ErrorCode.MALFORMED, plain.substring(0, length));
    }
    assertRefused(ErrorCode.MALFORMED, plain.concat(ByteString.copyFrom(new byte[1])));
  }

  @Test
  void shouldNameBothVersionsOfARecordFromTheFuture() {
    byte[] bytes = plain.toByteArray();
    bytes[5] = 2;
    HoldfastException refused =
        assertRefused(ErrorCode.UNKNOWN_VERSION, ByteString.copyFrom(bytes));
    assertTrue(refused.getMessage().contains("version 2"), refused.getMessage());
    assertTrue(refused.getMessage().contains("reads 1"), refused.getMessage());
  }

  @Test
  void shouldRefuseAChangeOrFieldItDoesNotKnowAsNewer() {
    ByteString unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                999,
                UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.EMPTY).build())
            .build()
            .toByteString();
    assertRefused(
        ErrorCode.UNKNOWN_VERSION,
        changed(body -> body.addMutations(Mutation.newBuilder().setClear(unknown))));
    assertRefused(
        ErrorCode.UNKNOWN_VERSION,
        changed(body ->
            body.setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())));
  }

  @Test
  void shouldRefuseClaimedLengthsBeyondTheLimitBeforeReading() {
    byte[] bytes = plain.toByteArray();
    ByteBuffer.wrap(bytes).putInt(8, Integer.MAX_VALUE);
    assertRefused(ErrorCode.LIMIT_EXCEEDED, ByteString.copyFrom(bytes));
    ByteBuffer.wrap(bytes).putInt(8, -1);
    assertRefused(ErrorCode.LIMIT_EXCEEDED, ByteString.copyFrom(bytes));
  }

  @Test
  void shouldRefuseMoreVoidsOrMutationsThanTheLimits() {
    VoidSlot slot = VoidSlot.newBuilder().setHash(ByteString.copyFrom(new byte[32])).build();
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        changed(body -> {
          for (int i = 0; i <= JournalLimits.VOIDS_MAX; i++) {
            body.addVoids(slot);
          }
          return body;
        }));
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        changed(body -> {
          for (int i = 0; i < JournalLimits.MUTATIONS_MAX; i++) {
            body.addMutations(Mutation.getDefaultInstance());
          }
          return body;
        }));
  }

  @Test
  void shouldRefuseFieldsOfTheWrongLength() {
    ByteString wrong = ByteString.copyFrom(new byte[15]);
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setRepository(wrong)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setIncarnation(wrong)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setWriter(wrong)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setWriterToken(wrong)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setPreviousHash(wrong)));
    assertRefused(ErrorCode.MALFORMED, changed(RecordBody.Builder::clearSiteEpoch));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setSeq(-1)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setTerm(0)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setPreviousSeq(2)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.setTimeMillis(-1)));
  }

  @Test
  void shouldRefuseOpeningsOutOfPlace() {
    Mutation start = RecordCodec.parse(1, genesis).mutations().get(1);
    Mutation genesisAgain = RecordCodec.parse(1, genesis).mutations().getFirst();
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.addMutations(start)));
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.addMutations(0, genesisAgain)));
    assertRefused(ErrorCode.MALFORMED, changed(RecordBody.Builder::clearMutations));
    Mutation two =
        Mutation.newBuilder().setClear(start.getClear().concat(start.getClear())).build();
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.clearMutations().addMutations(two)));
    Mutation empty =
        Mutation.newBuilder().setClear(Change.getDefaultInstance().toByteString()).build();
    assertRefused(ErrorCode.MALFORMED, changed(body -> body.addMutations(empty)));
  }

  @Test
  void everyGarbledRecordIsRefusedByATypedErrorAndNeverCounts() {
    long seed = 20_260_101;
    Random random = new Random(seed);
    Replay replay = new Replay(TestFleet.VERIFIER);
    JournalState one = TestFleet.genesis().after();
    for (int i = 0; i < 20_000; i++) {
      ByteString garbled = garbled(random, i % 2 == 0 ? plain : genesis);
      Verdict verdict = replay.judge(one, garbled);
      assertTrue(
          verdict instanceof Verdict.Damaged || garbled.equals(plain),
          "seed " + seed + ", round " + i + ": " + verdict);
    }
  }

  private static ByteString garbled(Random random, ByteString bytes) {
    byte[] copy = bytes.toByteArray();
    for (int changes = random.nextInt(4); changes >= 0; changes--) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt(256);
    }
    ByteString whole = ByteString.copyFrom(copy);
    int from = random.nextInt(4) == 0 ? random.nextInt(copy.length) : copy.length;
    return random.nextBoolean() ? whole.substring(0, from) : whole.concat(whole.substring(from));
  }

  private ByteString changed(UnaryOperator<RecordBody.Builder> change) {
    RecordBody body = RecordCodec.parse(2, plain).body();
    return RecordCodec.encode(change.apply(body.toBuilder()).build(), TestFleet.signer(0));
  }

  private static HoldfastException assertRefused(ErrorCode code, ByteString bytes) {
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> RecordCodec.parse(2, bytes));
    assertEquals(code, refused.code(), refused.getMessage());
    return refused;
  }
}
