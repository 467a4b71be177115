package io.holdfast.common.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RepositoryId;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What damage, forgery and a lying host may bring before an opener. */
class HostileChunkTest {
  private static final Set<ErrorCode> REFUSALS =
      EnumSet.of(ErrorCode.CHUNK_CORRUPT, ErrorCode.UNKNOWN_VERSION, ErrorCode.LIMIT_EXCEEDED);

  /** Plain length that forged frames are sealed under. */
  private static final int CLAIMED = 10_000;

  private final ChunkSealer sealer = SealingKit.sealer(SealCheck.NONE);
  private final ChunkOpener opener = SealingKit.opener();
  private final byte[] plain = Content.low(4, 500);
  private final ChunkKey key = SealingKit.key(sealer, ChunkKind.PAGE, plain);
  private final byte[] sealed =
      sealer.seal(key, plain, 0, plain.length, SealingKit.references(3)).bytes();

  @AfterEach
  void close() {
    sealer.close();
    opener.close();
  }

  private ErrorCode refusal(ChunkKey expected, byte[] bytes) {
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> opener.open(expected, bytes, 0, bytes.length));
    assertTrue(refused.getMessage().contains(expected.ref().toString()), refused.getMessage());
    return refused.code();
  }

  @Test
  void anyFlippedBitShouldBeRefused() {
    assertArrayEquals(plain, opener.open(key, sealed, 0, sealed.length));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      ErrorCode code = refusal(key, flipped);
      assertTrue(REFUSALS.contains(code), "bit " + bit + ": " + code);
    }
  }

  @Test
  void anyOtherLengthShouldBeRefused() {
    for (int length = 0; length < sealed.length; length++) {
      assertEquals(ErrorCode.CHUNK_CORRUPT, refusal(key, Arrays.copyOf(sealed, length)));
    }
    byte[] longer = Arrays.copyOf(sealed, sealed.length + 1);
    assertEquals(ErrorCode.CHUNK_CORRUPT, refusal(key, longer));
  }

  @Test
  void shouldRefuseChunkUnderAnotherName() {
    ChunkKey otherContent = SealingKit.key(sealer, ChunkKind.PAGE, new byte[500]);
    assertEquals(ErrorCode.CHUNK_CORRUPT, refusal(otherContent, sealed));
    ChunkKey otherKind = new ChunkKey(ChunkKind.DATA, key.k());
    assertEquals(ErrorCode.CHUNK_CORRUPT, refusal(otherKind, sealed));
  }

  @Test
  void shouldRefuseChunkOfAnotherRepository() {
    RepositoryId other = new RepositoryId(new UUID(3, 4));
    ChunkKeys sameRoots = ChunkKeys.derive(other, 1, new Bytes32(1, 2, 3, 4), Bytes32.ZERO);
    try (ChunkOpener elsewhere = new ChunkOpener(List.of(sameRoots))) {
      HoldfastException refused =
          assertThrows(
              HoldfastException.class, () -> elsewhere.open(key, sealed, 0, sealed.length));
      assertEquals(ErrorCode.CHUNK_CORRUPT, refused.code());
    }
  }

  @Test
  void shouldRefuseContentThatWasSealedUnderAnotherNamesKey() {
    byte[] poison = Content.low(99, 400);
    byte[] forged = sealer.seal(key, poison, 0, poison.length).bytes();
    assertEquals(ErrorCode.CHUNK_ID_MISMATCH, refusal(key, forged));
  }

  @Test
  void shouldAskForTheKeysOfAnUnknownGeneration() {
    ChunkKeys later =
        ChunkKeys.derive(SealingKit.REPOSITORY, 2, new Bytes32(9, 9, 9, 9), Bytes32.ZERO);
    try (ChunkSealer laterSealer =
            new ChunkSealer(later, SealOptions.STANDARD, SealingKit.seeded(1));
        ChunkOpener both = new ChunkOpener(List.of(SealingKit.KEYS, later))) {
      ChunkKey laterKey = SealingKit.key(laterSealer, ChunkKind.DATA, plain);
      byte[] bytes = laterSealer.seal(laterKey, plain, 0, plain.length).bytes();
      assertEquals(ErrorCode.KEY_UNAVAILABLE, refusal(laterKey, bytes));
      assertArrayEquals(plain, both.open(laterKey, bytes, 0, bytes.length));
      assertArrayEquals(plain, both.open(key, sealed, 0, sealed.length));
    }
  }

  @Test
  void shouldNameUnknownVersionCodecAndFlags() {
    for (int field : new int[] {0, 2, 3}) {
      byte[] newer = sealed.clone();
      newer[field] = 77;
      assertEquals(ErrorCode.UNKNOWN_VERSION, refusal(key, newer));
    }
  }

  @Test
  void hugeDeclaredLengthsShouldBeRefusedBeforeMemoryIsTaken() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int field : new int[] {8, 12, 16}) {
      for (int huge : new int[] {1 << 25, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
        byte[] forged = sealed.clone();
        ByteBuffer.wrap(forged).putInt(field, huge);
        long before = threads.getCurrentThreadAllocatedBytes();
        ErrorCode code = refusal(key, forged);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(ErrorCode.LIMIT_EXCEEDED, code);
        assertTrue(taken < 256 << 10, taken + " bytes taken for a length of " + huge);
      }
    }
  }

  @Test
  void shouldRefuseFramesThatAreNotExactlyTheirPlaintext() {
    byte[] zeros = new byte[SealedHeader.MAXIMUM_PLAIN_LENGTH];
    assertFrameRefused(frame(zeros, zeros.length));
    assertFrameRefused(frame(zeros, CLAIMED - 1));
    assertFrameRefused(frame(zeros, CLAIMED + 1));
    assertFrameRefused(lyingAboutItsContentSize(frame(zeros, zeros.length)));
    assertFrameRefused(lyingAboutItsContentSize(frame(zeros, CLAIMED + (1 << 17))));
    assertFrameRefused(twice(frame(zeros, CLAIMED)));
    assertFrameRefused(Arrays.copyOf(frame(zeros, CLAIMED), 7));
    assertFrameRefused(new byte[] {1, 2, 3});
  }

  private static byte[] frame(byte[] zeros, int length) {
    try (Frames frames = new ZstdFrames(1)) {
      byte[] out = new byte[frames.bound(length)];
      return Arrays.copyOf(out, frames.compress(zeros, 0, length, out));
    }
  }

  /** RFC 8878, section 3.1.1.1: the content size stands behind the descriptor and the window. */
  private static byte[] lyingAboutItsContentSize(byte[] frame) {
    boolean singleSegment = (frame[4] & 0x20) != 0;
    assertEquals(2, (frame[4] & 0xff) >>> 6, "the size has four bytes");
    ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putInt(singleSegment ? 5 : 6, CLAIMED);
    return frame;
  }

  private static byte[] twice(byte[] frame) {
    return ByteBuffer.allocate(2 * frame.length).put(frame).put(frame).array();
  }

  private void assertFrameRefused(byte[] frame) {
    SealOptions options = new SealOptions(1, SealCheck.NONE);
    BodyCompressor lying = new BodyCompressor(options, new LyingFrames(frame), honest());
    try (ChunkSealer liar = SealingKit.sealer(options, lying)) {
      byte[] zeros = new byte[CLAIMED];
      ChunkKey zerosKey = SealingKit.key(liar, ChunkKind.PAGE, zeros);
      byte[] bomb = liar.seal(zerosKey, zeros, 0, CLAIMED).bytes();
      assertEquals(Codec.ZSTD.number(), bomb[2]);
      assertEquals(ErrorCode.CHUNK_CORRUPT, refusal(zerosKey, bomb));
    }
  }

  private static Frames honest() {
    return new ZstdFrames(1);
  }

  @Test
  void shouldNotHandOutWhatACompressorGotWrong() {
    byte[] wrong = frame(new byte[plain.length], plain.length);
    assertSealRefused(SealCheck.COMPRESSION, wrong);
    assertSealRefused(SealCheck.OPENING, wrong);
    assertSealRefused(SealCheck.COMPRESSION, new byte[] {1, 2, 3});
  }

  private void assertSealRefused(SealCheck check, byte[] frame) {
    SealOptions options = new SealOptions(1, check);
    BodyCompressor faulty = new BodyCompressor(options, new LyingFrames(frame), honest());
    try (ChunkSealer host = SealingKit.sealer(options, faulty)) {
      HoldfastException refused =
          assertThrows(HoldfastException.class, () -> host.seal(key, plain, 0, plain.length));
      assertEquals(ErrorCode.INTERNAL, refused.code());
    }
  }

  @Test
  void openingCheckShouldFindMemoryThatFlipsBeforeEncryption() {
    byte[] memory = Content.random(8, 1000);
    SealOptions options = new SealOptions(1, SealCheck.OPENING);
    try (ChunkSealer host = new ChunkSealer(SealingKit.KEYS, options, nonce -> memory[500] ^= 4)) {
      ChunkKey before = SealingKit.key(host, ChunkKind.DATA, memory);
      HoldfastException refused =
          assertThrows(HoldfastException.class, () -> host.seal(before, memory, 0, 1000));
      assertEquals(ErrorCode.INTERNAL, refused.code());
    }
  }

  @Test
  void mutatedChunksShouldBeRefused() {
    long seed = 424242;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = Content.mutate(sealed, random);
      if (!Arrays.equals(mutant, sealed)) {
        ErrorCode code = refusal(key, mutant);
        assertTrue(REFUSALS.contains(code), "seed " + seed + ": " + code);
      }
    }
  }

  @Test
  void shouldRefuseToOpenIntoTooLittleRoom() {
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> opener.open(key, sealed, 0, sealed.length, new byte[plain.length], 1));
  }

  @Test
  void shouldServeOneRepositoryOnly() {
    ChunkKeys foreign =
        ChunkKeys.derive(new RepositoryId(new UUID(5, 5)), 2, Bytes32.ZERO, Bytes32.ZERO);
    List<ChunkKeys> two = List.of(SealingKit.KEYS, foreign);
    assertThrows(IllegalArgumentException.class, () -> new ChunkOpener(two));
    assertThrows(IllegalArgumentException.class, () -> new ChunkOpener(List.of()));
  }
}
