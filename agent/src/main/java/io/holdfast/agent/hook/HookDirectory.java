package io.holdfast.agent.hook;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.file.Path;

/**
 * The host's directory of hooks (K1). Between this check and the start of a program only somebody
 * could put another file in its place whom the check lets do that: root, or the agent's own user.
 * Any thread.
 */
public final class HookDirectory {
  private static final int ROOT = 0;
  private static final int WRITABLE_BY_OTHERS = 022;
  private static final int STICKY = 01000;
  private static final int EXECUTABLE = 0111;

  private final Path directory;

  /** Hooks lie in {@code directory}, which need not exist until one is called. */
  public HookDirectory(Path directory) {
    this.directory = directory.toAbsolutePath();
  }

  /** The file to run. HOOK_REFUSED, saying why, if there is none that may be. */
  Path find(String name) {
    Path file = directory.resolve(name);
    checkDirectories();
    FileStat found = stat(file, "put it there, or correct its name");
    if (found.kind() != FileKind.FILE) {
      throw refused(file, "is no regular file", "put the program itself there, not a link to it");
    }
    checkOwner(file, found);
    if ((found.mode() & WRITABLE_BY_OTHERS) != 0) {
      throw refused(file, "can be written by others than its owner", "chmod go-w " + file);
    }
    if ((found.mode() & EXECUTABLE) == 0) {
      throw refused(file, "isn't executable", "chmod +x " + file);
    }
    return file;
  }

  /** Whoever may rename something on the way to a file decides what lies under its name. */
  private void checkDirectories() {
    for (Path at = directory; at != null; at = at.getParent()) {
      FileStat found = stat(at, "make it, for root alone to write into");
      if (found.kind() != FileKind.DIRECTORY) {
        throw refused(at, "is no directory", "name hooks.directory without links");
      }
      checkOwner(at, found);
      boolean open = (found.mode() & WRITABLE_BY_OTHERS) != 0;
      boolean sticky = (found.mode() & STICKY) != 0 && !at.equals(directory);
      if (open && !sticky) {
        throw refused(at, "can be written by others than its owner", "chmod go-w " + at);
      }
    }
  }

  private static FileStat stat(Path path, String nextStep) {
    try {
      return Posix.statAt(Posix.NO_DIRECTORY, Names.of(path.toString()));
    } catch (PosixException e) {
      throw refused(path, "can't be looked at: " + e.getMessage(), nextStep);
    }
  }

  private static void checkOwner(Path path, FileStat found) {
    int self = Posix.effectiveUserId();
    if (found.uid() != ROOT && found.uid() != self) {
      throw refused(
          path,
          "belongs to user " + Integer.toUnsignedString(found.uid()),
          self == ROOT ? "chown root " + path : "give it to root, or to user " + self);
    }
  }

  private static HoldfastException refused(Path path, String why, String nextStep) {
    return new HoldfastException(
        ErrorCode.HOOK_REFUSED,
        "the hook isn't run: " + path + " " + why + "; on this host: " + nextStep);
  }
}
