package io.holdfast.agent.walk;

/**
 * A directory the walk descends into: how it is reached and which inode it must turn out to be.
 * Everything but {@link #inside} is fixed; the descriptor fields belong to {@link OpenDirectories}.
 */
final class DirectoryNode {
  private static final byte[] NO_NAME = new byte[0];

  final DirectoryNode parent;
  final byte[] name;
  final long device;
  final long inode;

  /** The device of the root this lies below; meaningless outside roots. */
  final long rootDevice;

  /** Roots and exclusions at or below this directory, or null. */
  final SourceRoots roots;

  /** Bytes of the path without leading slash. */
  final int pathBytes;

  /**
   * Whether all content belongs to the walk, rather than only what leads to roots. Cleared by the
   * listing of a cache or of a pseudo file system.
   */
  boolean inside;

  int fd = -1;
  int leases;
  boolean retired;

  private DirectoryNode(
      DirectoryNode parent,
      byte[] name,
      long device,
      long inode,
      SourceRoots roots,
      boolean inside) {
    this.parent = parent;
    this.name = name;
    this.device = device;
    this.inode = inode;
    this.roots = roots;
    this.inside = inside;
    boolean isRoot = roots != null && roots.isRoot();
    rootDevice = isRoot || parent == null ? device : parent.rootDevice;
    pathBytes = parent == null ? 0 : parent.childPathBytes(name.length);
  }

  /** The directory {@code /}. */
  static DirectoryNode top(long device, long inode, SourceRoots roots) {
    return new DirectoryNode(null, NO_NAME, device, inode, roots, roots.isRoot());
  }

  /** A directory in this one; a root is inside in any case. */
  DirectoryNode child(byte[] childName, long childDevice, long childInode, boolean belongs) {
    SourceRoots childRoots = rootsOf(childName);
    boolean isInside = belongs || (childRoots != null && childRoots.isRoot());
    return new DirectoryNode(this, childName, childDevice, childInode, childRoots, isInside);
  }

  SourceRoots rootsOf(byte[] childName) {
    return roots == null ? null : roots.find(childName);
  }

  /** The absolute path under which this is read, or null if that is its own. */
  byte[] readFrom() {
    return roots == null ? null : roots.readFrom();
  }

  boolean isRoot() {
    return roots != null && roots.isRoot();
  }

  boolean isMountPoint() {
    return parent != null && parent.device != device;
  }

  int childPathBytes(int nameLength) {
    return pathBytes == 0 ? nameLength : pathBytes + 1 + nameLength;
  }

  /** The path without leading slash. */
  byte[] path() {
    byte[] path = new byte[pathBytes];
    writePath(path);
    return path;
  }

  /** Writes the path to the beginning of {@code target}. */
  void writePath(byte[] target) {
    for (DirectoryNode node = this; node.parent != null; node = node.parent) {
      int start = node.pathBytes - node.name.length;
      System.arraycopy(node.name, 0, target, start, node.name.length);
      if (start > 0) {
        target[start - 1] = '/';
      }
    }
  }

  byte[] childPath(byte[] childName) {
    byte[] path = new byte[childPathBytes(childName.length)];
    writePath(path);
    System.arraycopy(childName, 0, path, path.length - childName.length, childName.length);
    if (pathBytes > 0) {
      path[pathBytes] = '/';
    }
    return path;
  }
}
