package io.holdfast.common.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SealingTest {
  @Test
  void everySealedChunkOpensToTheSameBytes() {
    long seed = 7;
    Random random = new Random(seed);
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.COMPRESSION);
        ChunkOpener opener = SealingKit.opener()) {
      for (int i = 0; i < 300; i++) {
        ChunkKind kind = ChunkKind.of(random.nextInt(4) + 1);
        int length = random.nextInt(1 << random.nextInt(1, 20));
        byte[] plain = Content.of(random.nextBoolean() ? "low" : "random", i + 1, length);
        List<ChunkRef> references =
            SealingKit.references(kind == ChunkKind.PAGE ? random.nextInt(40) : 0);
        ChunkKey key = SealingKit.key(sealer, kind, plain);
        SealedChunk chunk = sealer.seal(key, plain, 0, length, references);
        byte[] opened = opener.open(key, chunk.bytes(), 0, chunk.sealedLength());
        assertArrayEquals(plain, opened, "seed " + seed + ", round " + i);
        assertEquals(key.ref(), chunk.ref());
        assertEquals(sealer.ref(key), chunk.ref());
      }
    }
  }

  @Test
  void shouldSealAndOpenRegionsOfLargerArrays() {
    byte[] plain = Content.low(5, 300_000);
    byte[] pooled = Content.random(6, 400_000);
    System.arraycopy(plain, 0, pooled, 1234, plain.length);
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.OPENING);
        ChunkOpener opener = SealingKit.opener()) {
      ChunkKey key = sealer.key(ChunkKind.DATA, pooled, 1234, plain.length);
      assertEquals(SealingKit.key(sealer, ChunkKind.DATA, plain), key);
      SealedChunk chunk = sealer.seal(key, pooled, 1234, plain.length);
      byte[] framed = new byte[chunk.sealedLength() + 20];
      System.arraycopy(chunk.bytes(), 0, framed, 11, chunk.sealedLength());
      byte[] out = new byte[plain.length + 7];
      int length = opener.open(key, framed, 11, chunk.sealedLength(), out, 7);
      assertEquals(plain.length, length);
      assertTrue(Arrays.equals(plain, 0, length, out, 7, out.length));
    }
  }

  @Test
  void shouldSumTheSealedBytes() {
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.OPENING)) {
      for (String content : List.of("low", "random")) {
        SealedChunk chunk =
            SealingKit.seal(sealer, ChunkKind.DATA, Content.of(content, 9, 200_001));
        CRC32C crc = new CRC32C();
        crc.update(chunk.bytes());
        assertEquals((int) crc.getValue(), chunk.crc32c());
        assertEquals(SealedHash.of(chunk.bytes(), 0, chunk.sealedLength()), chunk.hash());
      }
    }
  }

  @Test
  void shouldCompressOnlyWhatItPaysFor() {
    byte[] quarter = Content.random(3, 1 << 20);
    Arrays.fill(quarter, 1 << 19, 3 << 18, (byte) 'x');
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.COMPRESSION)) {
      assertEquals(Codec.RAW, codec(sealer, ChunkKind.DATA, Content.random(1, 1 << 20)));
      assertEquals(Codec.RAW, codec(sealer, ChunkKind.BUNDLE, Content.random(1, 1 << 20)));
      assertEquals(Codec.RAW, codec(sealer, ChunkKind.DATA, Content.random(1, 1000)));
      assertEquals(Codec.RAW, codec(sealer, ChunkKind.DATA, new byte[10]));
      assertEquals(Codec.ZSTD, codec(sealer, ChunkKind.DATA, Content.low(1, 1 << 20)));
      assertEquals(Codec.ZSTD, codec(sealer, ChunkKind.PAGE, Content.low(1, 1000)));
      assertEquals(Codec.ZSTD, codec(sealer, ChunkKind.DATA, quarter));
    }
  }

  private static Codec codec(ChunkSealer sealer, ChunkKind kind, byte[] plain) {
    SealedChunk chunk = SealingKit.seal(sealer, kind, plain);
    assertTrue(chunk.sealedLength() <= plain.length + SealedHeader.MINIMUM_SEALED_LENGTH);
    return chunk.codec();
  }

  @Test
  void shouldCompressNothingAtLevelZero() {
    SealOptions options = new SealOptions(0, SealCheck.COMPRESSION);
    try (ChunkSealer sealer = new ChunkSealer(SealingKit.KEYS, options, SealingKit.seeded(1))) {
      assertEquals(Codec.RAW, codec(sealer, ChunkKind.BUNDLE, new byte[100_000]));
    }
  }

  @Test
  void shouldAllocateLittleButTheSealedArray() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.COMPRESSION)) {
      for (String content : List.of("low", "random")) {
        byte[] plain = Content.of(content, 9, 1 << 20);
        SealedChunk first = SealingKit.seal(sealer, ChunkKind.DATA, plain);
        long before = threads.getCurrentThreadAllocatedBytes();
        SealingKit.seal(sealer, ChunkKind.DATA, plain);
        long garbage = threads.getCurrentThreadAllocatedBytes() - before - first.sealedLength();
        assertTrue(garbage < 128 << 10, garbage + " bytes of garbage for " + content);
      }
    }
  }

  @Test
  void shouldSealEqualContentUnderFreshNonces() {
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.NONE)) {
      byte[] plain = Content.low(2, 5000);
      SealedChunk one = SealingKit.seal(sealer, ChunkKind.DATA, plain);
      SealedChunk two = SealingKit.seal(sealer, ChunkKind.DATA, plain);
      assertEquals(one.ref(), two.ref());
      assertFalse(Arrays.equals(one.bytes(), two.bytes()));
    }
  }

  @Test
  void kindAndGenerationShouldChangeTheName() {
    byte[] plain = Content.low(2, 100);
    ChunkKeys other = ChunkKeys.derive(SealingKit.REPOSITORY, 2, Bytes32.ZERO, Bytes32.ZERO);
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.NONE);
        ChunkSealer otherSealer =
            new ChunkSealer(other, SealOptions.STANDARD, SealingKit.seeded(1))) {
      ChunkKey key = SealingKit.key(sealer, ChunkKind.DATA, plain);
      assertNotEquals(key.id(), SealingKit.key(sealer, ChunkKind.BUNDLE, plain).id());
      assertNotEquals(key.id(), SealingKit.key(otherSealer, ChunkKind.DATA, plain).id());
    }
  }

  @Test
  void shouldSealTheLargestChunkAndRefuseALargerOne() {
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.OPENING)) {
      byte[] largest = new byte[SealedHeader.MAXIMUM_PLAIN_LENGTH + 1];
      int length = SealedHeader.MAXIMUM_PLAIN_LENGTH;
      ChunkKey key = sealer.key(ChunkKind.DATA, largest, 0, length);
      assertEquals(length, sealer.seal(key, largest, 0, length).plainLength());
      HoldfastException refused =
          assertThrows(
              HoldfastException.class, () -> sealer.key(ChunkKind.DATA, largest, 0, length + 1));
      assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
    }
  }

  @Test
  void onlyPagesShouldHaveReferences() {
    byte[] plain = Content.low(2, 100);
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.NONE)) {
      ChunkKey data = SealingKit.key(sealer, ChunkKind.DATA, plain);
      List<ChunkRef> one = SealingKit.references(1);
      assertThrows(IllegalArgumentException.class, () -> sealer.seal(data, plain, 0, 100, one));
      ChunkKey page = SealingKit.key(sealer, ChunkKind.PAGE, plain);
      List<ChunkRef> many = Collections.nCopies(65_537, one.getFirst());
      HoldfastException refused =
          assertThrows(HoldfastException.class, () -> sealer.seal(page, plain, 0, 100, many));
      assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
    }
  }

  @Test
  void shouldNotPrintSecrets() {
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.NONE)) {
      ChunkKey key = SealingKit.key(sealer, ChunkKind.BLOCK_MAP, new byte[3]);
      assertEquals("ChunkKey[block_map, secret]", key.toString());
      assertFalse(SealingKit.KEYS.toString().contains(SealingKit.KEYS.mapKey().toString()));
    }
  }

  @Test
  void shouldRefuseOptionsOutsideTheirRange() {
    assertThrows(IllegalArgumentException.class, () -> new SealOptions(-1, SealCheck.NONE));
    assertThrows(IllegalArgumentException.class, () -> new SealOptions(20, SealCheck.NONE));
  }
}
