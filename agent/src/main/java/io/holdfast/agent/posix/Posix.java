package io.holdfast.agent.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Opening, listing and describing entries, relative to the descriptor of a directory.
 *
 * <p>No method follows a symbolic link in the last component. {@code try} methods answer a negative
 * error number. Threads: any. The caller closes every descriptor it opened.
 */
public final class Posix {
  /** In place of a directory's descriptor: paths must then be absolute. */
  public static final int NO_DIRECTORY = -100;

  /** Size of the buffer {@link #tryReadDirectory} works best with. */
  public static final int DIRECTORY_BUFFER_BYTES = 64 * 1024;

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final byte[] SELF = new byte[0];

  private Posix() {}

  /**
   * Opens {@code path} relative to {@code dirFd}; always close-on-exec.
   *
   * @return a descriptor, or a negative error number
   */
  public static int tryOpenAt(int dirFd, byte[] path, int flags, int mode) {
    try {
      CallMemory memory = CallMemory.get();
      MemorySegment name = memory.path(path, "openat");
      return openRetrying(memory, dirFd, name, flags | OpenFlags.CLOSE_ON_EXEC, mode);
    } catch (PosixException e) {
      return -e.number();
    }
  }

  private static int openRetrying(
      CallMemory memory, int dirFd, MemorySegment name, int flags, int mode) {
    int fd;
    do {
      fd = LibC.openAt(memory.state, dirFd, name, flags, mode);
    } while (Errno.EINTR.is(fd));
    return fd;
  }

  public static int openAt(int dirFd, byte[] path, int flags, int mode) throws PosixException {
    return checked(tryOpenAt(dirFd, path, flags, mode), "openat", path);
  }

  /**
   * Opens for reading without following a link, without waiting on a FIFO, and without touching the
   * access time where the kernel lets this user ask for that.
   *
   * @param extraFlags 0, or {@link OpenFlags#DIRECTORY}
   */
  public static int tryOpenForReading(int dirFd, byte[] path, int extraFlags) {
    int flags = OpenFlags.READ_ONLY | OpenFlags.NO_FOLLOW | OpenFlags.NON_BLOCKING | extraFlags;
    int fd = tryOpenAt(dirFd, path, flags | OpenFlags.NO_ACCESS_TIME, 0);
    return Errno.EPERM.is(fd) ? tryOpenAt(dirFd, path, flags, 0) : fd;
  }

  /** As {@link #tryOpenForReading} for a directory. */
  public static int tryOpenDirectory(int dirFd, byte[] path) {
    return tryOpenForReading(dirFd, path, OpenFlags.DIRECTORY);
  }

  public static int openDirectory(int dirFd, byte[] path) throws PosixException {
    return checked(tryOpenDirectory(dirFd, path), "openat", path);
  }

  /** Closes; an error is not reported, because Linux has freed the descriptor by then. */
  public static void close(int fd) {
    LibC.close(CallMemory.get().state, fd);
  }

  /**
   * Describes {@code path} relative to {@code dirFd}; triggers no automount.
   *
   * @return 0, or a negative error number
   */
  public static int tryStatAt(int dirFd, byte[] path, StatBuffer out) {
    return tryStatAt(dirFd, path, 0, path.length, out);
  }

  /** As above, with the name inside a larger array. */
  public static int tryStatAt(int dirFd, byte[] bytes, int from, int length, StatBuffer out) {
    try {
      CallMemory memory = CallMemory.get();
      MemorySegment name = memory.path(bytes, from, length, "statx");
      int flags = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | (length == 0 ? AT_EMPTY_PATH : 0);
      return LibC.statx(memory.state, dirFd, name, flags, STATX_BASIC_STATS, out.memory);
    } catch (PosixException e) {
      return -e.number();
    }
  }

  /** Describes what {@code fd} is open on. */
  public static int tryStat(int fd, StatBuffer out) {
    return tryStatAt(fd, SELF, out);
  }

  /**
   * Whether {@code fd} is open on this very inode.
   *
   * @return 0, {@code -ESTALE} if it is another one, or the negative error number of the question
   */
  public static int tryIdentify(int fd, long device, long inode) {
    StatBuffer found = CallMemory.get().stat;
    int result = tryStat(fd, found);
    if (result < 0) {
      return result;
    }
    boolean same = found.inode() == inode && found.device() == device;
    return same ? 0 : -Errno.ESTALE.number();
  }

  public static FileStat statAt(int dirFd, byte[] path) throws PosixException {
    StatBuffer out = CallMemory.get().stat;
    checked(tryStatAt(dirFd, path, out), "statx", path);
    return out.toFileStat();
  }

  /** As {@link #statAt}; empty if there is nothing under this name. */
  public static Optional<FileStat> findAt(int dirFd, byte[] path) throws PosixException {
    StatBuffer out = CallMemory.get().stat;
    int result = tryStatAt(dirFd, path, out);
    if (Errno.ENOENT.is(result)) {
      return Optional.empty();
    }
    checked(result, "statx", path);
    return Optional.of(out.toFileStat());
  }

  public static FileStat stat(int fd) throws PosixException {
    return statAt(fd, SELF);
  }

  /** The target of a symbolic link, as stored. */
  public static byte[] readLinkAt(int dirFd, byte[] path) throws PosixException {
    CallMemory memory = CallMemory.get();
    MemorySegment name = memory.path(path, "readlinkat");
    MemorySegment out = memory.pathResult();
    long length = LibC.readLinkAt(memory.state, dirFd, name, out, out.byteSize());
    checked((int) length, "readlinkat", path);
    return out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Reads the next raw entries of a directory, to be taken apart by {@link DirectoryEntries}.
   *
   * @return bytes filled, 0 at the end, or a negative error number
   */
  public static int tryReadDirectory(int fd, MemorySegment out) {
    return (int)
        LibC.readEntries(CallMemory.get().state, Abi.CURRENT.getdents64, fd, out, out.byteSize());
  }

  /** The {@code f_type} of the file system {@code fd} is on, as an unsigned 32-bit value. */
  public static long fileSystemType(int fd) throws PosixException {
    CallMemory memory = CallMemory.get();
    checked(LibC.statFs(memory.state, fd, memory.small), "fstatfs", null);
    return memory.small.get(ValueLayout.JAVA_LONG, 0) & 0xffffffffL;
  }

  /** System calls that this process has made through this package: what reading a tree costs. */
  public static long calls() {
    return LibC.calls();
  }

  /** The user whose rights this process has; 0 is root. */
  public static int effectiveUserId() {
    return LibC.effectiveUser();
  }

  static int checked(int result, String operation, byte[] path) throws PosixException {
    if (result < 0) {
      throw new PosixException(-result, operation, path);
    }
    return result;
  }

  static long checked(long result, String operation, byte[] path) throws PosixException {
    if (result < 0) {
      throw new PosixException((int) -result, operation, path);
    }
    return result;
  }
}
