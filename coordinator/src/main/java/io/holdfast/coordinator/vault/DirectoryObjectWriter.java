package io.holdfast.coordinator.vault;

import io.holdfast.common.seam.DiskFullException;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Writes a temporary file and gives it its final name by a hard link.
 *
 * <pre>
 * WRITING  -> PUBLISHED  publish() was called, whatever came of it
 * WRITING  -> BROKEN     an append failed: the file's content is undefined
 * any      -> CLOSED     the temporary name is removed
 * </pre>
 *
 * <p>link(2) alone claims: an exclusive create would leave an empty object after a crash, and a
 * rename would displace the winner. Its errno is not trusted, since a NAS may lose the answer to a
 * link it made, or report EPERM for EEXIST: the link count of our own file tells who won.
 */
final class DirectoryObjectWriter implements ObjectWriter {
  private enum State {
    WRITING,
    BROKEN,
    PUBLISHED,
    CLOSED
  }

  /**
   * Objects from this size on leave the page cache when they are durable: a backup doesn't push out
   * of it what the catalog and others need, and whoever proves an object reads what the disk has.
   */
  private static final long CACHED_BYTES_MAX = 1 << 20;

  private final FileSystem fileSystem;
  private final DurableDirectories directories;
  private final ObjectName name;
  private final Path temporary;
  private final Path target;
  private final WritableFile file;
  private State state = State.WRITING;

  /** Makes the temporary file. */
  DirectoryObjectWriter(
      FileSystem fileSystem,
      DurableDirectories directories,
      ObjectName name,
      Path temporary,
      Path target)
      throws IOException {
    this.fileSystem = fileSystem;
    this.directories = directories;
    this.name = name;
    this.temporary = temporary;
    this.target = target;
    this.file = fileSystem.createFile(temporary);
  }

  @Override
  public ObjectName name() {
    return name;
  }

  @Override
  public long size() {
    return file.size();
  }

  @Override
  public void append(ByteBuffer... buffers) {
    checkWriting();
    try {
      file.append(buffers);
    } catch (IOException e) {
      state = State.BROKEN;
      throw VaultErrors.failed("write object " + name, e);
    }
  }

  @Override
  public long finish() {
    return switch (publish()) {
      case CreateOutcome.Created created -> created.bytes();
      case CreateOutcome.Exists _ -> throw VaultErrors.exists(name);
      case CreateOutcome.Unknown unknown -> throw unknown.cause();
    };
  }

  CreateOutcome publish() {
    checkWriting();
    state = State.PUBLISHED;
    try {
      settle();
    } catch (IOException e) {
      throw VaultErrors.failed("create object " + name, e);
    }
    return claim();
  }

  /** All that can fail before the name is touched. */
  private void settle() throws IOException {
    syncFile();
    long stored = fileSystem.size(temporary);
    if (stored != file.size()) {
      throw new IOException("the file has " + stored + " bytes, " + file.size() + " were written");
    }
    if (stored >= CACHED_BYTES_MAX) {
      file.leaveCache();
    }
    file.close();
    directories.prepare(target.getParent());
  }

  /** A failure is final for this file, which is given up; another one may be written. */
  private void syncFile() throws IOException {
    try {
      file.sync();
    } catch (DiskFullException full) {
      throw full;
    } catch (IOException e) {
      throw new SyncFailedException(
          "its content could not be made durable (" + e.getMessage() + "); check the disk", e);
    }
  }

  private CreateOutcome claim() {
    IOException linkFailure = link();
    try {
      return outcome(linkFailure);
    } catch (IOException e) {
      if (linkFailure != null) {
        e.addSuppressed(linkFailure);
      }
      return new CreateOutcome.Unknown(
          VaultErrors.unknown(name, e.getMessage(), e), e instanceof SyncFailedException);
    }
  }

  private IOException link() {
    try {
      fileSystem.link(temporary, target);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private CreateOutcome outcome(IOException linkFailure) throws IOException {
    if (isOurs(linkFailure)) {
      directories.sync(target.getParent());
      return new CreateOutcome.Created(file.size());
    }
    if (linkFailure != null && fileSystem.exists(target)) {
      directories.sync(target.getParent());
      return new CreateOutcome.Exists();
    }
    String reason =
        linkFailure == null
            ? "the hard link was reported as made, but the file still has one name"
            : "the hard link failed (" + linkFailure.getMessage() + ") and the name is free";
    return new CreateOutcome.Unknown(VaultErrors.unknown(name, reason, linkFailure));
  }

  /**
   * After an error a second name may also be the work of a tool that copies the vault by hard
   * links; so then it has to be the very name we wanted.
   */
  private boolean isOurs(IOException linkFailure) throws IOException {
    return fileSystem.linkCount(temporary) >= 2
        && (linkFailure == null || fileSystem.isSameFile(temporary, target));
  }

  private void checkWriting() {
    if (state != State.WRITING) {
      throw new IllegalStateException("object " + name + " is " + state);
    }
  }

  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    try (file) {
      fileSystem.delete(temporary);
    } catch (IOException leftover) {
      // Swept when this vault closes or the next writer opens: a nuisance, and not worth an error.
    }
  }
}
