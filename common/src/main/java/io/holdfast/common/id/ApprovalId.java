package io.holdfast.common.id;

import java.util.UUID;

/** One request for a second person's word: random. */
public record ApprovalId(UUID value) implements Comparable<ApprovalId> {
  public static ApprovalId of(byte[] bytes) {
    return new ApprovalId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static ApprovalId parse(String hex) {
    return new ApprovalId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(ApprovalId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
