package io.holdfast.common.chunking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.golden.Content;
import io.holdfast.common.golden.Golden;
import io.holdfast.common.id.Bytes32;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockMapTest {
  private static final int BLOCK = 8192;

  @Test
  void shouldBeAsGoldenFilesSay() {
    List<String> line = Golden.lines("block-map.txt").getFirst();
    BlockFingerprinter fingerprinter = new BlockFingerprinter(Bytes32.parse(line.get(0)));
    BlockMapCodec.Builder builder = new BlockMapCodec.Builder(BLOCK, 1);
    builder.add(fingerprinter, Content.random(21, BLOCK), 0, BLOCK);
    builder.add(fingerprinter, new byte[BLOCK], 0, BLOCK);
    builder.add(fingerprinter, Content.low(22, BLOCK), 0, BLOCK);
    builder.add(fingerprinter, Content.random(23, 777), 0, 777);
    assertArrayEquals(HexFormat.of().parseHex(line.get(1)), builder.encode());
  }

  @Test
  void shouldTellChangedBlocksFromOthers() {
    BlockFingerprinter fingerprinter = new BlockFingerprinter(Bytes32.ZERO);
    byte[] segment = Content.random(1, 200 * BLOCK);
    BlockMap map = BlockMapCodec.parse(mapOf(segment));
    assertEquals(200, map.blocks());
    assertEquals(BLOCK, map.blockBytes());
    segment[77 * BLOCK + 5]++;
    byte[] fingerprint = new byte[20];
    for (int i = 0; i < 200; i++) {
      fingerprinter.fingerprint(segment, i * BLOCK, BLOCK, fingerprint, 4);
      assertEquals(i != 77, map.matches(i, fingerprint, 4));
      assertFalse(map.isZero(i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> map.isZero(200));
  }

  private static byte[] mapOf(byte[] segment) {
    BlockFingerprinter fingerprinter = new BlockFingerprinter(Bytes32.ZERO);
    BlockMapCodec.Builder builder = new BlockMapCodec.Builder(BLOCK, 0);
    for (int at = 0; at < segment.length; at += BLOCK) {
      builder.add(fingerprinter, segment, at, Math.min(BLOCK, segment.length - at));
    }
    return builder.encode();
  }

  @Test
  void zeroBlocksShouldHaveTheZeroFingerprintWhateverTheirLength() {
    BlockMap map = BlockMapCodec.parse(mapOf(new byte[BLOCK + 10]));
    byte[] fingerprint = Content.random(1, BlockFingerprinter.LENGTH);
    new BlockFingerprinter(Bytes32.ZERO).fingerprint(new byte[100], 0, 100, fingerprint, 0);
    assertTrue(map.isZero(0) && map.isZero(1));
    assertTrue(map.matches(0, fingerprint, 0) && map.matches(1, fingerprint, 0));
  }

  @Test
  void copiedFingerprintsShouldMakeTheSameMap() {
    byte[] segment = Content.low(3, 5 * BLOCK + 1);
    byte[] encoded = mapOf(segment);
    BlockMapCodec.Builder builder = new BlockMapCodec.Builder(BLOCK, 2);
    for (int at = 8; at < encoded.length; at += BlockFingerprinter.LENGTH) {
      builder.add(encoded, at);
    }
    assertArrayEquals(encoded, builder.encode());
  }

  @Test
  void shouldRefuseBlocksAndSizesOutsideItsBounds() {
    BlockFingerprinter fingerprinter = new BlockFingerprinter(Bytes32.ZERO);
    BlockMapCodec.Builder builder = new BlockMapCodec.Builder(BLOCK, 0);
    byte[] block = new byte[BLOCK + 1];
    assertThrows(
        IllegalArgumentException.class, () -> builder.add(fingerprinter, block, 0, BLOCK + 1));
    assertThrows(IllegalArgumentException.class, () -> builder.add(fingerprinter, block, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new BlockMapCodec.Builder(2048, 0));
    assertThrows(IllegalArgumentException.class, () -> new BlockMapCodec.Builder(10_000, 0));
  }

  @Test
  void shouldRefuseUnknownVersionByName() {
    byte[] encoded = mapOf(new byte[10]);
    encoded[0] = 9;
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> BlockMapCodec.parse(encoded));
    assertEquals(ErrorCode.UNKNOWN_VERSION, refused.code());
    assertTrue(refused.getMessage().contains("version 9"), refused.getMessage());
  }

  @Test
  void mutatedMapsShouldBeRefusedOrReadWhole() {
    long seed = 20250101;
    Random random = new Random(seed);
    byte[] encoded = mapOf(Content.random(2, 3 * BLOCK));
    for (int i = 0; i < 20_000; i++) {
      byte[] mutant = Content.mutate(encoded, random);
      try {
        BlockMap map = BlockMapCodec.parse(mutant);
        assertEquals(8 + 16 * map.blocks(), mutant.length, "seed " + seed);
      } catch (HoldfastException e) {
        assertTrue(
            e.code() == ErrorCode.MALFORMED || e.code() == ErrorCode.UNKNOWN_VERSION,
            () -> "seed " + seed + ": " + e);
      }
    }
  }
}
