package io.holdfast.common.chunking;

import io.holdfast.common.id.Bytes32;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The 256 secret words of a repository's rolling hash: {@code h = (h << 1) + word[byte]} (Xia et
 * al., FastCDC, USENIX ATC 2016). A byte leaves the 64-bit hash after 63 more, so the hash is that
 * of the last 64 bytes. Who lacks the secret can't tell where known content would be cut.
 *
 * <p>Immutable, any thread. Doesn't show the secret in {@link #toString}.
 */
public final class GearTable {
  /** Bytes after which the hash has forgotten a byte. */
  public static final int WINDOW = Long.SIZE;

  private static final int WORDS = 256;
  private static final byte[] LABEL = "holdfast v1 gear".getBytes(StandardCharsets.US_ASCII);

  private final long[] words;

  private GearTable(long[] words) {
    this.words = words;
  }

  /** The table of a repository: HKDF-Expand (RFC 5869, section 2.3) of its gear secret. */
  public static GearTable derive(Bytes32 gearSecret) {
    ByteBuffer stream = ByteBuffer.wrap(expand(gearSecret));
    long[] words = new long[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = stream.getLong();
    }
    return new GearTable(words);
  }

  private static byte[] expand(Bytes32 secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.toByteArray(), "HmacSHA256"));
      byte[] out = new byte[WORDS * Long.BYTES];
      int length = mac.getMacLength();
      for (int at = 0; at < out.length; at += length) {
        if (at > 0) {
          mac.update(out, at - length, length);
        }
        mac.update(LABEL);
        mac.update((byte) (at / length + 1));
        mac.doFinal(out, at);
      }
      return out;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
  }

  /** The rolling hash after all {@code length} bytes, of which the last 64 matter. */
  public long hash(byte[] bytes, int offset, int length) {
    long hash = 0;
    int end = offset + length;
    for (int i = Math.max(offset, end - WINDOW); i < end; i++) {
      hash = (hash << 1) + words[bytes[i] & 0xff];
    }
    return hash;
  }

  /** The words themselves, for this package's loops; never written to. */
  long[] words() {
    return words;
  }

  @Override
  public String toString() {
    return "GearTable[secret]";
  }
}
