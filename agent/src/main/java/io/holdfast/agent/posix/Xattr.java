package io.holdfast.agent.posix;

import java.util.Arrays;

/**
 * One extended attribute, name with its namespace ({@code user.x}, {@code
 * system.posix_acl_access}), both as raw bytes. The arrays are shared, not copied: neither side
 * changes them.
 */
public final class Xattr implements Comparable<Xattr> {
  private final byte[] name;
  private final byte[] value;

  public Xattr(byte[] name, byte[] value) {
    this.name = name;
    this.value = value;
  }

  public byte[] name() {
    return name;
  }

  public byte[] value() {
    return value;
  }

  /** By name; values of equal names come as they may, so that equal means equal in both. */
  @Override
  public int compareTo(Xattr other) {
    int byName = Names.compare(name, other.name);
    return byName != 0 ? byName : Names.compare(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Xattr that
        && Arrays.equals(name, that.name)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(name) + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return Names.display(name) + " (" + value.length + " bytes)";
  }
}
