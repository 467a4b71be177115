package io.holdfast.agent.walk;

import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.StatBuffer;
import java.lang.foreign.MemorySegment;

/**
 * The walk's view of the kernel, as a parameter so that tests can make it lie. Semantics, error
 * numbers and threads are those of {@link Posix}.
 */
interface DirectoryCalls {
  /** The kernel itself. */
  DirectoryCalls KERNEL = new DirectoryCalls() {};

  default int openDirectory(int dirFd, byte[] name) {
    return Posix.tryOpenDirectory(dirFd, name);
  }

  default int readDirectory(int fd, MemorySegment out) {
    return Posix.tryReadDirectory(fd, out);
  }

  default int stat(int dirFd, byte[] bytes, int from, int length, StatBuffer out) {
    return Posix.tryStatAt(dirFd, bytes, from, length, out);
  }

  default byte[] readLink(int dirFd, byte[] name) throws PosixException {
    return Posix.readLinkAt(dirFd, name);
  }

  default long fileSystemType(int fd) throws PosixException {
    return Posix.fileSystemType(fd);
  }

  default void close(int fd) {
    Posix.close(fd);
  }
}
