package io.holdfast.deploy.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Copies directories. */
final class TreeCopy {
  private TreeCopy() {}

  /** Copies what {@code filter} lets through; {@code to} is made. */
  static void copy(Path from, Path to, Predicate<Path> filter) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.filter(filter).toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
  }
}
