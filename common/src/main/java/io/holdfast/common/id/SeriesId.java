package io.holdfast.common.id;

import java.util.UUID;

/** Name of what a policy runs again and again on one host; follows from policy, class and host. */
public record SeriesId(UUID value) implements Comparable<SeriesId> {
  public static SeriesId of(byte[] bytes) {
    return new SeriesId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static SeriesId parse(String hex) {
    return new SeriesId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(SeriesId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
