package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What lies where in a coordinator's data directory. Only {@code identity} can't be rebuilt.
 *
 * @param root the data directory
 */
record CoordinatorFiles(Path root) {
  Path tls() {
    return root.resolve("identity/tls.pem");
  }

  Path journalKey() {
    return root.resolve("identity/journal.pem");
  }

  /** The fleet root's own key: belongs offline once the recovery kit is safe. */
  Path fleetRoot() {
    return root.resolve("fleet-root.pem");
  }

  Path recoveryKit() {
    return root.resolve("recovery-kit.txt");
  }

  Path catalog() {
    return root.resolve("catalog");
  }

  /** What is known of this machine's clock. */
  Path clock() {
    return root.resolve("clock");
  }

  /** A mark of a sweep that was interrupted. */
  Path mark() {
    return root.resolve("mark");
  }

  Path journalHead() {
    return root.resolve("journal-head");
  }

  /** What was told of alarms. */
  Path alarms() {
    return root.resolve("alarms");
  }

  /** Makes the directories, for this user only. IO if that fails. */
  void create() {
    makeDirectory(root);
    makeDirectory(root.resolve("identity"));
  }

  /** OBJECT_EXISTS if an identity is here already. */
  void requireNew() {
    if (Files.exists(tls()) || Files.exists(journalKey()) || Files.exists(fleetRoot())) {
      throw new HoldfastException(
          ErrorCode.OBJECT_EXISTS,
          root
              + " holds a coordinator's keys already; choose another data directory, or remove this"
              + " one if its repository is really no longer needed");
    }
  }

  private static void makeDirectory(Path directory) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, directory + " can't be made: " + reason(e) + "; check its parent", e);
    }
  }

  /** Java's own exceptions of a kind say nothing but the name. */
  private static String reason(IOException e) {
    return e instanceof FileSystemException failure && failure.getReason() == null
        ? e.getClass().getSimpleName()
        : e.getMessage();
  }

  /** Whether {@code directory} is missing or holds nothing. */
  static boolean isEmpty(Path directory) {
    if (!Files.exists(directory)) {
      return true;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, directory + " can't be listed: " + e.getMessage(), e);
    }
  }
}
