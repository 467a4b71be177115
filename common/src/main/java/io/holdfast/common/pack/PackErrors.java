package io.holdfast.common.pack;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;

/** How the codecs of this package name a pack and a field in what they refuse. */
final class PackErrors {
  private PackErrors() {}

  static HoldfastException corrupt(PackId pack, String what) {
    return new HoldfastException(
        ErrorCode.PACK_CORRUPT, "pack " + pack + ": " + what + "; read it from another copy");
  }

  static void require(boolean holds, PackId pack, String what) {
    if (!holds) {
      throw corrupt(pack, what);
    }
  }

  static void requireVersion(PackId pack, String part, int version) {
    if (version != PackLayout.VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          "pack %s: %s has version %d; this program reads version %d: use a newer one"
              .formatted(pack, part, version, PackLayout.VERSION));
    }
  }
}
