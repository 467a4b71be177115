package io.holdfast.common.seam;

import java.util.Random;

/** The same bytes for the same seed, on every machine and for ever ({@link Random}'s sequence). */
public final class SeededRandomness implements Randomness {
  private final Random random;

  public SeededRandomness(long seed) {
    random = new Random(seed);
  }

  @Override
  public synchronized void fill(byte[] out) {
    random.nextBytes(out);
  }
}
