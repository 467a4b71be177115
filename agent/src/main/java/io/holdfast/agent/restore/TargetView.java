package io.holdfast.agent.restore;

import io.holdfast.agent.posix.BeneathOpen;
import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Looks at what is in the target, and changes nothing. No link below the target is followed; what
 * can't be reached counts as not there, and whoever writes finds out why. Any thread.
 */
final class TargetView implements AutoCloseable {
  private static final int DIRECTORY_FLAGS =
      OpenFlags.READ_ONLY | OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW;

  private final int targetFd;

  private TargetView(int targetFd) {
    this.targetFd = targetFd;
  }

  /** A view of {@code target}; of nothing if there is no such directory. */
  static TargetView open(byte[] target) {
    return new TargetView(
        Posix.tryOpenAt(Posix.NO_DIRECTORY, target, OpenFlags.READ_ONLY | OpenFlags.DIRECTORY, 0));
  }

  /** What is at {@code path}. */
  Optional<FileStat> find(EntryPath path) {
    return at(
        path,
        (directory, name) -> {
          try {
            return Optional.of(Posix.statAt(directory, name));
          } catch (PosixException e) {
            return Optional.empty();
          }
        });
  }

  /** The target of a symbolic link. */
  Optional<byte[]> link(EntryPath path) {
    return at(
        path,
        (directory, name) -> {
          try {
            return Optional.of(Posix.readLinkAt(directory, name));
          } catch (PosixException e) {
            return Optional.empty();
          }
        });
  }

  /** A file opened for reading; the caller closes it. IO says why it can't be. */
  PosixFile read(EntryPath path) {
    int fd =
        at(path, (directory, name) -> Optional.of(Posix.tryOpenForReading(directory, name, 0)))
            .orElse(-Errno.ENOENT.number());
    if (fd < 0) {
      throw new HoldfastException(
          ErrorCode.IO,
          "'" + path + "' was restored and can't be read back: " + Errno.describe(-fd));
    }
    return new PosixFile(fd);
  }

  /** Something asked of a name in an open directory. */
  private interface Question<T> {
    Optional<T> ask(int directory, byte[] name);
  }

  private <T> Optional<T> at(EntryPath path, Question<T> question) {
    if (targetFd < 0) {
      return Optional.empty();
    }
    byte[] name = path.name().toByteArray();
    Optional<EntryPath> parent = path.parent();
    if (parent.isEmpty()) {
      return question.ask(targetFd, name);
    }
    int directory = openDirectory(parent.get().toByteArray());
    if (directory < 0) {
      return Optional.empty();
    }
    try {
      return question.ask(directory, name);
    } finally {
      Posix.close(directory);
    }
  }

  private int openDirectory(byte[] path) {
    int fd = BeneathOpen.tryOpenDirectory(targetFd, path);
    // Too long for one call, or a kernel without it: one component after another.
    return fd >= 0 || Errno.ENOENT.is(fd) ? fd : openStepByStep(path);
  }

  private int openStepByStep(byte[] path) {
    int at = targetFd;
    int from = 0;
    for (int to = 0; to <= path.length; to++) {
      if (to == path.length || path[to] == '/') {
        int next = Posix.tryOpenAt(at, Arrays.copyOfRange(path, from, to), DIRECTORY_FLAGS, 0);
        if (at != targetFd) {
          Posix.close(at);
        }
        if (next < 0) {
          return next;
        }
        at = next;
        from = to + 1;
      }
    }
    return at;
  }

  @Override
  public void close() {
    if (targetFd >= 0) {
      Posix.close(targetFd);
    }
  }
}
