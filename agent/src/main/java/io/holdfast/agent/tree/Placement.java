package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;

/**
 * How an entry comes to stand under its final name: made and described under a temporary name in
 * the same directory, then renamed, so that at every moment the final name is what it was before or
 * the whole new entry. Any thread.
 */
final class Placement {
  private static final int ATTEMPTS_MAX = 4;

  private final ConflictMode conflicts;
  private final boolean replaceOtherKinds;
  private final TargetDirectories directories;

  Placement(TreeOptions options, TargetDirectories directories) {
    conflicts = options.conflicts();
    replaceOtherKinds = options.replaceOtherKinds();
    this.directories = directories;
  }

  /** Makes something under the given name; called again if a leftover had to be cleared away. */
  interface Maker {
    void make(byte[] temporaryName) throws PosixException;
  }

  /** What stands under an entry's final name; null if nothing does. */
  FileStat existing(int dirFd, SafePath path) throws EntryFailure {
    try {
      return Posix.findAt(dirFd, path.name()).orElse(null);
    } catch (PosixException e) {
      throw EntryFailure.notWritten(e);
    }
  }

  /**
   * Whether what exists is to be kept and the entry skipped; makes way where that is allowed.
   *
   * @throws EntryFailure if something of another kind has to stay
   */
  boolean isKept(int dirFd, SafePath path, FileStat existing, FileKind wanted) throws EntryFailure {
    if (existing == null) {
      return false;
    }
    if (existing.kind() == wanted) {
      return conflicts == ConflictMode.SKIP_EXISTING;
    }
    if (!replaceOtherKinds) {
      throw new EntryFailure(DifferenceReason.OTHER_KIND_IN_THE_WAY, 0);
    }
    if (existing.kind() == FileKind.DIRECTORY) {
      removeEmptyDirectory(dirFd, path);
    } else if (conflicts == ConflictMode.SKIP_EXISTING) {
      removeFile(dirFd, path.name()); // the final rename won't replace anything in this mode
    }
    return false;
  }

  private void removeEmptyDirectory(int dirFd, SafePath path) throws EntryFailure {
    try {
      Nodes.removeDirectory(dirFd, path.name());
      directories.forget(path.bytes());
    } catch (PosixException e) {
      throw new EntryFailure(DifferenceReason.OTHER_KIND_IN_THE_WAY, e.number());
    }
  }

  private static void removeFile(int dirFd, byte[] name) throws EntryFailure {
    try {
      Nodes.removeFile(dirFd, name);
    } catch (PosixException e) {
      throw EntryFailure.notWritten(e);
    }
  }

  /** Makes an entry under its temporary name, which is answered. */
  byte[] make(int dirFd, SafePath path, Maker maker) throws EntryFailure {
    byte[] name = TemporaryName.of(path.name());
    for (int attempt = 1; ; attempt++) {
      try {
        maker.make(name);
        return name;
      } catch (PosixException e) {
        if (e.errno() != Errno.EEXIST || attempt == ATTEMPTS_MAX) {
          throw EntryFailure.notWritten(e);
        }
        removeFile(dirFd, name);
      }
    }
  }

  /**
   * Gives what was made its final name. Whatever happens, nothing is left under the temporary one.
   *
   * @return false if something appeared there meanwhile that is to be kept
   */
  boolean place(int dirFd, byte[] temporary, SafePath path) throws EntryFailure {
    try {
      return rename(dirFd, temporary, path.name());
    } catch (PosixException e) {
      discard(dirFd, temporary);
      throw switch (e.errno()) {
        case EISDIR, ENOTEMPTY, EEXIST, ENOTDIR ->
            new EntryFailure(DifferenceReason.OTHER_KIND_IN_THE_WAY, e.number());
        default -> EntryFailure.notWritten(e);
      };
    }
  }

  private boolean rename(int dirFd, byte[] temporary, byte[] name) throws PosixException {
    if (conflicts != ConflictMode.SKIP_EXISTING) {
      Nodes.rename(dirFd, temporary, dirFd, name);
      return true;
    }
    try {
      renameUnlessPresent(dirFd, temporary, name);
      return true;
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
      discard(dirFd, temporary);
      return false;
    }
  }

  /** Where the file system can't rename without replacing, a second name does the same. */
  private static void renameUnlessPresent(int dirFd, byte[] temporary, byte[] name)
      throws PosixException {
    try {
      Nodes.renameUnlessPresent(dirFd, temporary, dirFd, name);
    } catch (PosixException e) {
      if (e.errno() != Errno.EINVAL && e.errno() != Errno.ENOSYS) {
        throw e;
      }
      Nodes.link(dirFd, temporary, dirFd, name);
      Nodes.removeFile(dirFd, temporary);
    }
  }

  /** Removes a temporary entry; one that can't be removed is cleared away by the next restore. */
  static void discard(int dirFd, byte[] temporary) {
    try {
      Nodes.removeFile(dirFd, temporary);
    } catch (PosixException e) {
      return; // usually ENOENT: it has its final name by now
    }
  }
}
