package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import java.util.Arrays;

/**
 * Something that isn't in the walk: an entry that couldn't be described, or the content of the
 * directory entry just before.
 */
public final class WalkGap implements WalkEvent {
  private final byte[] path;
  private final GapReason reason;
  private final int errno;

  WalkGap(byte[] path, GapReason reason, int errno) {
    this.path = path;
    this.reason = reason;
    this.errno = errno;
  }

  /** Without leading slash, at its place in the order; not to be changed. */
  public byte[] path() {
    return path;
  }

  public GapReason reason() {
    return reason;
  }

  /** The kernel's number, 0 if it wasn't asked. */
  public int errno() {
    return errno;
  }

  /** The error's name, as in {@code EACCES}; empty if there is none. */
  public String errnoText() {
    return errno == 0 ? "" : Errno.describe(errno);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof WalkGap that
        && Arrays.equals(path, that.path)
        && reason == that.reason
        && errno == that.errno;
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
