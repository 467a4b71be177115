package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;

/** Checks that every message of {@code keys.proto} shares. */
final class StoredKeys {
  static final int VERSION = 1;

  private static final int ID_BYTES = 16;

  private StoredKeys() {}

  /** Parses a message; a parse that fails says nothing of the bytes, which are secret. */
  interface Parser<T> {
    T parse() throws InvalidProtocolBufferException;
  }

  static <T> T parse(String what, Parser<T> parser) {
    try {
      return parser.parse();
    } catch (InvalidProtocolBufferException e) {
      throw malformed(what, "it does not parse");
    }
  }

  static void checkVersion(String what, int version) {
    if (version != VERSION) {
      throw new HoldfastException(
          ErrorCode.UNKNOWN_VERSION,
          what
              + " is of version "
              + Integer.toUnsignedString(version)
              + "; this release reads"
              + " version "
              + VERSION
              + ": use the release that wrote it, or a later one");
    }
  }

  static byte[] id(String what, ByteString bytes) {
    if (bytes.size() != ID_BYTES) {
      throw malformed(what, "it names an id of " + bytes.size() + " bytes instead of 16");
    }
    return bytes.toByteArray();
  }

  static void checkRepository(String what, RepositoryId expected, ByteString stored) {
    RepositoryId found = RepositoryId.of(id(what, stored));
    if (!found.equals(expected)) {
      throw malformed(what, "it belongs to repository " + found + ", not " + expected);
    }
  }

  static HoldfastException malformed(String what, String cause) {
    return new HoldfastException(ErrorCode.MALFORMED, what + " is damaged: " + cause);
  }
}
