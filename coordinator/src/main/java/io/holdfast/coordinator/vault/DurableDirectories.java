package io.holdfast.coordinator.vault;

import io.holdfast.common.seam.FileSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Makes directories below a root, each synced into its parent once, and syncs names into them.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>I1 A prepared directory survives a power cut, with all directories above it.
 *   <li>I2 A directory whose sync failed once is refused ever after: the kernel may have forgotten
 *       names that a later, successful sync would seem to cover. Only a new instance, opened after
 *       somebody looked at the disk, trusts it again.
 *   <li>I3 A new directory whose name could not be synced is removed again, unless another
 *       coordinator uses it by now.
 * </ul>
 *
 * <p>Safe for many threads; two that prepare the same directory both do the work.
 */
final class DurableDirectories {
  private final FileSystem fileSystem;
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();
  private final Set<Path> failed = ConcurrentHashMap.newKeySet();

  private volatile Consumer<IOException> onFailure = failure -> {};

  DurableDirectories(FileSystem fileSystem, Path root) {
    this.fileSystem = fileSystem;
    durable.add(root);
  }

  /** Makes the directory and those above it where they are missing; when it returns, I1 holds. */
  void prepare(Path directory) throws IOException {
    checkNeverFailed(directory);
    if (durable.contains(directory)) {
      return;
    }
    prepare(directory.getParent());
    boolean made = create(directory);
    // Also where it was there before: whoever made it may not have synced it yet.
    try {
      sync(directory.getParent());
    } catch (SyncFailedException e) {
      if (made) {
        takeBack(directory, e);
      }
      throw e;
    }
    durable.add(directory);
  }

  /** Whether it was missing. */
  private boolean create(Path directory) throws IOException {
    try {
      fileSystem.createDirectory(directory);
      return true;
    } catch (FileAlreadyExistsException expected) {
      return false; // Made before, by us or by another coordinator.
    }
  }

  /**
   * I3: so that the next instance makes it anew instead of believing a sync that covers nothing.
   */
  private void takeBack(Path directory, SyncFailedException cause) {
    try {
      fileSystem.delete(directory);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Makes the names in a prepared directory durable. */
  void sync(Path directory) throws IOException {
    checkNeverFailed(directory);
    try {
      fileSystem.syncDirectory(directory);
    } catch (IOException e) {
      failed.add(directory);
      SyncFailedException lost = lost(directory, e);
      onFailure.accept(lost);
      throw lost;
    }
  }

  private static SyncFailedException lost(Path directory, IOException cause) {
    return new SyncFailedException(
        "a sync of "
            + directory
            + " failed"
            + (cause == null ? "" : " (" + cause.getMessage() + ")")
            + ", and no later one can make up for it; check the disk, then restart",
        cause);
  }

  /** Who is told of the first failed sync of a directory; until then of none. */
  void onFailure(Consumer<IOException> listener) {
    onFailure = listener;
  }

  private void checkNeverFailed(Path directory) throws IOException {
    if (failed.contains(directory)) {
      throw lost(directory, null);
    }
  }
}
