package io.holdfast.agent.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * One method per libc function, with the kernel's convention instead of libc's: the result, or the
 * error number negated. {@code state} receives errno and belongs to the calling thread. Calls that
 * some libraries lack a function for go through {@code syscall}.
 */
@SuppressWarnings("restricted") // binding libc is what this class is for
final class LibC {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));
  private static final int FIXED = -1;
  private static final LongAdder CALLS = new LongAdder();
  private static final MethodHandle COUNT = counting();

  private static final MethodHandle OPEN_AT =
      bind("openat", 3, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle CLOSE = bind("close", FIXED, JAVA_INT, JAVA_INT);
  private static final MethodHandle STATX =
      bind("statx", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle READ_LINK_AT =
      bind("readlinkat", FIXED, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle STAT_FS = bind("fstatfs", FIXED, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle PREAD =
      bind("pread", FIXED, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PWRITE =
      bind("pwrite", FIXED, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle TRUNCATE =
      bind("ftruncate", FIXED, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle ALLOCATE =
      bind("fallocate", FIXED, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SEEK =
      bind("lseek", FIXED, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SYNC = bind("fsync", FIXED, JAVA_INT, JAVA_INT);
  private static final MethodHandle SYNC_RANGE =
      bind("sync_file_range", FIXED, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SYNC_FILE_SYSTEM = bind("syncfs", FIXED, JAVA_INT, JAVA_INT);
  private static final MethodHandle REMOVE_XATTR_OF_PATH =
      bind("lremovexattr", FIXED, JAVA_INT, ADDRESS, ADDRESS);
  private static final MethodHandle MAKE_DIRECTORY_AT =
      bind("mkdirat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle SYMLINK_AT =
      bind("symlinkat", FIXED, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS);
  private static final MethodHandle LINK_AT =
      bind("linkat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle UNLINK_AT =
      bind("unlinkat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle MAKE_NODE_AT =
      bind("mknodat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG);
  private static final MethodHandle CHOWN_AT =
      bind("fchownat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle CHMOD = bind("fchmod", FIXED, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle CHMOD_AT =
      bind("fchmodat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
  private static final MethodHandle SET_TIMES_AT =
      bind("utimensat", FIXED, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final MethodHandle SET_TIMES =
      bind("futimens", FIXED, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle LIST_XATTRS =
      bind("flistxattr", FIXED, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle LIST_XATTRS_OF_PATH =
      bind("llistxattr", FIXED, JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle GET_XATTR =
      bind("fgetxattr", FIXED, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle GET_XATTR_OF_PATH =
      bind("lgetxattr", FIXED, JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle SET_XATTR =
      bind("fsetxattr", FIXED, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SET_XATTR_OF_PATH =
      bind("lsetxattr", FIXED, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle REMOVE_XATTR =
      bind("fremovexattr", FIXED, JAVA_INT, JAVA_INT, ADDRESS);
  private static final MethodHandle READ_ENTRIES =
      bind("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle RENAME_AT =
      bind("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final MethodHandle OPEN_AT2 =
      bind("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
  private static final MethodHandle PWRITE_V2 =
      bind(
          "syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG,
          JAVA_LONG);
  private static final MethodHandle ADVISE =
      plain("posix_fadvise", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle MAP =
      bind("mmap", FIXED, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG);
  private static final MethodHandle UNMAP = bind("munmap", FIXED, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle RESIDENT =
      bind("mincore", FIXED, JAVA_INT, JAVA_LONG, JAVA_LONG, ADDRESS);
  private static final MethodHandle READ =
      bind("read", FIXED, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle CONTROL =
      bind("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle DEVICE_CONTROL =
      bind("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle KILL = bind("kill", FIXED, JAVA_INT, JAVA_INT, JAVA_INT);
  private static final MethodHandle PAGE_SIZE = plain("getpagesize", JAVA_INT);
  private static final MethodHandle EFFECTIVE_USER = plain("geteuid", JAVA_INT);

  private LibC() {}

  private static MethodHandle bind(
      String symbol, int firstVariadic, MemoryLayout result, MemoryLayout... arguments) {
    List<Linker.Option> options = new ArrayList<>();
    options.add(Linker.Option.captureCallState("errno"));
    if (firstVariadic != FIXED) {
      options.add(Linker.Option.firstVariadicArg(firstVariadic));
    }
    MethodHandle call =
        LINKER.downcallHandle(
            SYMBOLS.findOrThrow(symbol),
            FunctionDescriptor.of(result, arguments),
            options.toArray(Linker.Option[]::new));
    return MethodHandles.foldArguments(call, COUNT);
  }

  private static MethodHandle counting() {
    try {
      return MethodHandles.lookup()
          .findVirtual(LongAdder.class, "increment", MethodType.methodType(void.class))
          .bindTo(CALLS);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("calls into libc can't be counted", e);
    }
  }

  /** Calls made by all threads of this process; those that can't fail aside. */
  static long calls() {
    return CALLS.sum();
  }

  private static MethodHandle plain(String symbol, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        SYMBOLS.findOrThrow(symbol), FunctionDescriptor.of(result, arguments));
  }

  private static int failed(MemorySegment state) {
    return -(int) ERRNO.get(state, 0L);
  }

  private static Error broken(Throwable cause) {
    return new LinkageError("a call into libc could not be made", cause);
  }

  static int openAt(MemorySegment state, int dirFd, MemorySegment path, int flags, int mode) {
    try {
      int result = (int) OPEN_AT.invokeExact(state, dirFd, path, flags, mode);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int close(MemorySegment state, int fd) {
    try {
      int result = (int) CLOSE.invokeExact(state, fd);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int statx(
      MemorySegment state, int dirFd, MemorySegment path, int flags, int mask, MemorySegment out) {
    try {
      int result = (int) STATX.invokeExact(state, dirFd, path, flags, mask, out);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long readLinkAt(
      MemorySegment state, int dirFd, MemorySegment path, MemorySegment out, long size) {
    try {
      long result = (long) READ_LINK_AT.invokeExact(state, dirFd, path, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int statFs(MemorySegment state, int fd, MemorySegment out) {
    try {
      int result = (int) STAT_FS.invokeExact(state, fd, out);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long pread(MemorySegment state, int fd, MemorySegment out, long size, long offset) {
    try {
      long result = (long) PREAD.invokeExact(state, fd, out, size, offset);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long pwrite(MemorySegment state, int fd, MemorySegment in, long size, long offset) {
    try {
      long result = (long) PWRITE.invokeExact(state, fd, in, size, offset);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Of a vector of one piece; the offset's high half means nothing on 64 bits. */
  static long pwritev2(
      MemorySegment state, long number, int fd, MemorySegment vector, long offset, long flags) {
    try {
      long result = (long) PWRITE_V2.invokeExact(state, number, fd, vector, 1L, offset, 0L, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int truncate(MemorySegment state, int fd, long size) {
    try {
      int result = (int) TRUNCATE.invokeExact(state, fd, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int allocate(MemorySegment state, int fd, int mode, long offset, long size) {
    try {
      int result = (int) ALLOCATE.invokeExact(state, fd, mode, offset, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long seek(MemorySegment state, int fd, long offset, int whence) {
    try {
      long result = (long) SEEK.invokeExact(state, fd, offset, whence);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int sync(MemorySegment state, int fd) {
    try {
      int result = (int) SYNC.invokeExact(state, fd);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int syncRange(MemorySegment state, int fd, long offset, long size, int flags) {
    try {
      int result = (int) SYNC_RANGE.invokeExact(state, fd, offset, size, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int syncFileSystem(MemorySegment state, int fd) {
    try {
      int result = (int) SYNC_FILE_SYSTEM.invokeExact(state, fd);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int removeXattrOfPath(MemorySegment state, MemorySegment path, MemorySegment name) {
    try {
      int result = (int) REMOVE_XATTR_OF_PATH.invokeExact(state, path, name);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int makeDirectoryAt(MemorySegment state, int dirFd, MemorySegment path, int mode) {
    try {
      int result = (int) MAKE_DIRECTORY_AT.invokeExact(state, dirFd, path, mode);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int symlinkAt(MemorySegment state, MemorySegment target, int dirFd, MemorySegment path) {
    try {
      int result = (int) SYMLINK_AT.invokeExact(state, target, dirFd, path);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int linkAt(
      MemorySegment state, int fromFd, MemorySegment from, int toFd, MemorySegment to, int flags) {
    try {
      int result = (int) LINK_AT.invokeExact(state, fromFd, from, toFd, to, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int unlinkAt(MemorySegment state, int dirFd, MemorySegment path, int flags) {
    try {
      int result = (int) UNLINK_AT.invokeExact(state, dirFd, path, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int makeNodeAt(MemorySegment state, int dirFd, MemorySegment path, int mode, long device) {
    try {
      int result = (int) MAKE_NODE_AT.invokeExact(state, dirFd, path, mode, device);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int chownAt(
      MemorySegment state, int dirFd, MemorySegment path, int uid, int gid, int flags) {
    try {
      int result = (int) CHOWN_AT.invokeExact(state, dirFd, path, uid, gid, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int chmod(MemorySegment state, int fd, int mode) {
    try {
      int result = (int) CHMOD.invokeExact(state, fd, mode);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int chmodAt(MemorySegment state, int dirFd, MemorySegment path, int mode, int flags) {
    try {
      int result = (int) CHMOD_AT.invokeExact(state, dirFd, path, mode, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int setTimesAt(
      MemorySegment state, int dirFd, MemorySegment path, MemorySegment times, int flags) {
    try {
      int result = (int) SET_TIMES_AT.invokeExact(state, dirFd, path, times, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int setTimes(MemorySegment state, int fd, MemorySegment times) {
    try {
      int result = (int) SET_TIMES.invokeExact(state, fd, times);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long listXattrs(MemorySegment state, int fd, MemorySegment out, long size) {
    try {
      long result = (long) LIST_XATTRS.invokeExact(state, fd, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long listXattrsOfPath(
      MemorySegment state, MemorySegment path, MemorySegment out, long size) {
    try {
      long result = (long) LIST_XATTRS_OF_PATH.invokeExact(state, path, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long getXattr(
      MemorySegment state, int fd, MemorySegment name, MemorySegment out, long size) {
    try {
      long result = (long) GET_XATTR.invokeExact(state, fd, name, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long getXattrOfPath(
      MemorySegment state, MemorySegment path, MemorySegment name, MemorySegment out, long size) {
    try {
      long result = (long) GET_XATTR_OF_PATH.invokeExact(state, path, name, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int setXattr(
      MemorySegment state, int fd, MemorySegment name, MemorySegment value, long size, int flags) {
    try {
      int result = (int) SET_XATTR.invokeExact(state, fd, name, value, size, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int setXattrOfPath(
      MemorySegment state,
      MemorySegment path,
      MemorySegment name,
      MemorySegment value,
      long size,
      int flags) {
    try {
      int result = (int) SET_XATTR_OF_PATH.invokeExact(state, path, name, value, size, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int removeXattr(MemorySegment state, int fd, MemorySegment name) {
    try {
      int result = (int) REMOVE_XATTR.invokeExact(state, fd, name);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long readEntries(MemorySegment state, long number, int fd, MemorySegment out, long size) {
    try {
      long result = (long) READ_ENTRIES.invokeExact(state, number, fd, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long renameAt(
      MemorySegment state,
      long number,
      int fromFd,
      MemorySegment from,
      int toFd,
      MemorySegment to,
      int flags) {
    try {
      long result = (long) RENAME_AT.invokeExact(state, number, fromFd, from, toFd, to, flags);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long openAt2(
      MemorySegment state,
      long number,
      int dirFd,
      MemorySegment path,
      MemorySegment how,
      long size) {
    try {
      long result = (long) OPEN_AT2.invokeExact(state, number, dirFd, path, how, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Answers the error number itself: this one function leaves errno alone. */
  static int advise(int fd, long offset, long size, int advice) {
    try {
      return -(int) ADVISE.invokeExact(fd, offset, size, advice);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** An address, which is never negative on Linux. */
  static long map(MemorySegment state, long size, int protection, int flags, int fd, long offset) {
    try {
      long result = (long) MAP.invokeExact(state, 0L, size, protection, flags, fd, offset);
      return result == -1 ? failed(state) : result;
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int unmap(MemorySegment state, long address, long size) {
    try {
      int result = (int) UNMAP.invokeExact(state, address, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int resident(MemorySegment state, long address, long size, MemorySegment out) {
    try {
      int result = (int) RESIDENT.invokeExact(state, address, size, out);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static long read(MemorySegment state, int fd, MemorySegment out, long size) {
    try {
      long result = (long) READ.invokeExact(state, fd, out, size);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int control(MemorySegment state, int fd, int command, int argument) {
    try {
      int result = (int) CONTROL.invokeExact(state, fd, command, argument);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int deviceControl(MemorySegment state, int fd, long request, MemorySegment argument) {
    try {
      int result = (int) DEVICE_CONTROL.invokeExact(state, fd, request, argument);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int kill(MemorySegment state, int process, int signal) {
    try {
      int result = (int) KILL.invokeExact(state, process, signal);
      return result >= 0 ? result : failed(state);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int pageSize() {
    try {
      return (int) PAGE_SIZE.invokeExact();
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  static int effectiveUser() {
    try {
      return (int) EFFECTIVE_USER.invokeExact();
    } catch (Throwable e) {
      throw broken(e);
    }
  }
}
