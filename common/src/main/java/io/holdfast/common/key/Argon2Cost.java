package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/**
 * What one guess of a passphrase costs (Argon2id, RFC 9106). Whoever opens a wrap pays what the
 * file claims, so the claim is capped: a hostile file can take 1 GiB and some seconds, no more.
 *
 * @param memoryKib memory in KiB
 * @param iterations passes over it
 * @param parallelism lanes
 */
public record Argon2Cost(int memoryKib, int iterations, int parallelism) {
  /** 64 MiB, three passes: the second recommendation of RFC 9106, section 4, on one lane. */
  public static final Argon2Cost DEFAULT = new Argon2Cost(64 * 1024, 3, 1);

  static final int MEMORY_KIB_MAX = 1024 * 1024;
  static final int ITERATIONS_MAX = 16;
  static final int PARALLELISM_MAX = 16;

  /** LIMIT_EXCEEDED if a figure is outside what this release accepts. */
  public Argon2Cost {
    check("memory (KiB)", memoryKib, 8, MEMORY_KIB_MAX);
    check("iterations", iterations, 1, ITERATIONS_MAX);
    check("parallelism", parallelism, 1, PARALLELISM_MAX);
    if (memoryKib < 8L * parallelism) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED, "Argon2 needs 8 KiB of memory for each lane");
    }
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED,
          "Argon2 "
              + name
              + " is "
              + Integer.toUnsignedString(value)
              + ", outside "
              + least
              + " to "
              + most
              + ": the wrap is damaged or hostile, or was made by a later release");
    }
  }
}
