package io.holdfast.common.id;

import java.util.UUID;

/** Name of a host's permission to read another host's snapshot: random, in its journal record. */
public record GrantId(UUID value) implements Comparable<GrantId> {
  public static GrantId of(byte[] bytes) {
    return new GrantId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static GrantId parse(String hex) {
    return new GrantId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(GrantId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
