package io.holdfast.common.id;

import java.util.UUID;

/** Name of a site: random, given when the site is made. */
public record SiteId(UUID value) implements Comparable<SiteId> {
  public static SiteId of(byte[] bytes) {
    return new SiteId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static SiteId parse(String hex) {
    return new SiteId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(SiteId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
