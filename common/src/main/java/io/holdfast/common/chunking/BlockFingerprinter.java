package io.holdfast.common.chunking;

import io.holdfast.common.id.Bytes32;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Computes the fingerprint of one block after another: the first 16 bytes of HMAC-SHA-256 under the
 * repository's map key, or sixteen zero bytes for a block of zeros. Makes no garbage. One owner: it
 * holds the state of a MAC.
 */
public final class BlockFingerprinter {
  /** Bytes of a fingerprint. */
  public static final int LENGTH = 16;

  private static final byte[] ZEROS = new byte[BlockMap.LARGEST_BLOCK_BYTES];

  private final Mac mac;
  private final byte[] full;

  public BlockFingerprinter(Bytes32 mapKey) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(mapKey.toByteArray(), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", e);
    }
    full = new byte[mac.getMacLength()];
  }

  /** Writes the fingerprint of the block into 16 bytes of {@code out}. */
  public void fingerprint(byte[] block, int offset, int length, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(outOffset, LENGTH, out.length);
    if (isZero(block, offset, length)) {
      Arrays.fill(out, outOffset, outOffset + LENGTH, (byte) 0);
      return;
    }
    mac.update(block, offset, length);
    try {
      mac.doFinal(full, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("32 bytes hold an HMAC-SHA-256", e);
    }
    System.arraycopy(full, 0, out, outOffset, LENGTH);
  }

  /** Whether a block of at most 1 MiB holds nothing but zeros. */
  public static boolean isZero(byte[] block, int offset, int length) {
    Objects.checkIndex(length, ZEROS.length + 1);
    return Arrays.equals(block, offset, offset + length, ZEROS, 0, length);
  }
}
