package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file of a cluster's log. Its first bytes never change any more; behind them it is zeros to its
 * end, whatever lies there. What can't be read ends the run (WAL_MISSING): a log with a gap is of
 * no use.
 */
final class LogFile implements SourceFile {
  private static final int READ_BYTES = 256 << 10;

  private final Path path;
  private final Metadata metadata;
  private final long sizeBytes;
  private final long validBytes;
  private final RateLimit reading;
  private final MemorySegment staging = Arena.ofAuto().allocate(READ_BYTES, 4_096);
  private PosixFile file;

  LogFile(Path path, Metadata metadata, long sizeBytes, long validBytes, RateLimit reading) {
    this.path = path;
    this.metadata = metadata;
    this.sizeBytes = sizeBytes;
    this.validBytes = validBytes;
    this.reading = reading;
  }

  @Override
  public Stamp stamp() {
    return new Stamp(sizeBytes, metadata.mtimeSeconds(), metadata.mtimeNanos(), 0, 0);
  }

  @Override
  public int read(long position, byte[] into, int at, int length) {
    if (position >= validBytes) {
      return zeros(position, into, at, length);
    }
    int wanted = (int) Math.min(Math.min(length, READ_BYTES), validBytes - position);
    try {
      int count = (int) opened().read(staging.asSlice(0, wanted), position);
      if (count < wanted) {
        throw missing("it ends at byte " + (position + count), null);
      }
      reading.take(count);
      MemorySegment.copy(staging, ValueLayout.JAVA_BYTE, 0, into, at, count);
      return count;
    } catch (PosixException e) {
      throw missing(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "reading a log was ended", e);
    }
  }

  private int zeros(long position, byte[] into, int at, int length) {
    int count = (int) Math.min(length, sizeBytes - position);
    if (count <= 0) {
      return -1;
    }
    Arrays.fill(into, at, at + count, (byte) 0);
    return count;
  }

  private PosixFile opened() throws PosixException {
    if (file == null) {
      byte[] name = Names.of(path.toString());
      int fd = Posix.tryOpenForReading(Posix.NO_DIRECTORY, name, 0);
      if (fd < 0) {
        throw new PosixException(-fd, "open", name);
      }
      file = new PosixFile(fd);
    }
    return file;
  }

  private HoldfastException missing(String why, PosixException cause) {
    return new HoldfastException(
        ErrorCode.WAL_MISSING,
        "the log's file "
            + path
            + " can't be read: "
            + why
            + "; see what removed it, and back up again",
        cause);
  }

  @Override
  public long nextData(long position) {
    return position < validBytes ? position : -1;
  }

  @Override
  public long nextHole(long position) {
    return position < validBytes ? validBytes : position;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
      file = null;
    }
  }
}
