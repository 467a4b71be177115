package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that hold keys. A write is whole or not there: temporary file beside the target with mode
 * 0600, fsync, rename, fsync of the directory; when it returns, the file is durable. One writer per
 * file. After a failure the old file is untouched.
 */
public final class SecretFile {
  private static final int BYTES_MAX = 1 << 20;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  private SecretFile() {}

  /** Writes {@code content} to {@code file}, replacing it, readable by the owner alone. */
  public static void write(Path file, byte[] content) {
    write(file, content, OWNER_ONLY);
  }

  /** As {@link #write}, for content that anybody may read (certificates): mode 0644. */
  public static void writePublic(Path file, byte[] content) {
    write(file, content, PUBLIC);
  }

  /**
   * All of {@code file}, at most 1 MiB. KEY_UNAVAILABLE if it is missing or unreadable,
   * NOT_AUTHORISED if this user may not read it or everybody may read or change it. A group may:
   * service managers and orchestrators hand secrets over that way.
   */
  public static Secret read(Path file) {
    try {
      refuseIfOpenToAll(file);
      return Secret.take(readBounded(file));
    } catch (NoSuchFileException e) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE, "the secret file " + file + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED,
          "this user may not read the secret file " + file + ": run this as its owner",
          e);
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE, "cannot read the secret file " + file + ": " + reason(e), e);
    }
  }

  private static void refuseIfOpenToAll(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED,
          "the secret file "
              + file
              + " is open to every user of this machine (mode "
              + PosixFilePermissions.toString(permissions)
              + "): run chmod 600 on it, and replace"
              + " the secret if others have logins here");
    }
  }

  private static byte[] readBounded(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new HoldfastException(
          ErrorCode.LIMIT_EXCEEDED, file + " is larger than 1 MiB and so no key file");
    }
    return Files.readAllBytes(file);
  }

  private static void write(Path file, byte[] content, Set<PosixFilePermission> mode) {
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
    try {
      Files.deleteIfExists(temporary);
      writeDurably(temporary, content, mode);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      syncDirectory(target.getParent());
    } catch (IOException e) {
      throw new HoldfastException(ErrorCode.IO, "cannot write " + file + ": " + reason(e), e);
    }
  }

  private static void writeDurably(Path file, byte[] content, Set<PosixFilePermission> mode)
      throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        out.write(rest);
      }
      // Again, because the process's umask takes bits away from what was asked for.
      Files.setPosixFilePermissions(file, mode);
      out.force(true);
    }
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " (" + e.getMessage() + ")";
  }
}
