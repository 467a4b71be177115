package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import java.util.Arrays;

/**
 * Something that isn't in the walk: an entry that couldn't be described, or the content of the
 * directory entry just before.
 *
 * @param path without leading slash, at its place in the order
 * @param errno the kernel's number, 0 if it wasn't asked
 */
public record WalkGap(byte[] path, GapReason reason, int errno) implements WalkEvent {
  /** The error's name, as in {@code EACCES}; empty if there is none. */
  public String errnoText() {
    return errno == 0 ? "" : Errno.describe(errno);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WalkGap(byte[] otherPath, GapReason otherReason, int otherErrno)
        && Arrays.equals(path, otherPath)
        && reason == otherReason
        && errno == otherErrno;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(path) + reason.hashCode();
  }

  @Override
  public String toString() {
    return "gap " + Names.display(path) + ": " + reason + " " + errnoText();
  }
}
