package io.holdfast.common.id;

import java.util.UUID;

/** Name of one run of a backup, chosen by the agent; (host, run) commits once. */
public record RunId(UUID value) implements Comparable<RunId> {
  public static RunId of(byte[] bytes) {
    return new RunId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static RunId parse(String hex) {
    return new RunId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(RunId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
