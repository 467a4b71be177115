package io.holdfast.agent.walk;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The Cache Directory Tagging Specification: a file of this name that begins with a signature. */
final class CacheTag {
  static final byte[] NAME = Names.of("CACHEDIR.TAG");

  private static final byte[] SIGNATURE = Names.of("Signature: 8a477f597d28d172789f06886806bc55");

  private CacheTag() {}

  /** Whether the open directory has a valid tag; a tag that can't be read isn't one. */
  static boolean marks(int dirFd) {
    int fd = Posix.tryOpenForReading(dirFd, NAME, 0);
    if (fd < 0) {
      return false;
    }
    try (PosixFile file = new PosixFile(fd);
        Arena arena = Arena.ofConfined()) {
      return file.stat().kind() == FileKind.FILE && isSigned(file, arena);
    } catch (PosixException e) {
      return false;
    }
  }

  private static boolean isSigned(PosixFile file, Arena arena) throws PosixException {
    MemorySegment head = arena.allocate(SIGNATURE.length);
    return file.read(head, 0) == SIGNATURE.length
        && head.mismatch(MemorySegment.ofArray(SIGNATURE)) < 0;
  }
}
