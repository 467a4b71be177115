package io.holdfast.agent.testkit;

import io.holdfast.agent.posix.Errno;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Nodes;
import io.holdfast.agent.posix.OpenFlags;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import java.nio.file.Path;
import java.util.List;

/** Large trees of empty files, for measurements and for tests at the bounds. */
public final class TreeGenerator {
  private TreeGenerator() {}

  /**
   * {@code groups} directories of {@code directoriesEach} directories of {@code filesEach} files
   * with names as in a source tree.
   */
  public static void nested(Path target, int groups, int directoriesEach, int filesEach)
      throws PosixException {
    int top = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(target.toString()));
    for (int g = 0; g < groups; g++) {
      int group = makeDirectory(top, "group-" + g);
      for (int d = 0; d < directoriesEach; d++) {
        int directory = makeDirectory(group, "module" + d * 31);
        files(directory, filesEach);
        Posix.close(directory);
      }
      Posix.close(group);
    }
    Posix.close(top);
  }

  /** {@code count} files in one directory, made in an order far from sorted. */
  public static void flat(Path target, int count) throws PosixException {
    int fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(target.toString()));
    for (int i = 0; i < count; i++) {
      makeFile(fd, "f" + Integer.toHexString(i * 0x9E3779B1));
    }
    Posix.close(fd);
  }

  /** A chain of {@code levels} directories, each with a file before and one behind the next. */
  public static void deep(Path target, int levels, String name) throws PosixException {
    int fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(target.toString()));
    for (int i = 0; i < levels; i++) {
      makeFile(fd, "A");
      makeFile(fd, "~");
      int next = makeDirectory(fd, name);
      Posix.close(fd);
      fd = next;
    }
    Posix.close(fd);
  }

  /** Removes a chain that is too deep for the JDK's walkers, by pulling it up level by level. */
  public static void removeDeep(Path target, String name) throws PosixException {
    int fd = Posix.openDirectory(Posix.NO_DIRECTORY, Names.of(target.toString()));
    byte[] child = Names.of(name);
    byte[] aside = Names.of("aside");
    boolean more = true;
    while (more) {
      int below = Posix.openDirectory(fd, child);
      more = moveIfPresent(below, child, fd, aside);
      removeFiles(below);
      Posix.close(below);
      Nodes.removeDirectory(fd, child);
      if (more) {
        Nodes.rename(fd, aside, fd, child);
      }
    }
    Posix.close(fd);
  }

  private static boolean moveIfPresent(int fromFd, byte[] from, int toFd, byte[] to)
      throws PosixException {
    try {
      Nodes.rename(fromFd, from, toFd, to);
      return true;
    } catch (PosixException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      return false;
    }
  }

  private static void removeFiles(int fd) throws PosixException {
    for (String name : List.of("A", "~")) {
      try {
        Nodes.removeFile(fd, Names.of(name));
      } catch (PosixException e) {
        if (e.errno() != Errno.ENOENT) {
          throw e;
        }
      }
    }
  }

  private static int makeDirectory(int fd, String name) throws PosixException {
    Nodes.makeDirectory(fd, Names.of(name), 0755);
    return Posix.openDirectory(fd, Names.of(name));
  }

  private static void files(int fd, int count) throws PosixException {
    for (int i = 0; i < count; i++) {
      makeFile(fd, "Component" + (count - i) * 17 + ".java");
    }
  }

  private static void makeFile(int fd, String name) throws PosixException {
    int flags = OpenFlags.CREATE | OpenFlags.WRITE_ONLY;
    Posix.close(Posix.openAt(fd, Names.of(name), flags, 0644));
  }
}
