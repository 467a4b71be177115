package io.holdfast.agent.posix;

import java.util.Arrays;

/**
 * One extended attribute, name with its namespace ({@code user.x}, {@code
 * system.posix_acl_access}), both as raw bytes. The arrays are shared, not copied: neither side
 * changes them.
 */
public record Xattr(byte[] name, byte[] value) implements Comparable<Xattr> {
  @Override
  public int compareTo(Xattr other) {
    return Names.compare(name, other.name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Xattr(byte[] otherName, byte[] otherValue)
        && Arrays.equals(name, otherName)
        && Arrays.equals(value, otherValue);
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
