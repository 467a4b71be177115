package io.holdfast.agent.posix;

/**
 * What the kernel says about one entry.
 *
 * @param mode type and permission bits
 * @param blocks allocated space in units of 512 bytes
 * @param device where it lives, as {@link DeviceNumber}
 * @param representedDevice what a device node stands for, as {@link DeviceNumber}
 */
public record FileStat(
    int mode,
    int uid,
    int gid,
    long sizeBytes,
    long blocks,
    int linkCount,
    long device,
    long inode,
    long representedDevice,
    long modifySeconds,
    int modifyNanos,
    long changeSeconds,
    int changeNanos) {

  private static final int PERMISSION_BITS = 07777;

  /** The kind, or null for a type Linux doesn't have today. */
  public FileKind kind() {
    return FileKind.find(mode);
  }

  /** The twelve permission bits, set-id and sticky included. */
  public int permissions() {
    return mode & PERMISSION_BITS;
  }

  /** Whether both are the same inode of the same file system. */
  public boolean isSameFileAs(FileStat other) {
    return device == other.device && inode == other.inode;
  }
}
