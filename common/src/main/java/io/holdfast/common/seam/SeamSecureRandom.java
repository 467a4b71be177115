package io.holdfast.common.seam;

import java.security.SecureRandom;

/** A {@link Randomness} in the JDK's clothes. Seeds given to it are ignored. */
final class SeamSecureRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient Randomness randomness;

  SeamSecureRandom(Randomness randomness) {
    super(null, null);
    this.randomness = randomness;
  }

  @Override
  public String getAlgorithm() {
    return "seam";
  }

  @Override
  public void nextBytes(byte[] bytes) {
    randomness.fill(bytes);
  }

  @Override
  public byte[] generateSeed(int count) {
    return randomness.bytes(count);
  }

  @Override
  public void setSeed(byte[] seed) {}

  @Override
  public void setSeed(long seed) {}
}
