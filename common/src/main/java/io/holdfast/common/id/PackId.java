package io.holdfast.common.id;

import java.util.UUID;

/** Name of a pack: random, never reused. */
public record PackId(UUID value) implements Comparable<PackId> {
  public static PackId of(byte[] bytes) {
    return new PackId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static PackId parse(String hex) {
    return new PackId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(PackId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
