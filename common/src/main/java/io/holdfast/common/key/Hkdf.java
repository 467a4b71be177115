package io.holdfast.common.key;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869). Static methods are for any thread. */
public final class Hkdf {
  /** Bytes of one output block, and of a pseudorandom key. */
  public static final int BLOCK_BYTES = 32;

  private static final String HMAC = "HmacSHA256";

  private Hkdf() {}

  /** HKDF-Extract (section 2.2): 32 bytes. An empty salt means 32 zero bytes, as the RFC says. */
  public static byte[] extract(byte[] salt, byte[] inputKey) {
    byte[] key = salt.length == 0 ? new byte[BLOCK_BYTES] : salt;
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(inputKey);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no HMAC-SHA-256", e);
    }
  }

  /** HKDF-Expand (section 2.3) to {@code length} bytes, at most 8,160. */
  public static byte[] expand(byte[] prk, byte[] info, int length) {
    SecretKeySpec key = new SecretKeySpec(prk, HMAC);
    HKDFParameterSpec.Expand spec = HKDFParameterSpec.expandOnly(key, info, length);
    try {
      return KDF.getInstance("HKDF-SHA256").deriveData(spec);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no HKDF-SHA256", e);
    }
  }

  /** Expands {@code prk} with the ASCII label {@code info}. */
  static Secret expand(Secret prk, String info, int length) {
    return Secret.take(expand(prk.open(), ascii(info), length));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Joins arrays: for messages that several parts make up. */
  static byte[] join(List<byte[]> parts) {
    byte[] out = new byte[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, out, at, part.length);
      at += part.length;
    }
    return out;
  }

  /**
   * HKDF-Expand of one block over a {@code Mac} that is kept, for derivations made once a chunk: it
   * allocates the key object and nothing else. Belongs to one thread.
   */
  public static final class Expander {
    private final Mac mac;

    public Expander() {
      try {
        mac = Mac.getInstance(HMAC);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("this Java runtime has no HMAC-SHA-256", e);
      }
    }

    /** Writes the 32 bytes T(1) = HMAC(prk, info || 0x01) into {@code out} at {@code offset}. */
    public void expand(byte[] prk, byte[] info, byte[] out, int offset) {
      try {
        mac.init(new SecretKeySpec(prk, HMAC));
        mac.update(info);
        mac.update((byte) 1);
        mac.doFinal(out, offset);
      } catch (java.security.InvalidKeyException | ShortBufferException e) {
        throw new IllegalArgumentException("no room for 32 bytes, or no key", e);
      }
    }

    /** As {@link #expand(byte[], byte[], byte[], int)}, filling the 32 bytes of {@code out}. */
    public void expand(byte[] prk, byte[] info, byte[] out) {
      expand(prk, info, out, 0);
    }
  }
}
