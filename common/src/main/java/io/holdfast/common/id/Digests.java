package io.holdfast.common.id;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4), without its checked exception. */
public final class Digests {
  private Digests() {}

  /** A digest that nothing was added to; one owner. */
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  public static Bytes32 sha256(byte[] bytes) {
    return Bytes32.of(newSha256().digest(bytes));
  }
}
