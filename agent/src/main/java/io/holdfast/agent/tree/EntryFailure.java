package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;

/** What keeps one entry from being made; becomes a {@link Difference}. */
final class EntryFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final DifferenceReason reason;
  private final int errno;

  EntryFailure(DifferenceReason reason, int errno) {
    super(reason.name(), null, false, false); // carries no stack: it is an answer, not a fault
    this.reason = reason;
    this.errno = errno;
  }

  EntryFailure(DifferenceReason reason, Errno errno) {
    this(reason, errno.number());
  }

  /**
   * The failure behind a refused call, unless it means that nothing can be written any more, which
   * is thrown instead.
   */
  static EntryFailure notWritten(PosixException cause) {
    requireWritable(cause);
    return new EntryFailure(DifferenceReason.NOT_WRITTEN, cause.number());
  }

  /** Throws DISK_FULL or TARGET_UNWRITABLE if that is what {@code cause} means. */
  static void requireWritable(PosixException cause) {
    switch (cause.errno()) {
      case ENOSPC, EDQUOT ->
          throw new HoldfastException(
              ErrorCode.DISK_FULL,
              "the restore target is full ("
                  + cause.getMessage()
                  + "): free space there and run the restore again, it goes on where it was",
              cause);
      case EROFS ->
          throw new HoldfastException(
              ErrorCode.TARGET_UNWRITABLE,
              "the restore target is mounted read-only ("
                  + cause.getMessage()
                  + "): remount it writable or choose another target",
              cause);
      default -> {}
    }
  }

  DifferenceReason reason() {
    return reason;
  }

  int errno() {
    return errno;
  }
}
