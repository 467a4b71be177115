package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A record lock of fcntl(2). Such locks belong to the process, and closing <em>any</em> descriptor
 * of the file drops them: so the process-wide set of held files is asked before one is opened. The
 * set is static because the thing it mirrors is.
 */
final class LocalLock implements HeldLock {
  private static final Object MONITOR = new Object();
  private static final Set<Object> HELD_KEYS = new HashSet<>();

  private final Object key;
  private final FileChannel channel;
  private boolean closed;

  private LocalLock(Object key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  static Optional<HeldLock> tryLock(Path file) throws IOException {
    synchronized (MONITOR) {
      return isHeldHere(file) ? Optional.empty() : lockOpened(file);
    }
  }

  private static boolean isHeldHere(Path file) throws IOException {
    try {
      return HELD_KEYS.contains(keyOf(file));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static Optional<HeldLock> lockOpened(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean kept = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        return Optional.empty();
      }
      Object key = keyOf(file);
      kept = HELD_KEYS.add(key);
      return kept ? Optional.of(new LocalLock(key, channel)) : Optional.empty();
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  /** Device and inode where the platform tells them, else the real path. */
  private static Object keyOf(Path file) throws IOException {
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    return key != null ? key : file.toRealPath();
  }

  @Override
  public void close() throws IOException {
    synchronized (MONITOR) {
      if (closed) {
        return;
      }
      closed = true;
      HELD_KEYS.remove(key);
      channel.close();
    }
  }
}
