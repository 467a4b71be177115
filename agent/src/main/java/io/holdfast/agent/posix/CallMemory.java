package io.holdfast.agent.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Argument memory of one thread, allocated once and reused by every call it makes. Freed with the
 * thread by the collector; about 9 KiB, and 128 KiB more on threads that read extended attributes.
 */
final class CallMemory {
  /** Longest path the kernel takes in one call, with its NUL. */
  static final int PATH_BYTES_MAX = 4096;

  /** Kernel bound on one extended attribute and on the list of names (uapi/linux/limits.h). */
  static final int XATTR_BYTES_MAX = 65_536;

  private static final ThreadLocal<CallMemory> CURRENT = ThreadLocal.withInitial(CallMemory::new);

  /** Where the linker stores errno of the last failed call. */
  final MemorySegment state;

  /** Two timespecs, an open_how, or other small arguments. */
  final MemorySegment small;

  final StatBuffer stat;

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment first;
  private final MemorySegment second;
  private MemorySegment list;
  private MemorySegment value;

  private CallMemory() {
    state = arena.allocate(Linker.Option.captureStateLayout());
    small = arena.allocate(128, 8);
    first = arena.allocate(PATH_BYTES_MAX, 8);
    second = arena.allocate(PATH_BYTES_MAX, 8);
    stat = new StatBuffer(arena);
  }

  static CallMemory get() {
    return CURRENT.get();
  }

  /** {@code path} with a NUL behind it; valid until this thread's next call. */
  MemorySegment path(byte[] path, String operation) throws PosixException {
    return path(path, 0, path.length, operation);
  }

  MemorySegment path(byte[] bytes, int from, int length, String operation) throws PosixException {
    return terminated(first, bytes, from, length, operation);
  }

  /** As {@link #path}, for calls with two of them. */
  MemorySegment otherPath(byte[] path, String operation) throws PosixException {
    return terminated(second, path, 0, path.length, operation);
  }

  /** Raw memory of {@link #PATH_BYTES_MAX} for a call that returns a path. */
  MemorySegment pathResult() {
    return second;
  }

  MemorySegment list() {
    if (list == null) {
      list = arena.allocate(XATTR_BYTES_MAX);
    }
    return list;
  }

  MemorySegment value() {
    if (value == null) {
      value = arena.allocate(XATTR_BYTES_MAX);
    }
    return value;
  }

  private static MemorySegment terminated(
      MemorySegment target, byte[] bytes, int from, int length, String operation)
      throws PosixException {
    if (length >= PATH_BYTES_MAX) {
      throw new PosixException(Errno.ENAMETOOLONG.number(), operation, bytes);
    }
    for (int i = from; i < from + length; i++) {
      if (bytes[i] == 0) {
        throw new PosixException(Errno.EINVAL.number(), operation, bytes);
      }
    }
    MemorySegment.copy(bytes, from, target, ValueLayout.JAVA_BYTE, 0, length);
    target.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
    return target;
  }
}
