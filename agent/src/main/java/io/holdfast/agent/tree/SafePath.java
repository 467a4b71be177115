package io.holdfast.agent.tree;

import io.holdfast.agent.posix.Names;
import java.util.Arrays;

/** A path below the target that names exactly what it seems to: checked component by component. */
final class SafePath {
  /** Longest path an entry of a snapshot can have. */
  private static final int PATH_BYTES_MAX = 65_535;

  private final byte[] bytes;
  private final int nameAt;

  private SafePath(byte[] bytes, int nameAt) {
    this.bytes = bytes;
    this.nameAt = nameAt;
  }

  /** Refuses what is empty, absolute, too long, or has a component that isn't a plain name. */
  static SafePath of(byte[] path) throws EntryFailure {
    if (path.length > PATH_BYTES_MAX) {
      throw new EntryFailure(DifferenceReason.UNSAFE_PATH, 0);
    }
    int from = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        requireComponent(path, from, i);
        from = i < path.length ? i + 1 : from;
      }
    }
    return new SafePath(path.clone(), from);
  }

  private static void requireComponent(byte[] path, int from, int to) throws EntryFailure {
    if (!Names.isComponent(path, from, to) || TemporaryName.isOne(path, from, to)) {
      throw new EntryFailure(DifferenceReason.UNSAFE_PATH, 0);
    }
  }

  byte[] bytes() {
    return bytes;
  }

  /** The last component. */
  byte[] name() {
    return Arrays.copyOfRange(bytes, nameAt, bytes.length);
  }

  /** The path of the directory it is in; empty for the target itself. */
  byte[] parent() {
    return Arrays.copyOf(bytes, Math.max(0, nameAt - 1));
  }
}
