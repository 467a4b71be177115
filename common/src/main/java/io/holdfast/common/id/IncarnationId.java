package io.holdfast.common.id;

import java.util.UUID;

/** Name of a journal's identity: random, new at genesis and after each accepted rollback. */
public record IncarnationId(UUID value) implements Comparable<IncarnationId> {
  public static IncarnationId of(byte[] bytes) {
    return new IncarnationId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static IncarnationId parse(String hex) {
    return new IncarnationId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(IncarnationId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
