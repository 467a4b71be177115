package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.posix.Xattr;
import io.holdfast.agent.posix.Xattrs;
import java.util.List;

/**
 * A way back to one entry of a walk, safe against what happens to its path meanwhile. Holds no
 * descriptor. Any thread, until the cursor it came from is closed (then EBADF).
 */
public final class FileLocator {
  private final OpenDirectories directories;
  private final DirectoryNode directory;
  private final byte[] name;
  private final FileStat seen;

  FileLocator(OpenDirectories directories, DirectoryNode directory, byte[] name, FileStat seen) {
    this.directories = directories;
    this.directory = directory;
    this.name = name;
    this.seen = seen;
  }

  /** The entry as the walk saw it. */
  public FileStat seen() {
    return seen;
  }

  /**
   * Opens the file for reading: no link is followed, nothing but the very inode the walk saw is
   * opened (else ESTALE), its access time stays. The caller closes it.
   */
  public PosixFile open() throws PosixException {
    int dirFd = acquire();
    try {
      return openIn(dirFd);
    } finally {
      release();
    }
  }

  /** The directory that {@link #path} starts from; to be released. */
  private int acquire() throws PosixException {
    if (elsewhere() != null) {
      return Posix.NO_DIRECTORY;
    }
    int dirFd = directories.acquire(directory);
    if (dirFd < 0) {
      throw new PosixException(-dirFd, "open directory", directory.path());
    }
    return dirFd;
  }

  private void release() {
    if (elsewhere() == null) {
      directories.release(directory);
    }
  }

  /** The path under which the entry is read, or null if that is its own. */
  private byte[] elsewhere() {
    SourceRoots named = directory.rootsOf(name);
    return named == null ? null : named.readFrom();
  }

  private byte[] path() {
    byte[] elsewhere = elsewhere();
    return elsewhere == null ? name : elsewhere;
  }

  private PosixFile openIn(int dirFd) throws PosixException {
    int extraFlags = 0;
    int fd = Posix.tryOpenForReading(dirFd, path(), extraFlags);
    if (fd < 0) {
      throw new PosixException(-fd, "open", name);
    }
    int check = Posix.tryIdentify(fd, seen.device(), seen.inode());
    if (check < 0) {
      Posix.close(fd);
      throw new PosixException(-check, "open", name);
    }
    return new PosixFile(fd);
  }

  /**
   * The extended attributes of the entry, of whatever kind it is, without opening it where the
   * kernel's {@code /proc} is there.
   */
  public List<Xattr> xattrs() throws PosixException {
    int dirFd = acquire();
    try {
      return Xattrs.readAt(dirFd, path());
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT || !isOpenable()) {
        throw e;
      }
      try (PosixFile file = openIn(dirFd)) {
        return Xattrs.read(file.fd());
      }
    } finally {
      release();
    }
  }

  private boolean isOpenable() {
    return seen.kind() == FileKind.FILE || seen.kind() == FileKind.DIRECTORY;
  }
}
