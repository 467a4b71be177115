package io.holdfast.coordinator.recovery;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A directory of this process alone, dropped when closed. */
final class ScratchDirectory implements AutoCloseable {
  private final Path root;

  private ScratchDirectory(Path root) {
    this.root = root;
  }

  /** Makes a new directory in {@code parent}, which is made if it is missing. */
  static ScratchDirectory open(Path parent) {
    try {
      Files.createDirectories(parent);
      return new ScratchDirectory(Files.createTempDirectory(parent, "recovery-"));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO,
          "no scratch directory can be made in "
              + parent
              + ": "
              + e.getMessage()
              + "; choose another with more room",
          e);
    }
  }

  Path directory(String name) {
    return root.resolve(name);
  }

  /** What can't be deleted stays: it holds nothing secret, and a recovery shouldn't fail for it. */
  @Override
  public void close() {
    try {
      Files.walkFileTree(root, new Deletion());
    } catch (IOException e) {
      return;
    }
  }

  static void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      return; // the failure that led here is the one to tell
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure)
        throws IOException {
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
