package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Names;
import io.holdfast.common.id.Digests;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name an entry has in its directory until it is complete: a function of its final name, so
 * that a restore that goes on after an interruption clears away what the first one left.
 */
final class TemporaryName {
  private static final String PREFIX = ".holdfast-restore-";
  private static final byte[] PREFIX_BYTES = Names.of(PREFIX);
  private static final int DIGEST_BYTES = 12;

  private TemporaryName() {}

  static byte[] of(byte[] finalName) {
    byte[] digest = Digests.sha256(finalName).toByteArray();
    return Names.of(PREFIX + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES));
  }

  /** Whether a component has the form of a temporary name: such an entry is never restored. */
  static boolean isOne(byte[] path, int from, int to) {
    int length = PREFIX_BYTES.length;
    return to - from == length + 2 * DIGEST_BYTES
        && Arrays.equals(path, from, from + length, PREFIX_BYTES, 0, length);
  }
}
