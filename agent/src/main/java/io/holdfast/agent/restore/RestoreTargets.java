package io.holdfast.agent.restore;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Where this host lets anybody restore to (I7): its own configuration's word, which no order
 * overrides. Paths are compared as they really are, with every link resolved, so that a link inside
 * an allowed directory leads nowhere. Who may write in an allowed directory could still put one
 * there between this check and the restore: allowed directories belong to root or to the agent's
 * user. Any thread.
 */
public final class RestoreTargets {
  private static final Path ROOT = Path.of("/");

  private final List<Path> allowed;
  private final boolean inPlace;

  /**
   * Restores may go into {@code allowed} directories or below.
   *
   * @param inPlace whether files may also be restored to where they were, anywhere
   */
  public RestoreTargets(List<Path> allowed, boolean inPlace) {
    this.allowed = List.copyOf(allowed);
    this.inPlace = inPlace;
  }

  /**
   * The directory to restore into, with its links resolved.
   *
   * @param target absolute path as ordered; empty for in place
   * @throws HoldfastException TARGET_NOT_ALLOWED, or INVALID_ARGUMENT if it is no absolute path
   */
  public Path check(byte[] target) {
    Path wanted = target.length == 0 ? ROOT : parse(target);
    Path real = real(wanted);
    if (real.equals(ROOT)) {
      requireInPlace();
      return ROOT;
    }
    if (allowed.stream().noneMatch(root -> real.startsWith(real(root)))) {
      throw new HoldfastException(
          ErrorCode.TARGET_NOT_ALLOWED,
          "this host allows no restore to "
              + wanted
              + (real.equals(wanted) ? "" : " (really " + real + ")")
              + ", only to "
              + allowed
              + " and below; restore there, or add it to restore.allow in the agent's"
              + " configuration");
    }
    return real;
  }

  /** Whether {@code target}, as {@link #check} answered it, is where the files were. */
  public static boolean isInPlace(Path target) {
    return target.equals(ROOT);
  }

  private void requireInPlace() {
    if (!inPlace) {
      throw new HoldfastException(
          ErrorCode.TARGET_NOT_ALLOWED,
          "this host allows no restore in place; restore to one of "
              + allowed
              + ", or set restore.in_place in the agent's configuration");
    }
  }

  private static Path parse(byte[] target) {
    try {
      Path path =
          Path.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(target)).toString());
      if (path.isAbsolute()) {
        return path;
      }
    } catch (CharacterCodingException | InvalidPathException e) {
      throw notAbsolute(e);
    }
    throw notAbsolute(null);
  }

  private static HoldfastException notAbsolute(Exception cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "the restore's target is not an absolute path in UTF-8; give the directory's full path",
        cause);
  }

  /** The path with the links of what exists of it resolved; what doesn't exist has none. */
  private static Path real(Path path) {
    Path existing = path.normalize().equals(path) ? path : requireNormal(path);
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      existing = existing.getParent();
    }
    try {
      return existing.toRealPath().resolve(existing.relativize(path)).normalize();
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.TARGET_UNWRITABLE,
          path + " can't be resolved: " + e.getMessage() + "; choose another target",
          e);
    }
  }

  private static Path requireNormal(Path path) {
    throw new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "the restore's target " + path + " has '.' or '..' in it; give the directory's full path");
  }
}
