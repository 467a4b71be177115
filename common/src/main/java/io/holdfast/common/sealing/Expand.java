package io.holdfast.common.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HKDF-Expand with SHA-256 (RFC 5869, section 2.3) for outputs of one block: the first block is
 * HMAC(secret, info || 0x01). One owner: it reuses one MAC.
 */
final class Expand {
  static final int LENGTH = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final byte FIRST_BLOCK = 1;

  private final Mac mac;

  Expand() {
    mac = newMac();
  }

  static byte[] label(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static Mac newMac() {
    try {
      return Mac.getInstance(ALGORITHM);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  static Mac newMac(byte[] key) {
    Mac mac = newMac();
    rekey(mac, key);
    return mac;
  }

  private static void rekey(Mac mac, byte[] key) {
    try {
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " takes any key", e);
    }
  }

  /** The 32 bytes that {@code secret} gives under {@code info}. */
  byte[] expand(byte[] secret, byte[] info) {
    rekey(mac, secret);
    mac.update(info);
    mac.update(FIRST_BLOCK);
    return mac.doFinal();
  }
}
