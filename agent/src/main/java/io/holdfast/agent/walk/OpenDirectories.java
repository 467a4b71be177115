package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Descriptors of the walk's directories, opened when asked for and kept while there is room.
 *
 * <ul>
 *   <li>I1 A descriptor is closed only while nobody holds it.
 *   <li>I2 A descriptor handed out is the very inode the walk saw: a directory swapped for another
 *       answers ESTALE. So a path of several components may be opened in one call, whatever was
 *       planted in between.
 *   <li>I3 At most {@code idleMax} descriptors are open that nobody holds.
 * </ul>
 *
 * <p>Any thread. System calls are made outside the lock.
 */
final class OpenDirectories implements AutoCloseable {
  private static final byte[] TOP = Names.of("/");
  private static final int RELATIVE_PATH_BYTES_MAX = 4_000;

  private final DirectoryCalls calls;
  private final int idleMax;
  private final LinkedHashSet<DirectoryNode> idle = new LinkedHashSet<>();
  private boolean closed;

  OpenDirectories(DirectoryCalls calls, int idleMax) {
    this.calls = calls;
    this.idleMax = idleMax;
  }

  /**
   * A descriptor of {@code node}, held until {@link #release}.
   *
   * @return the descriptor, or a negative error number, which holds nothing
   */
  int acquire(DirectoryNode node) {
    int fd = acquireOpen(node);
    if (fd >= 0) {
      return fd;
    }
    int opened = open(node);
    return opened < 0 ? opened : adopt(node, opened);
  }

  private synchronized int acquireOpen(DirectoryNode node) {
    if (node.fd < 0) {
      return -1;
    }
    if (node.leases++ == 0) {
      idle.remove(node);
    }
    return node.fd;
  }

  private int adopt(DirectoryNode node, int opened) {
    int surplus = -1;
    int result;
    synchronized (this) {
      if (node.fd >= 0) {
        surplus = opened; // another thread was faster
        acquireOpen(node);
      } else {
        node.fd = opened;
        node.leases = 1;
        node.retired = false;
      }
      result = node.fd;
    }
    closeIfOpen(surplus);
    return result;
  }

  void release(DirectoryNode node) {
    int surplus;
    synchronized (this) {
      if (--node.leases > 0) {
        return;
      }
      idle.add(node);
      surplus = node.retired || closed ? evict(node) : evictOverflow();
    }
    closeIfOpen(surplus);
  }

  /** Closes the descriptor as soon as nobody holds it; asking again opens it anew. */
  void retire(DirectoryNode node) {
    int surplus = -1;
    synchronized (this) {
      node.retired = true;
      if (idle.contains(node)) {
        surplus = evict(node);
      }
    }
    closeIfOpen(surplus);
  }

  private int evictOverflow() {
    return idle.size() > idleMax ? evict(idle.getFirst()) : -1;
  }

  private int evict(DirectoryNode node) {
    idle.remove(node);
    int fd = node.fd;
    node.fd = -1;
    return fd;
  }

  private void closeIfOpen(int fd) {
    if (fd >= 0) {
      calls.close(fd);
    }
  }

  private int open(DirectoryNode node) {
    if (isClosed()) {
      return -Errno.EBADF.number();
    }
    int fd = isReachedByItself(node) ? openByItself(node) : reach(node);
    if (fd < 0) {
      return fd;
    }
    int check = Posix.tryIdentify(fd, node.device, node.inode);
    if (check < 0) {
      calls.close(fd);
      return check;
    }
    return fd;
  }

  private static boolean isReachedByItself(DirectoryNode node) {
    return node.parent == null || node.readFrom() != null;
  }

  private int openByItself(DirectoryNode node) {
    byte[] path = node.readFrom() == null ? TOP : node.readFrom();
    return calls.openDirectory(Posix.NO_DIRECTORY, path);
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Opens from the nearest ancestor that is open, in as few calls as the kernel's limit allows. */
  private int reach(DirectoryNode node) {
    ArrayDeque<DirectoryNode> below = new ArrayDeque<>();
    DirectoryNode base = node.parent;
    below.push(node);
    int baseFd = acquireOpen(base);
    while (baseFd < 0 && !isReachedByItself(base)) {
      below.push(base);
      base = base.parent;
      baseFd = acquireOpen(base);
    }
    baseFd = baseFd < 0 ? acquire(base) : baseFd;
    if (baseFd < 0) {
      return baseFd;
    }
    try {
      return descend(baseFd, below);
    } finally {
      release(base);
    }
  }

  private int descend(int baseFd, ArrayDeque<DirectoryNode> below) {
    int fd = baseFd;
    while (!below.isEmpty()) {
      byte[] path = nextPath(below);
      int next = calls.openDirectory(fd, path);
      if (fd != baseFd) {
        calls.close(fd);
      }
      if (next < 0) {
        return next;
      }
      fd = next;
    }
    return fd;
  }

  private static byte[] nextPath(ArrayDeque<DirectoryNode> below) {
    byte[] only = below.pop().name;
    if (below.isEmpty()) {
      return only;
    }
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    path.writeBytes(only);
    while (!below.isEmpty()
        && path.size() + 1 + below.peek().name.length <= RELATIVE_PATH_BYTES_MAX) {
      path.write('/');
      path.writeBytes(below.pop().name);
    }
    return path.toByteArray();
  }

  /** Closes what nobody holds; the rest follows as it is released. */
  @Override
  public void close() {
    List<Integer> descriptors = new ArrayList<>();
    synchronized (this) {
      closed = true;
      while (!idle.isEmpty()) {
        descriptors.add(evict(idle.getFirst()));
      }
    }
    descriptors.forEach(calls::close);
  }
}
