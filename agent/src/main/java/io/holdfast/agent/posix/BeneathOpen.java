package io.holdfast.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * Opening a path of several components that may not leave a directory: openat2 (Linux 5.6) with
 * {@code RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS}. Where the kernel or a
 * sandbox doesn't have it ({@link Errno#ENOSYS}, sometimes EPERM), callers go component by
 * component with {@link OpenFlags#NO_FOLLOW}, which is as safe and a call slower per level.
 */
public final class BeneathOpen {
  private static final long HOW_BYTES = 24;
  private static final long RESOLVE = 0x02 | 0x04 | 0x08;

  private BeneathOpen() {}

  /**
   * Opens an existing directory below {@code dirFd}.
   *
   * @return a descriptor, or a negative error number (ELOOP or EXDEV: it would have left)
   */
  public static int tryOpenDirectory(int dirFd, byte[] path) {
    try {
      CallMemory memory = CallMemory.get();
      MemorySegment name = memory.path(path, "openat2");
      MemorySegment how = memory.small;
      int flags = OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW | OpenFlags.CLOSE_ON_EXEC;
      how.set(JAVA_LONG, 0, flags);
      how.set(JAVA_LONG, 8, 0L);
      how.set(JAVA_LONG, 16, RESOLVE);
      return (int) LibC.openAt2(memory.state, Abi.OPENAT2, dirFd, name, how, HOW_BYTES);
    } catch (PosixException e) {
      return -e.number();
    }
  }

  /** Whether a {@code try} answer means that this kernel can't, rather than that the path won't. */
  public static boolean isUnavailable(int result) {
    return Errno.ENOSYS.is(result) || Errno.EPERM.is(result);
  }
}
