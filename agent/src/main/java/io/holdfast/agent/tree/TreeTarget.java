package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Arrays;

/** Opening the directory an operator wants a restore in: the one path that is trusted. */
final class TreeTarget {
  private static final int TARGET_MODE = 0700;

  private TreeTarget() {}

  /** A descriptor of the directory, made with its parents if missing; see TreeWriter.open. */
  static int open(byte[] target) {
    if (target.length == 0 || target[0] != '/') {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "restore target " + Names.display(target) + " isn't an absolute path: give one");
    }
    try {
      makeParents(target);
      int flags = OpenFlags.READ_ONLY | OpenFlags.DIRECTORY;
      return Posix.openAt(Posix.NO_DIRECTORY, target, flags, 0);
    } catch (PosixException e) {
      throw unwritable(target, e);
    }
  }

  private static HoldfastException unwritable(byte[] target, PosixException cause) {
    return new HoldfastException(
        ErrorCode.TARGET_UNWRITABLE,
        "can't restore into "
            + Names.display(target)
            + ": "
            + cause.getMessage()
            + "; make it a directory this user may write, or choose another target",
        cause);
  }

  private static void makeParents(byte[] target) throws PosixException {
    for (int end = 1; end <= target.length; end++) {
      if (end == target.length || target[end] == '/') {
        makeIfMissing(Arrays.copyOf(target, end));
      }
    }
  }

  private static void makeIfMissing(byte[] path) throws PosixException {
    try {
      Nodes.makeDirectory(Posix.NO_DIRECTORY, path, TARGET_MODE);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST && !exists(path)) { // a read-only parent says EROFS first
        throw e;
      }
    }
  }

  private static boolean exists(byte[] path) {
    int fd = Posix.tryOpenAt(Posix.NO_DIRECTORY, path, OpenFlags.PATH, 0);
    if (fd >= 0) {
      Posix.close(fd);
    }
    return fd >= 0;
  }
}
