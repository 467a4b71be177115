package io.holdfast.deploy.cli;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * New files that hold a secret or something near one: mode 0600 from their first byte on, and
 * durable when they are there.
 */
final class PrivateFile {
  private PrivateFile() {}

  /** OBJECT_EXISTS if something is at {@code file}, which may be null for none. */
  static void checkAbsent(Path file) {
    if (file != null && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw exists(file, null);
    }
  }

  static void create(Path file, String text) {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Set<StandardOpenOption> fresh = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Path parent = file.toAbsolutePath().getParent();
    try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ);
        FileChannel out = FileChannel.open(file, fresh, mode)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
      directory.force(true);
    } catch (FileAlreadyExistsException e) {
      throw exists(file, e);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "cannot write " + file + " (" + e + "): name a place that can be", e);
    }
  }

  private static HoldfastException exists(Path file, Exception cause) {
    return new HoldfastException(
        ErrorCode.OBJECT_EXISTS,
        file + " exists already and isn't overwritten: name another file, or remove it",
        cause);
  }
}
