package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A temporary directory, dropped with all it holds. One thread. */
final class Scratch implements AutoCloseable {
  private final Path root;

  private Scratch(Path root) {
    this.root = root;
  }

  /** Makes one below the system's temporary directory. IO if that fails. */
  static Scratch create() {
    try {
      return new Scratch(Files.createTempDirectory("holdfast-"));
    } catch (IOException e) {
      throw failed("made", e);
    }
  }

  /** A directory in it. */
  Path directory(String name) {
    try {
      return Files.createDirectories(root.resolve(name));
    } catch (IOException e) {
      throw failed("made", e);
    }
  }

  @Override
  public void close() {
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                throws IOException {
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw failed("removed", e);
    }
  }

  private static HoldfastException failed(String what, IOException cause) {
    return new HoldfastException(
        ErrorCode.IO,
        "a temporary directory can't be " + what + ": " + cause.getMessage() + "; set TMPDIR",
        cause);
  }
}
