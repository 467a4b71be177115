package io.holdfast.common.sealing;

import io.holdfast.common.id.Digests;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The first 16 bytes of SHA-256 over sealed bytes, as computed by the agent that sealed them: what
 * everyone without a key tells damage by. Two longs, so that many cost no arrays.
 */
public record SealedHash(long high, long low) {
  public static final int LENGTH = 16;

  /** The hash of a region, by a digest of its own; in a loop reuse one with {@link #finish}. */
  public static SealedHash of(byte[] sealed, int offset, int length) {
    MessageDigest digest = Digests.newSha256();
    digest.update(sealed, offset, length);
    return finish(digest);
  }

  /** Ends a SHA-256 digest that was fed all sealed bytes, and leaves it ready for the next. */
  public static SealedHash finish(MessageDigest sha256) {
    return read(sha256.digest(), 0);
  }

  /** The 16 bytes of {@code bytes} from {@code offset}. */
  public static SealedHash read(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, LENGTH);
    return new SealedHash(in.getLong(), in.getLong());
  }

  /** Writes the 16 bytes into {@code out} at {@code offset}. */
  public void write(byte[] out, int offset) {
    ByteBuffer.wrap(out, offset, LENGTH).putLong(high).putLong(low);
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
