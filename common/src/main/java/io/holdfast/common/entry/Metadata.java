package io.holdfast.common.entry;

/**
 * What the file system keeps about a path.
 *
 * @param mode the 12 permission bits, set-id and sticky ones included
 * @param uid owner, 32 bits
 * @param gid group, 32 bits
 * @param mtimeSeconds last change of the content, seconds since 1970, negative before
 * @param mtimeNanos nanoseconds of that second
 * @param ctimeSeconds last change of the inode; only compared, never restored
 * @param ctimeNanos nanoseconds of that second
 * @param inode inode number, as an unsigned 64-bit value
 */
public record Metadata(
    int mode,
    long uid,
    long gid,
    long mtimeSeconds,
    int mtimeNanos,
    long ctimeSeconds,
    int ctimeNanos,
    long inode) {
  public static final int MODE_MASK = 0xfff;

  public Metadata {
    if ((mode & ~MODE_MASK) != 0) {
      throw new IllegalArgumentException(
          "mode " + Integer.toOctalString(mode) + " isn't of 12 bits");
    }
    if (uid >>> 32 != 0 || gid >>> 32 != 0) {
      throw new IllegalArgumentException("owner " + uid + ":" + gid + " isn't of 32 bits");
    }
    if (!isNanos(mtimeNanos) || !isNanos(ctimeNanos)) {
      throw new IllegalArgumentException(
          "nanoseconds " + mtimeNanos + " and " + ctimeNanos + " don't fit a second");
    }
  }

  private static boolean isNanos(int nanos) {
    return nanos >= 0 && nanos < 1_000_000_000;
  }
}
