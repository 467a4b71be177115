package io.holdfast.agent.tree;

import io.holdfast.agent.posix.BeneathOpen;
import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.common.entry.Octets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Descriptors of directories below the target.
 *
 * <ul>
 *   <li>I1 Every descriptor was reached from the target's by plain names, each opened without
 *       following a link, so it is in the target (or was when it was opened; a directory that
 *       somebody moves away later takes its writer with it, but nothing planted in its place does).
 *   <li>I2 A descriptor is closed only while nobody holds it.
 *   <li>I3 At most {@code idleMax} are open that nobody holds.
 * </ul>
 *
 * <p>Any thread; system calls are made outside the lock.
 */
final class TargetDirectories implements AutoCloseable {
  /** Open to nobody else until the restore says otherwise. */
  private static final int MODE_WHILE_WRITTEN = 0700;

  private static final int FLAGS = OpenFlags.READ_ONLY | OpenFlags.DIRECTORY | OpenFlags.NO_FOLLOW;

  /** How often to start over when somebody else changes the same component meanwhile. */
  private static final int ATTEMPTS_MAX = 4;

  private final int targetFd;
  private final boolean replaceOtherKinds;
  private final int idleMax;
  private final Map<Octets, Held> open = new LinkedHashMap<>();
  private int idle;

  TargetDirectories(int targetFd, boolean replaceOtherKinds, int idleMax) {
    this.targetFd = targetFd;
    this.replaceOtherKinds = replaceOtherKinds;
    this.idleMax = idleMax;
  }

  /** A directory in use; closing it gives it back. */
  final class Held implements AutoCloseable {
    private final Octets path;
    private final int fd;
    private int holders;
    private boolean forgotten;

    private Held(Octets path, int fd) {
      this.path = path;
      this.fd = fd;
    }

    int fd() {
      return fd;
    }

    @Override
    public void close() {
      giveBack(this);
    }
  }

  /** The directory an entry is in; missing ones are made. */
  Held parentOf(SafePath path) throws EntryFailure {
    return acquire(path.parent(), true);
  }

  /** The directory at {@code path}, which is made if it is missing. */
  Held make(SafePath path) throws EntryFailure {
    return acquire(path.bytes(), true);
  }

  /** The directory at {@code path} if it is there. */
  Held find(byte[] path) throws EntryFailure {
    return acquire(path, false);
  }

  private Held acquire(byte[] path, boolean make) throws EntryFailure {
    Held held = acquireOpen(Octets.of(path));
    if (held != null) {
      return held;
    }
    return adopt(path, open(path, make));
  }

  private synchronized Held acquireOpen(Octets path) {
    Held held = open.remove(path);
    if (held == null) {
      return null;
    }
    open.put(path, held); // the latest used is the last to go
    idle -= held.holders++ == 0 ? 1 : 0;
    return held;
  }

  private Held adopt(byte[] path, int fd) {
    Octets key = Octets.of(path);
    Held held;
    int surplus;
    synchronized (this) {
      held = acquireOpen(key);
      surplus = held == null ? -1 : fd; // another thread was faster
      if (held == null) {
        held = new Held(key, fd);
        held.holders = 1;
        open.put(key, held);
      }
    }
    closeIfOpen(surplus);
    return held;
  }

  private void giveBack(Held held) {
    int surplus;
    synchronized (this) {
      if (--held.holders > 0) {
        return;
      }
      idle += held.forgotten ? 0 : 1;
      surplus = held.forgotten ? held.fd : evictOverflow();
    }
    closeIfOpen(surplus);
  }

  private int evictOverflow() {
    if (idle <= idleMax) {
      return -1;
    }
    for (Held candidate : open.values()) {
      if (candidate.holders == 0) {
        open.remove(candidate.path);
        idle--;
        return candidate.fd;
      }
    }
    return -1;
  }

  private void closeIfOpen(int fd) {
    if (fd >= 0) {
      Posix.close(fd);
    }
  }

