package io.holdfast.coordinator.leadership;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The hint of a standalone coordinator: the lock of a local file, gone with its process. */
public final class FileLockHint implements LeadershipHint {
  private static final Logger LOG = LoggerFactory.getLogger(FileLockHint.class);

  private final FileSystem files;
  private final Path file;
  private Optional<HeldLock> lock = Optional.empty();

  public FileLockHint(FileSystem files, Path file) {
    this.files = files;
    this.file = file;
  }

  @Override
  public boolean tryHold() {
    if (lock.isEmpty()) {
      try {
        lock = files.tryLock(file);
      } catch (IOException e) {
        throw new HoldfastException(
            ErrorCode.IO, "the leadership lock " + file + " can't be taken: " + e.getMessage(), e);
      }
    }
    return lock.isPresent();
  }

  @Override
  public boolean isHeld() {
    return lock.isPresent();
  }

  @Override
  public void release() {
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      LOG.warn("the leadership lock {} was not released: {}", file, e.getMessage());
    }
    lock = Optional.empty();
  }
}
