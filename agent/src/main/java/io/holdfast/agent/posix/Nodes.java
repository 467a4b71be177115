package io.holdfast.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Making, moving and removing entries of an open directory, and setting what they say about
 * themselves. Nothing here follows a symbolic link in the last component; names should be single
 * components (the caller checks that with {@link Names#isComponent}).
 */
public final class Nodes {
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int RENAME_NOREPLACE = 1;
  private static final long UTIME_OMIT = (1L << 30) - 2;
  private static final byte[] SELF = new byte[0];

  private Nodes() {}

  public static void makeDirectory(int dirFd, byte[] name, int mode) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "mkdirat");
    Posix.checked(LibC.makeDirectoryAt(memory.state, dirFd, path, mode), "mkdirat", name);
  }

  /** Makes a symbolic link; {@code target} is stored as it is and not looked at. */
  public static void makeSymlink(int dirFd, byte[] name, byte[] target) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "symlinkat");
    MemorySegment to = memory.otherPath(target, "symlinkat");
    Posix.checked(LibC.symlinkAt(memory.state, to, dirFd, path), "symlinkat", name);
  }

  /** Gives the entry {@code from} a second name; fails with EEXIST if that is taken. */
  public static void link(int fromFd, byte[] from, int toFd, byte[] to) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment source = memory.path(from, "linkat");
    MemorySegment target = memory.otherPath(to, "linkat");
    Posix.checked(LibC.linkAt(memory.state, fromFd, source, toFd, target, 0), "linkat", to);
  }

  /** Renames over whatever {@code to} is (but a directory only over an empty directory). */
  public static void rename(int fromFd, byte[] from, int toFd, byte[] to) throws PosixException {
    Posix.checked(tryRename(fromFd, from, toFd, to, 0), "renameat2", to);
  }

  /** Renames unless {@code to} exists (EEXIST); EINVAL where the file system can't promise it. */
  public static void renameUnlessPresent(int fromFd, byte[] from, int toFd, byte[] to)
      throws PosixException {
    Posix.checked(tryRename(fromFd, from, toFd, to, RENAME_NOREPLACE), "renameat2", to);
  }

  private static int tryRename(int fromFd, byte[] from, int toFd, byte[] to, int flags)
      throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment source = memory.path(from, "renameat2");
    MemorySegment target = memory.otherPath(to, "renameat2");
    return (int)
        LibC.renameAt(memory.state, Abi.CURRENT.renameat2, fromFd, source, toFd, target, flags);
  }

  public static void removeFile(int dirFd, byte[] name) throws PosixException {
    unlink(dirFd, name, 0);
  }

  public static void removeDirectory(int dirFd, byte[] name) throws PosixException {
    unlink(dirFd, name, AT_REMOVEDIR);
  }

  private static void unlink(int dirFd, byte[] name, int flags) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "unlinkat");
    Posix.checked(LibC.unlinkAt(memory.state, dirFd, path, flags), "unlinkat", name);
  }

  /**
   * Makes a FIFO or a device node.
   *
   * @param mode type and permission bits; the latter are narrowed by the umask
   * @param device as {@link DeviceNumber}; ignored for a FIFO
   */
  public static void makeNode(int dirFd, byte[] name, int mode, long device) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "mknodat");
    long libcDevice = DeviceNumber.toLibc(device);
    Posix.checked(LibC.makeNodeAt(memory.state, dirFd, path, mode, libcDevice), "mknodat", name);
  }

  public static void setOwner(int fd, int uid, int gid) throws PosixException {
    chown(fd, SELF, uid, gid, AT_EMPTY_PATH);
  }

  public static void setOwnerAt(int dirFd, byte[] name, int uid, int gid) throws PosixException {
    chown(dirFd, name, uid, gid, AT_SYMLINK_NOFOLLOW);
  }

  private static void chown(int dirFd, byte[] name, int uid, int gid, int flags)
      throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "fchownat");
    Posix.checked(LibC.chownAt(memory.state, dirFd, path, uid, gid, flags), "fchownat", name);
  }

  /** Sets the twelve permission bits, whatever the umask. */
  public static void setMode(int fd, int permissions) throws PosixException {
    Posix.checked(LibC.chmod(CallMemory.get().state, fd, permissions), "fchmod", null);
  }

  /** As {@link #setMode} for what shouldn't be opened; ENOTSUP for a symbolic link. */
  public static void setModeAt(int dirFd, byte[] name, int permissions) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "fchmodat");
    Posix.checked(
        LibC.chmodAt(memory.state, dirFd, path, permissions, AT_SYMLINK_NOFOLLOW),
        "fchmodat",
        name);
  }

  /** Sets the modification time and leaves the access time. */
  public static void setModifyTime(int fd, long seconds, int nanos) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment times = times(memory, seconds, nanos);
    Posix.checked(LibC.setTimes(memory.state, fd, times), "futimens", null);
  }

  /** As {@link #setModifyTime}, of an entry of an open directory, symbolic links included. */
  public static void setModifyTimeAt(int dirFd, byte[] name, long seconds, int nanos)
      throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment path = memory.path(name, "utimensat");
    MemorySegment times = times(memory, seconds, nanos);
    Posix.checked(
        LibC.setTimesAt(memory.state, dirFd, path, times, AT_SYMLINK_NOFOLLOW), "utimensat", name);
  }

  /** Makes everything written to the file system of {@code fd} durable (syncfs). */
  public static void syncFileSystem(int fd) throws PosixException {
    Posix.checked(LibC.syncFileSystem(CallMemory.get().state, fd), "syncfs", null);
  }

  private static MemorySegment times(CallMemory memory, long seconds, int nanos) {
    memory.small.set(JAVA_LONG, 0, 0L);
    memory.small.set(JAVA_LONG, 8, UTIME_OMIT);
    memory.small.set(JAVA_LONG, 16, seconds);
    memory.small.set(JAVA_LONG, 24, nanos);
    return memory.small;
  }
}
