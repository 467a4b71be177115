package io.holdfast.common.id;

import java.util.UUID;

/** Name of one policy, whatever it is called: random, given when it is applied first. */
public record PolicyId(UUID value) implements Comparable<PolicyId> {
  public static PolicyId of(byte[] bytes) {
    return new PolicyId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static PolicyId parse(String hex) {
    return new PolicyId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(PolicyId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
