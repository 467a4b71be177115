package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.walk.FileLocator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A file of this host, opened when first asked something. */
final class HostFile implements SourceFile {
  /** Bytes of one read: the copy out of native memory stays in the processor's cache. */
  private static final int READ_BYTES = 256 << 10;

  private static final ThreadLocal<MemorySegment> STAGING =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(READ_BYTES, 4096));

  private final FileLocator locator;
  private PosixFile file;

  HostFile(FileLocator locator) {
    this.locator = locator;
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
      int count = (int) opened().read(staging.asSlice(0, wanted), position);
      MemorySegment.copy(staging, ValueLayout.JAVA_BYTE, 0, into, at, count);
      return count == 0 && length > 0 ? -1 : count;
    } catch (PosixException e) {
      throw HostFailures.content(e);
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
      file = locator.open();
    }
    return file;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
