package io.holdfast.common.seam;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What Java's channels can't tell the kernel of a file in its page cache. Any thread. */
@SuppressWarnings("restricted") // three functions of the C library
final class CacheAdvice {
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final long WHOLE = 0;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      bind("open", new Linker.Option[] {Linker.Option.firstVariadicArg(2)}, ADDRESS, JAVA_INT);
  private static final MethodHandle ADVISE =
      bind("posix_fadvise", new Linker.Option[0], JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CLOSE = bind("close", new Linker.Option[0], JAVA_INT);

  private CacheAdvice() {}

  private static MethodHandle bind(
      String symbol, Linker.Option[] options, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(symbol),
        FunctionDescriptor.of(JAVA_INT, arguments),
        options);
  }

  /**
   * Gives up what is cached of {@code file}; what isn't on the disk yet stays. A file that can't be
   * opened, or a file system that takes no advice, leaves everything as it is.
   */
  static void dontNeed(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY_CLOEXEC);
      if (fd >= 0) {
        int _ = (int) ADVISE.invokeExact(fd, WHOLE, WHOLE, POSIX_FADV_DONTNEED);
        int _ = (int) CLOSE.invokeExact(fd);
      }
    } catch (Throwable e) {
      throw new LinkageError("a call into the C library could not be made", e);
    }
  }
}
