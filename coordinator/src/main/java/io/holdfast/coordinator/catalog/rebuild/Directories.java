package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Making and dropping directories of the catalog; failures are IO and name the path. */
final class Directories {
  private Directories() {}

  static void create(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw failed("creating " + directory, e);
    }
  }

  /** Deletes {@code directory} and everything in it, if it is there. Follows no symbolic link. */
  static void drop(Path directory) {
    try (var paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (NoSuchFileException e) {
      // Nothing to drop.
    } catch (IOException e) {
      throw failed("deleting " + directory, e);
    }
  }

  /** Regular files right in {@code directory}, by name. */
  static List<Path> files(Path directory) {
    try (var paths = Files.list(directory)) {
      return paths.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw failed("listing " + directory, e);
    }
  }

  static HoldfastException failed(String doing, IOException cause) {
    return new HoldfastException(
        ErrorCode.IO,
        doing + " failed: " + cause + "; check the disk of the coordinator's state directory",
        cause);
  }
}
