package io.holdfast.common.seam;

import java.security.SecureRandom;

/**
 * The only source of random bytes and ids: a {@link java.security.SecureRandom} in production, a
 * seeded generator in the simulation. Safe for use by many threads.
 */
public interface Randomness {
  /** Fills all of {@code out}. */
  void fill(byte[] out);

  default byte[] bytes(int length) {
    byte[] out = new byte[length];
    fill(out);
    return out;
  }

  /** This source for the JDK's and BouncyCastle's key generators and signers. */
  default SecureRandom toSecureRandom() {
    return new SeamSecureRandom(this);
  }

  /** The operating system's generator. */
  static Randomness secure() {
    return new SecureRandom()::nextBytes;
  }
}
