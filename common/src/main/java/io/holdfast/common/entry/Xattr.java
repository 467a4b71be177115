package io.holdfast.common.entry;

/**
 * One extended attribute. POSIX ACLs are the {@code system.posix_acl_*} ones, as the kernel has
 * them.
 */
public record Xattr(Octets name, Octets value) {
  public static final int MAX_NAME_BYTES = 255;

  public Xattr {
    if (name.isEmpty() || name.length() > MAX_NAME_BYTES || name.contains(0)) {
      throw new IllegalArgumentException(
          "an extended attribute's name has 1 to 255 bytes and no NUL: '" + name + "'");
    }
  }

  int bytes() {
    return name.length() + value.length();
  }
}
