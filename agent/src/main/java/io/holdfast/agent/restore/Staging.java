package io.holdfast.agent.restore;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native memory through which a worker's bytes go: small enough to stay in the processor's cache.
 */
final class Staging {
  static final int BYTES = 256 << 10;

  private static final ThreadLocal<MemorySegment> OF_THREAD =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(BYTES, 4096));

  private Staging() {}

  /** This thread's. */
  static MemorySegment get() {
    return OF_THREAD.get();
  }
}
