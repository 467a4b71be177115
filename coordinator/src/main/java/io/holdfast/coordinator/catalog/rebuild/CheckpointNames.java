package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.id.Bytes32;
import java.util.Locale;
import java.util.OptionalLong;

/** Names of a checkpoint's objects. */
final class CheckpointNames {
  static final String PREFIX = "checkpoints/";
  private static final String FILES = PREFIX + "files/";
  private static final int SEQ_DIGITS = 20;

  private CheckpointNames() {}

  /** The manifest: the seq as 20 decimal digits, like a slot of the journal. */
  static String manifest(long seq) {
    return PREFIX + String.format(Locale.ROOT, "%020d", seq);
  }

  /** A file, by the hash of its bytes. */
  static String file(Bytes32 sha256) {
    return FILES + sha256;
  }

  /** The seq that a manifest's name holds; empty for any other name. */
  static OptionalLong seq(String name) {
    String digits = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
    if (digits.length() != SEQ_DIGITS || !digits.matches("0[0-9]+")) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(digits));
  }
}
