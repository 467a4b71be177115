package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.FileLocator;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A file of this host, opened when first asked something. */
final class HostFile implements SourceFile {
  /** Bytes of one read: the copy out of native memory stays in the processor's cache. */
  private static final int READ_BYTES = 256 << 10;

  private static final ThreadLocal<MemorySegment> STAGING =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(READ_BYTES, 4096));

  private final Opening opening;
  private final long sizeBytes;
  private final RateLimit reading;
  private PosixFile file;
  private CacheSparing sparing;

  /** Opens the file, in whatever way it is known. */
  @FunctionalInterface
  interface Opening {
    PosixFile open() throws PosixException;
  }

  HostFile(FileLocator locator, RateLimit reading) {
    this(locator::open, locator.seen().sizeBytes(), reading);
  }

  /** A file or device of about {@code sizeBytes}. */
  HostFile(Opening opening, long sizeBytes, RateLimit reading) {
    this.opening = opening;
    this.sizeBytes = sizeBytes;
    this.reading = reading;
  }

  @Override
  public Stamp stamp() throws SourceFailure {
    try {
      FileStat stat = opened().stat();
      return new Stamp(
          stat.sizeBytes(),
          stat.modifySeconds(),
          stat.modifyNanos(),
          stat.changeSeconds(),
          stat.changeNanos());
    } catch (PosixException e) {
      throw HostFailures.content(e);
    }
  }

  @Override
  public int read(long position, byte[] into, int at, int length) throws SourceFailure {
    MemorySegment staging = STAGING.get();
    int wanted = Math.min(length, READ_BYTES);
    try {
      PosixFile open = opened();
      if (sparing != null) {
        sparing.reading(position);
      }
      int count = (int) open.read(staging.asSlice(0, wanted), position);
      pay(count);
      MemorySegment.copy(staging, ValueLayout.JAVA_BYTE, 0, into, at, count);
      return count == 0 && length > 0 ? -1 : count;
    } catch (PosixException e) {
      throw HostFailures.content(e);
    }
  }

  private void pay(int bytes) {
    try {
      reading.take(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "reading a file was ended", e);
    }
  }

  @Override
  public long nextData(long position) throws SourceFailure {
    try {
      return opened().nextData(position);
    } catch (PosixException e) {
      throw HostFailures.content(e);
    }
  }

  @Override
  public long nextHole(long position) throws SourceFailure {
    try {
      return opened().nextHole(position);
    } catch (PosixException e) {
      throw HostFailures.content(e);
    }
  }

  private PosixFile opened() throws PosixException {
    if (file == null) {
      file = opening.open();
      if (sizeBytes >= CacheSparing.FILE_BYTES_MIN) {
        sparing = new CacheSparing(file, sizeBytes);
      }
    }
    return file;
  }

  @Override
  public void close() {
    if (sparing != null) {
      sparing.close();
    }
    if (file != null) {
      file.close();
    }
  }
}
