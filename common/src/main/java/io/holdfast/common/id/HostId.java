package io.holdfast.common.id;

import java.util.UUID;

/** Name of an enrolled host: random, given at enrolment, bound to its key; never its host name. */
public record HostId(UUID value) implements Comparable<HostId> {
  public static HostId of(byte[] bytes) {
    return new HostId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static HostId parse(String hex) {
    return new HostId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(HostId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
