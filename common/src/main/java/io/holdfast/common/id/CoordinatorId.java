package io.holdfast.common.id;

import java.util.UUID;

/** Name of a coordinator process's identity: random, given when it joins. */
public record CoordinatorId(UUID value) implements Comparable<CoordinatorId> {
  public static CoordinatorId of(byte[] bytes) {
    return new CoordinatorId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static CoordinatorId parse(String hex) {
    return new CoordinatorId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(CoordinatorId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
