package io.holdfast.common.sealing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.holdfast.common.chunking.BlockFingerprinter;
import io.holdfast.common.chunking.ChunkSizes;
import io.holdfast.common.chunking.FastCdc;
import io.holdfast.common.chunking.GearTable;
import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * What the data path leaves to the garbage collector for each chunk: bytes, the same on every
 * machine, whether compiled or not.
 */
class AllocationTest {
  private static final int LENGTH = 1 << 20;
  private static final int ROUNDS = 20;

  /** Small objects: keys, references, what Java's ciphers make; nothing as long as a slice. */
  private static final int SMALL = 14_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final byte[] noise = Content.random(1, LENGTH);
  private final byte[] even = Content.of("low", 2, LENGTH);

  /** Bytes that one call leaves, after the first calls made what is kept. */
  private long perCall(Runnable call) {
    for (int i = 0; i < ROUNDS; i++) {
      call.run();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < ROUNDS; i++) {
      call.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / ROUNDS;
  }

  private static void atMost(long limit, long actual, String what) {
    assertTrue(actual <= limit, () -> what + " leaves " + actual + " bytes, limit " + limit);
  }

  @Test
  void sealingShouldLeaveTheSealedBytes() {
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.COMPRESSION)) {
      for (byte[] plain : new byte[][] {noise, even}) {
        ChunkKey key = sealer.key(ChunkKind.DATA, plain, 0, LENGTH);
        int sealed = sealer.seal(key, plain, 0, LENGTH).sealedLength();
        atMost(
            sealed + SMALL, perCall(() -> sealer.seal(key, plain, 0, LENGTH)), "sealing " + sealed);
      }
    }
  }

  @Test
  void namingShouldLeaveLittle() {
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.COMPRESSION)) {
      atMost(
          SMALL, perCall(() -> sealer.ref(sealer.key(ChunkKind.DATA, noise, 0, LENGTH))), "naming");
    }
  }

  @Test
  void openingShouldLeaveLittle() {
    byte[] out = new byte[LENGTH];
    try (ChunkSealer sealer = SealingKit.sealer(SealCheck.COMPRESSION);
        ChunkOpener opener = SealingKit.opener()) {
      for (byte[] plain : new byte[][] {noise, even}) {
        ChunkKey key = sealer.key(ChunkKind.DATA, plain, 0, LENGTH);
        byte[] sealed = sealer.seal(key, plain, 0, LENGTH).bytes();
        atMost(SMALL, perCall(() -> opener.open(key, sealed, 0, sealed.length, out, 0)), "opening");
      }
    }
  }

  @Test
  void cuttingAndComparingShouldLeaveNothing() {
    FastCdc cdc = new FastCdc(GearTable.derive(Bytes32.ZERO), ChunkSizes.STANDARD);
    atMost(64, perCall(() -> cdc.cut(noise, 0, LENGTH, true)), "cutting");
    BlockFingerprinter fingerprinter = new BlockFingerprinter(Bytes32.ZERO);
    byte[] print = new byte[BlockFingerprinter.LENGTH];
    atMost(
        64, perCall(() -> fingerprinter.fingerprint(noise, 0, 8 << 10, print, 0)), "a fingerprint");
  }
}