  /** Opens without taking it into the table; the caller owns the descriptor. */
  private int open(byte[] path, boolean make) throws EntryFailure {
    if (path.length == 0) {
      return reopenTarget();
    }
    int fd = BeneathOpen.tryOpenDirectory(targetFd, path);
    return fd >= 0 ? fd : openStepByStep(path, make);
  }

  private int reopenTarget() throws EntryFailure {
    int fd = Posix.tryOpenAt(targetFd, new byte[] {'.'}, FLAGS, 0);
    if (fd < 0) {
      throw new EntryFailure(DifferenceReason.NOT_WRITTEN, -fd);
    }
    return fd;
  }

  /** From the nearest ancestor that is open, one component at a time. */
  private int openStepByStep(byte[] path, boolean make) throws EntryFailure {
    int at = path.length;
    Held base = null;
    while (base == null && at > 0) {
      at = parentEnd(path, at);
      base = acquireOpen(Octets.of(Arrays.copyOf(path, at)));
    }
    int fd = base == null ? reopenTarget() : base.fd();
    int owned = base == null ? fd : -1;
    try {
      while (at < path.length) {
        int from = at == 0 ? 0 : at + 1;
        at = componentEnd(path, from);
        int next = openComponent(fd, Arrays.copyOfRange(path, from, at), make);
        closeIfOpen(owned);
        owned = next;
        fd = next;
      }
      owned = -1;
      return fd;
    } finally {
      closeIfOpen(owned);
      if (base != null) {
        base.close();
      }
    }
  }

  private static int parentEnd(byte[] path, int end) {
    int at = end - 1;
    while (at > 0 && path[at] != '/') {
      at--;
    }
    return at;
  }

  private static int componentEnd(byte[] path, int from) {
    int at = from;
    while (at < path.length && path[at] != '/') {
      at++;
    }
    return at;
  }

  private int openComponent(int dirFd, byte[] name, boolean make) throws EntryFailure {
    int fd = Posix.tryOpenAt(dirFd, name, FLAGS, 0);
    for (int attempt = 0; fd < 0 && make && attempt < ATTEMPTS_MAX; attempt++) {
      if (Errno.ENOENT.is(fd)) {
        makeDirectory(dirFd, name);
      } else if (isOtherKind(fd) && replaceOtherKinds) {
        removeOtherKind(dirFd, name);
      } else {
        break;
      }
      fd = Posix.tryOpenAt(dirFd, name, FLAGS, 0);
    }
    if (fd < 0) {
      throw failure(fd);
    }
    return fd;
  }

  private static boolean isOtherKind(int result) {
    return Errno.ENOTDIR.is(result) || Errno.ELOOP.is(result);
  }

  private static EntryFailure failure(int result) {
    DifferenceReason reason =
        isOtherKind(result)
            ? DifferenceReason.PARENT_NOT_A_DIRECTORY
            : DifferenceReason.NOT_WRITTEN;
    return new EntryFailure(reason, -result);
  }

  private static void makeDirectory(int dirFd, byte[] name) throws EntryFailure {
    try {
      Nodes.makeDirectory(dirFd, name, MODE_WHILE_WRITTEN);
    } catch (PosixException e) {
      if (e.errno() != Errno.EEXIST) {
        throw EntryFailure.notWritten(e);
      }
    }
  }

  /** Removes a link or file, never what it points at; a directory isn't removed by this call. */
  private static void removeOtherKind(int dirFd, byte[] name) throws EntryFailure {
    try {
      Nodes.removeFile(dirFd, name);
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.EISDIR) {
        throw EntryFailure.notWritten(e);
      }
    }
  }

  /** A directory was removed to make way: its path must be opened anew. */
  void forget(byte[] path) {
    int surplus = -1;
    synchronized (this) {
      Held held = open.remove(Octets.of(path));
      if (held != null) {
        held.forgotten = true;
        idle -= held.holders == 0 ? 1 : 0;
        surplus = held.holders == 0 ? held.fd : -1;
      }
    }
    closeIfOpen(surplus);
  }

  @Override
  public void close() {
    synchronized (this) {
      open.values().forEach(held -> Posix.close(held.fd));
      open.clear();
    }
  }
}
