package io.holdfast.agent.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file, read and written at offsets. Positioned calls may come from several threads; {@link
 * #close} must come after the last of them, and is safe to repeat.
 */
public final class PosixFile implements AutoCloseable {
  /** Answer of {@link #nextData} when only a hole is left. */
  public static final long NO_MORE_DATA = -1;

  private static final long ZERO_OUT = 0x127f;
  private static final long ZERO_BYTES = 64 << 20;
  private static final long WRITE_BYTES = 1 << 20;
  private static final int SEEK_END = 2;
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;
  private static final int FADV_SEQUENTIAL = 2;
  private static final int FADV_DONTNEED = 4;
  private static final int SYNC_FILE_RANGE_WRITE = 2;
  private static final long WHOLE = 0;
  private static final long DONTCACHE = 0x80; // RWF_DONTCACHE
  private static final int PROT_NONE = 0;
  private static final int MAP_SHARED = 1;

  private final int fd;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Until the kernel says that it can't. */
  private volatile boolean passing = true;

  /** Takes over {@code fd}. */
  public PosixFile(int fd) {
    this.fd = fd;
  }

  /** For calls this class doesn't have; stays owned by it. */
  public int fd() {
    return fd;
  }

  /** What is open, as it is now; compare with an earlier answer to notice a change. */
  public FileStat stat() throws PosixException {
    return Posix.stat(fd);
  }

  /**
   * Reads up to the size of {@code target} from {@code offset}.
   *
   * @return bytes read: fewer than asked for only at the end of the file, 0 behind it
   */
  public long read(MemorySegment target, long offset) throws PosixException {
    MemorySegment state = CallMemory.get().state;
    long done = 0;
    while (done < target.byteSize()) {
      long wanted = target.byteSize() - done;
      long step = LibC.pread(state, fd, target.asSlice(done), wanted, offset + done);
      if (step == 0) {
        break;
      }
      done += Errno.EINTR.is((int) step) ? 0 : Posix.checked(step, "pread", null);
    }
    return done;
  }

  /** Writes all of {@code source} at {@code offset}. */
  public void write(MemorySegment source, long offset) throws PosixException {
    MemorySegment state = CallMemory.get().state;
    long done = 0;
    while (done < source.byteSize()) {
      long wanted = source.byteSize() - done;
      long step = LibC.pwrite(state, fd, source.asSlice(done), wanted, offset + done);
      done += Errno.EINTR.is((int) step) ? 0 : Posix.checked(step, "pwrite", null);
    }
  }

  /**
   * As {@link #write}, but the bytes start for the disk at once and leave the page cache when they
   * are there: what the host has in its cache stays, and the same few pages serve the whole file.
   *
   * @return false where the kernel or the file system can't (before Linux 6.14, RWF_DONTCACHE): the
   *     bytes are in the cache then, as by {@link #write}
   */
  public boolean writePassing(MemorySegment source, long offset) throws PosixException {
    CallMemory memory = CallMemory.get();
    long done = 0;
    while (done < source.byteSize() && passing) {
      memory.small.set(ValueLayout.ADDRESS, 0, source.asSlice(done));
      memory.small.set(ValueLayout.JAVA_LONG, 8, source.byteSize() - done);
      int step =
          (int)
              LibC.pwritev2(
                  memory.state, Abi.CURRENT.pwritev2, fd, memory.small, offset + done, DONTCACHE);
      if (Errno.ENOTSUP.is(step) || Errno.ENOSYS.is(step)) {
        passing = false;
      } else {
        done += Errno.EINTR.is(step) ? 0 : Posix.checked(step, "pwritev2", null);
      }
    }
    write(source.asSlice(done), offset + done);
    return passing;
  }

  /**
   * Makes {@code sizeBytes} of a block device zeros, from {@code offset} on: by the device itself
   * where it can, else by writing them.
   */
  public void zero(long offset, long sizeBytes) throws PosixException {
    long end = offset + sizeBytes;
    for (long at = offset; at < end; at += ZERO_BYTES) {
      long count = Math.min(ZERO_BYTES, end - at);
      CallMemory memory = CallMemory.get();
      memory.small.set(ValueLayout.JAVA_LONG, 0, at);
      memory.small.set(ValueLayout.JAVA_LONG, 8, count);
      if (LibC.deviceControl(memory.state, fd, ZERO_OUT, memory.small) < 0) {
        writeZeros(at, count);
      }
    }
  }

  private void writeZeros(long offset, long sizeBytes) throws PosixException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment zeros = arena.allocate(Math.min(sizeBytes, WRITE_BYTES), 4096);
      for (long done = 0; done < sizeBytes; done += zeros.byteSize()) {
        long count = Math.min(zeros.byteSize(), sizeBytes - done);
        write(zeros.asSlice(0, count), offset + done);
      }
    }
  }

  /**
   * Lets the kernel begin to write what it holds of this file to the disk. Nothing is durable by
   * it, and its failure means nothing: a head start for the sync that follows, which alone tells.
   * Waits for no write, but for room in the disk's queue.
   */
  public void startWriteBack() {
    var _ = LibC.syncRange(CallMemory.get().state, fd, 0, WHOLE, SYNC_FILE_RANGE_WRITE);
  }

  /** Sets the size; what it adds is a hole. */
  public void truncate(long sizeBytes) throws PosixException {
    Posix.checked(LibC.truncate(CallMemory.get().state, fd, sizeBytes), "ftruncate", null);
  }

  /**
   * Reserves space for {@code [offset, offset + sizeBytes)} and extends the file to it.
   *
   * @return false if the file system can't, which costs nothing but the reservation
   */
  public boolean allocate(long offset, long sizeBytes) throws PosixException {
    int result;
    do {
      result = LibC.allocate(CallMemory.get().state, fd, 0, offset, sizeBytes);
    } while (Errno.EINTR.is(result));
    if (Errno.ENOTSUP.is(result) || Errno.ENOSYS.is(result)) {
      return false;
    }
    Posix.checked(result, "fallocate", null);
    return true;
  }

  /**
   * The first offset at or behind {@code offset} that holds data, {@link #NO_MORE_DATA} if none. A
   * file system without holes answers {@code offset} itself.
   */
  public long nextData(long offset) throws PosixException {
    long found = LibC.seek(CallMemory.get().state, fd, offset, SEEK_DATA);
    if (found == -Errno.ENXIO.number()) {
      return NO_MORE_DATA;
    }
    return found == -Errno.EINVAL.number() ? offset : Posix.checked(found, "lseek", null);
  }

  /** The first offset at or behind {@code offset}, which holds data, where a hole or the end is. */
  public long nextHole(long offset) throws PosixException {
    long found = LibC.seek(CallMemory.get().state, fd, offset, SEEK_HOLE);
    if (found == -Errno.ENXIO.number() || found == -Errno.EINVAL.number()) {
      return stat().sizeBytes();
    }
    return Posix.checked(found, "lseek", null);
  }

  /** Where it ends: the size of a device too, of which {@link #stat} says nothing. */
  public long end() throws PosixException {
    return Posix.checked(LibC.seek(CallMemory.get().state, fd, 0, SEEK_END), "lseek", null);
  }

  /** Asks for a larger read-ahead. Advice only: failures don't matter. */
  public void adviseSequential() {
    LibC.advise(fd, 0, 0, FADV_SEQUENTIAL);
  }

  /** Lets the page cache drop a range, so that a backup doesn't push out what the host works on. */
  public void adviseDontNeed(long offset, long sizeBytes) {
    LibC.advise(fd, offset, sizeBytes, FADV_DONTNEED);
  }

  /** Bytes of a page of the kernel's cache. */
  public static int cachePageBytes() {
    return CachePage.BYTES;
  }

  /**
   * Tells which pages from {@code offset}, a multiple of {@link #cachePageBytes}, lie in the page
   * cache: one byte of {@code into} each, its lowest bit set for those that do. Nothing is read.
   *
   * @return false if the kernel doesn't say
   */
  public boolean tellCached(long offset, byte[] into) {
    CallMemory memory = CallMemory.get();
    long size = (long) into.length * CachePage.BYTES;
    long address = LibC.map(memory.state, size, PROT_NONE, MAP_SHARED, fd, offset);
    if (address < 0) {
      return false;
    }
    MemorySegment pages = memory.pathResult().asSlice(0, into.length);
    boolean told = LibC.resident(memory.state, address, size, pages) >= 0;
    LibC.unmap(memory.state, address, size);
    MemorySegment.copy(pages, ValueLayout.JAVA_BYTE, 0, into, 0, into.length);
    return told;
  }

  private static final class CachePage {
    static final int BYTES = LibC.pageSize();
  }

  /** Makes content and metadata durable; a failure is final for this file. */
  public void sync() throws PosixException {
    Posix.checked(LibC.sync(CallMemory.get().state, fd), "fsync", null);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Posix.close(fd);
    }
  }
}
