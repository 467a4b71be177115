package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.StatBuffer;
import io.holdfast.agent.testkit.FileTree;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A kernel that fails where it is told to and counts descriptors; otherwise the real one. */
final class HostileCalls implements DirectoryCalls {
  private final Map<String, Errno> openErrors = new HashMap<>();
  private final Map<String, Errno> statErrors = new HashMap<>();
  private final Map<String, Runnable> beforeOpen = new ConcurrentHashMap<>();
  private final Map<String, Errno> readErrors = new HashMap<>();
  private final Map<Integer, String> nameOfFd = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger openPeak = new AtomicInteger();

  HostileCalls failOpen(String name, Errno errno) {
    openErrors.put(name, errno);
    return this;
  }

  HostileCalls failStat(String name, Errno errno) {
    statErrors.put(name, errno);
    return this;
  }

  /** Fails the listing of a directory after its first buffer. */
  HostileCalls failRead(String name, Errno errno) {
    readErrors.put(name, errno);
    return this;
  }

  HostileCalls beforeOpen(String name, Runnable action) {
    beforeOpen.put(name, action);
    return this;
  }

  int openPeak() {
    return openPeak.get();
  }

  int openNow() {
    return open.get();
  }

  @Override
  public int openDirectory(int dirFd, byte[] name) {
    String key = FileTree.string(name);
    Runnable action = beforeOpen.remove(key);
    if (action != null) {
      action.run();
    }
    if (openErrors.containsKey(key)) {
      return -openErrors.get(key).number();
    }
    int fd = DirectoryCalls.super.openDirectory(dirFd, name);
    if (fd >= 0) {
      nameOfFd.put(fd, key);
      openPeak.accumulateAndGet(open.incrementAndGet(), Math::max);
    }
    return fd;
  }

  @Override
  public int readDirectory(int fd, MemorySegment out) {
    int bytes = DirectoryCalls.super.readDirectory(fd, out);
    Errno error = readErrors.get(nameOfFd.get(fd));
    return bytes == 0 && error != null ? -error.number() : bytes;
  }

  @Override
  public int stat(int dirFd, byte[] bytes, int from, int length, StatBuffer out) {
    Errno error = statErrors.get(Names.display(Arrays.copyOfRange(bytes, from, from + length)));
    return error != null
        ? -error.number()
        : DirectoryCalls.super.stat(dirFd, bytes, from, length, out);
  }

  @Override
  public void close(int fd) {
    nameOfFd.remove(fd);
    open.decrementAndGet();
    DirectoryCalls.super.close(fd);
  }
}
