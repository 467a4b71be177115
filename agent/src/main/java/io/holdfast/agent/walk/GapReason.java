package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;

/** Why an entry or its content is missing from a snapshot; numbers are those of the page format. */
public enum GapReason {
  UNREADABLE(1),
  VANISHED(2),
  CHANGED(3),
  XATTRS_UNREADABLE(4),
  XATTRS_TOO_LARGE(5),
  NAME_TOO_LONG(6),
  UNSUPPORTED_TYPE(7),
  IO_ERROR(8),
  DIRECTORY_UNREADABLE(9);

  private final int number;

  GapReason(int number) {
    this.number = number;
  }

  /** The number in entries and reports. */
  public int number() {
    return number;
  }

  /** The reason behind a failed call on an entry. */
  public static GapReason ofEntry(int errno) {
    return switch (Errno.of(errno)) {
      case ENOENT, ENOTDIR -> VANISHED;
      case ESTALE, ELOOP, EINVAL -> CHANGED;
      case EIO -> IO_ERROR;
      case ENAMETOOLONG -> NAME_TOO_LONG;
      default -> UNREADABLE;
    };
  }

  /** The reason behind a failed attempt to list a directory. */
  static GapReason ofListing(int errno) {
    return switch (Errno.of(errno)) {
      case ENOENT, ENOTDIR -> VANISHED;
      case ESTALE, ELOOP -> CHANGED;
      default -> DIRECTORY_UNREADABLE;
    };
  }
}
