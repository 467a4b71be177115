package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Holds a directory for one process: a catalog that doesn't open is deleted, so nobody else may
 * have it open. The operating system lets go of it when the process ends, however it ends.
 */
final class DirectoryLock implements AutoCloseable {
  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /** Locks the existing directory {@code root}; BUSY if another process or opener has it. */
  static DirectoryLock acquire(Path root) {
    Path file = root.resolve("lock");
    FileChannel channel = open(file);
    boolean locked = false;
    try {
      locked = tryLock(channel, file);
    } finally {
      if (!locked) {
        close(channel);
      }
    }
    if (!locked) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          "the catalog in " + root + " is open in another process; stop that one first");
    }
    return new DirectoryLock(channel);
  }

  boolean isHeld() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    close(channel);
  }

  private static FileChannel open(Path file) {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Directories.failed("opening " + file, e);
    }
  }

  private static boolean tryLock(FileChannel channel, Path file) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      throw Directories.failed("locking " + file, e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw Directories.failed("closing a lock file", e);
    }
  }
}
