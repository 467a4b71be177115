package io.holdfast.common.id;

import java.util.UUID;

/** Name of one job: random, given by the coordinator that orders it. */
public record JobId(UUID value) implements Comparable<JobId> {
  public static JobId of(byte[] bytes) {
    return new JobId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static JobId parse(String hex) {
    return new JobId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(JobId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
