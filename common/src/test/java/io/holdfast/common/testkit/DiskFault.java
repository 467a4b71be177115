package io.holdfast.common.testkit;

import io.holdfast.common.seam.DiskFullException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/**
 * One way for a disk to fail: which operations, from which occurrence on, how often, with what
 * error and whether the operation happens all the same.
 *
 * @param operations the kinds that count and fail
 * @param nth the first of them to fail, counted from 1 when the fault is armed
 * @param forever whether all later ones fail too
 * @param error what the caller is told
 * @param happens true if the operation takes effect although it is reported as failed; false if it
 *     doesn't: then a write leaves a prefix, and a sync drops what it should have made durable, as
 *     Linux drops a dirty page that couldn't be written
 */
public record DiskFault(
    Set<FileOperation> operations, int nth, boolean forever, Errno error, boolean happens) {
  /** What the caller is told. */
  public enum Errno {
    EIO("Input/output error"),
    ENOSPC("No space left on device"),
    EPERM("Operation not permitted"),
    EROFS("Read-only file system");

    private final String text;

    Errno(String text) {
      this.text = text;
    }

    IOException at(Path path) {
      return this == ENOSPC
          ? new DiskFullException(path + ": " + text)
          : new FileSystemException(path.toString(), null, text);
    }
  }

  public DiskFault {
    operations = Set.copyOf(operations);
  }

  /** The n-th operation of a kind fails once, without effect. */
  public static DiskFault once(FileOperation operation, int nth, Errno error) {
    return new DiskFault(EnumSet.of(operation), nth, false, error, false);
  }

  /** The n-th operation of any kind fails once, without effect. */
  public static DiskFault onceOfAny(int nth, Errno error) {
    return new DiskFault(EnumSet.allOf(FileOperation.class), nth, false, error, false);
  }

  /** From the n-th on, every operation of a kind fails, without effect. */
  public static DiskFault forever(FileOperation operation, int nth, Errno error) {
    return new DiskFault(EnumSet.of(operation), nth, true, error, false);
  }

  /** The same fault, with the operation taking effect although its caller is told it failed. */
  public DiskFault butHappens() {
    return new DiskFault(operations, nth, forever, error, true);
  }
}
