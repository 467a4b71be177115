package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Names;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The roots of a walk, the paths it must not touch and those it reads from elsewhere, as a tree by
 * component: each directory of the walk carries its node as long as something named lies at or
 * below it.
 */
final class SourceRoots {
  private final TreeMap<byte[], SourceRoots> children = new TreeMap<>(Arrays::compareUnsigned);
  private boolean root;
  private boolean rootsBelow;
  private boolean excluded;
  private byte[] readFrom;

  private SourceRoots() {}

  /** Throws INVALID_ARGUMENT for a path that isn't absolute or has {@code .} or {@code ..}. */
  static SourceRoots of(List<byte[]> roots, List<byte[]> excluded, List<Elsewhere> elsewhere) {
    SourceRoots top = new SourceRoots();
    for (byte[] path : roots) {
      top.insert(path).root = true;
    }
    for (byte[] path : excluded) {
      top.insert(path).excluded = true;
    }
    for (Elsewhere place : elsewhere) {
      requireAbsolute(place.readFrom());
      top.insert(place.path()).readFrom = place.readFrom();
    }
    top.findRootsBelow();
    return top;
  }

  private SourceRoots insert(byte[] path) {
    requireAbsolute(path);
    SourceRoots node = this;
    int from = 1;
    for (int i = 1; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        node = i == from ? node : node.child(path, from, i);
        from = i + 1;
      }
    }
    return node;
  }

  private static void requireAbsolute(byte[] path) {
    if (path.length == 0 || path[0] != '/') {
      throw invalid(path);
    }
  }

  private SourceRoots child(byte[] path, int from, int to) {
    if (!Names.isComponent(path, from, to)) {
      throw invalid(path);
    }
    byte[] name = Arrays.copyOfRange(path, from, to);
    return children.computeIfAbsent(name, ignored -> new SourceRoots());
  }

  private static HoldfastException invalid(byte[] path) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "source path "
            + Names.display(path)
            + " can't be walked: give an absolute path without '.' or '..' components");
  }

  private boolean findRootsBelow() {
    for (SourceRoots child : children.values()) {
      rootsBelow |= child.findRootsBelow();
    }
    return root || rootsBelow;
  }

  boolean isRoot() {
    return root;
  }

  boolean isExcluded() {
    return excluded;
  }

  /** The absolute path under which this is read, or null if that is its own. */
  byte[] readFrom() {
    return readFrom;
  }

  /** Whether this is a root or leads to one. */
  boolean isWanted() {
    return root || rootsBelow;
  }

  /** The node of an entry, or null if nothing named is at or below it. */
  SourceRoots find(byte[] name) {
    return children.get(name);
  }

  boolean hasChildren() {
    return !children.isEmpty();
  }

  /** Names of children that are or lead to roots, ascending. */
  List<byte[]> wantedNames() {
    return children.entrySet().stream()
        .filter(e -> e.getValue().isWanted())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Adds the path of every root at or below this node, whose own path is {@code path}. */
  void collectRoots(byte[] path, Collection<byte[]> out) {
    if (root) {
      out.add(path);
    }
    children.forEach((name, child) -> child.collectRoots(join(path, name), out));
  }

  private static byte[] join(byte[] path, byte[] name) {
    byte[] joined = Arrays.copyOf(path, path.length + 1 + name.length);
    joined[path.length] = '/';
    System.arraycopy(name, 0, joined, path.length + 1, name.length);
    return joined;
  }
}
