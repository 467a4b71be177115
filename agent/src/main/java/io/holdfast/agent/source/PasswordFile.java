package io.holdfast.agent.source;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files from which a database's client takes its password, so that no argument has it. */
public final class PasswordFile {
  private static final Set<PosixFilePermission> OWNERS =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private PasswordFile() {}

  /**
   * NOT_AUTHORISED for one that others than its owner can read or that is no plain file,
   * KEY_UNAVAILABLE for one that isn't there.
   */
  public static void requirePrivate(Path file) {
    try {
      if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "there is no password file " + file + " on this host: make it, for its owner alone");
      }
      boolean plain = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
      if (plain && OWNERS.containsAll(Files.getPosixFilePermissions(file))) {
        return;
      }
      throw new HoldfastException(
          ErrorCode.NOT_AUTHORISED,
          "the password file "
              + file
              + " must be a plain file that its owner alone may read: run chmod 600 on it, and"
              + " change the password if others have logins here");
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE, "cannot read the password file " + file + ": " + e, e);
    }
  }
}
