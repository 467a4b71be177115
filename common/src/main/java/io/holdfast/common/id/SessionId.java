package io.holdfast.common.id;

import java.util.UUID;

/** Name of one open backup, restore or proof. */
public record SessionId(UUID value) implements Comparable<SessionId> {
  public static SessionId of(byte[] bytes) {
    return new SessionId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static SessionId parse(String hex) {
    return new SessionId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(SessionId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
