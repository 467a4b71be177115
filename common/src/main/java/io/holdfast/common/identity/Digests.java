package io.holdfast.common.identity;

import io.holdfast.common.id.Bytes32;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, without its checked exception. */
public final class Digests {
  private Digests() {}

  public static Bytes32 sha256(byte[] bytes) {
    try {
      return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no SHA-256", e);
    }
  }
}
