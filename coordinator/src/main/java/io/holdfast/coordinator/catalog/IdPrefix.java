package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.HexFormat;

/** The beginning of an id, as a person types it: lower-case hexadecimal digits, maybe none. */
record IdPrefix(String digits) {
  /**
   * INVALID_ARGUMENT if {@code digits} can't begin an id of {@code idBytes}.
   *
   * @param kind what has such ids, for the message
   */
  static IdPrefix of(String digits, String kind, int idBytes) {
    if (!digits.matches("[0-9a-f]{0," + 2 * idBytes + "}")) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "'" + digits + "' is not the beginning of a " + kind + " id; give hexadecimal digits");
    }
    return new IdPrefix(digits);
  }

  /** What the keys of all ids that may fit begin with: its whole bytes. */
  byte[] key() {
    return HexFormat.of().parseHex(digits, 0, digits.length() / 2 * 2);
  }

  /** Whether {@code id}, as it is printed, begins with it. */
  boolean fits(Object id) {
    return id.toString().startsWith(digits);
  }
}
