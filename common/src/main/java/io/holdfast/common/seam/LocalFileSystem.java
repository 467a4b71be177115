package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The machine's file systems through NIO. Names are claimed by {@code createLink} alone: {@code
 * Files.move} without REPLACE_EXISTING looks before it renames, so that two racing claims can both
 * win.
 */
enum LocalFileSystem implements FileSystem {
  INSTANCE;

  @Override
  public void list(Path directory, EntryVisitor visitor) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        Optional<Boolean> isDirectory = isDirectory(entry);
        if (isDirectory.isPresent()
            && !visitor.visit(entry.getFileName().toString(), isDirectory.get())) {
          return;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Empty if the entry vanished since it was listed, which is not an error of the listing. */
  private static Optional<Boolean> isDirectory(Path entry) throws IOException {
    try {
      return Optional.of(Files.readAttributes(entry, BasicFileAttributes.class).isDirectory());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void createDirectory(Path directory) throws IOException {
    LocalErrors.run(directory, () -> Files.createDirectory(directory));
  }

  @Override
  public WritableFile createFile(Path file) throws IOException {
    return LocalErrors.call(
        file,
        () ->
            new LocalWritableFile(
                file,
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)));
  }

  @Override
  public ReadableFile openFile(Path file) throws IOException {
    return new LocalReadableFile(file);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    try {
      LocalErrors.run(name, () -> Files.createLink(name, existing));
    } catch (UnsupportedOperationException e) {
      throw new IOException("hard links are not supported at " + name, e);
    }
  }

  @Override
  public int linkCount(Path file) throws IOException {
    try {
      return (Integer) Files.getAttribute(file, "unix:nlink");
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new IOException("link counts are not supported at " + file, e);
    }
  }

  @Override
  public boolean isSameFile(Path first, Path second) throws IOException {
    return Files.isSameFile(first, second);
  }

  @Override
  public void replace(Path from, Path to) throws IOException {
    LocalErrors.run(
        to,
        () ->
            Files.move(
                from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.delete(path);
  }

  /**
   * A thread's interrupt closes its channel and would pass for a failed sync; so the interrupt is
   * kept for later and the sync, which has reported nothing yet, is done again.
   */
  @Override
  public void syncDirectory(Path directory) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!syncOnce(directory)) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Answers false if an interrupt closed the channel before the sync could report. */
  private static boolean syncOnce(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    }
  }

  @Override
  public long size(Path file) throws IOException {
    return Files.size(file);
  }

  @Override
  public boolean exists(Path path) throws IOException {
    return isDirectory(path).isPresent();
  }

  @Override
  public long usableBytes(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString());
    }
    // Not by its FileStore, which looks for the mount point: there is none to be seen in a chroot.
    return path.toFile().getUsableSpace();
  }

  @Override
  public Optional<HeldLock> tryLock(Path file) throws IOException {
    return LocalLock.tryLock(file);
  }
}
