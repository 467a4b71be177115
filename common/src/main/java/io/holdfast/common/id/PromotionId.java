package io.holdfast.common.id;

import java.util.UUID;

/** Name of a site's promotion: random, told apart by it when two bear one number. */
public record PromotionId(UUID value) implements Comparable<PromotionId> {
  public static PromotionId of(byte[] bytes) {
    return new PromotionId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static PromotionId parse(String hex) {
    return new PromotionId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(PromotionId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
