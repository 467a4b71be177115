package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.nbd.NbdConnection;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.IOException;

/** A disk that another program shows. One thread. */
final class NbdFile implements SourceFile {
  private final NbdConnection disk;
  private final Stamp stamp;
  private final RateLimit reading;

  /** The connection stays its server's. */
  NbdFile(NbdConnection disk, Stamp stamp, RateLimit reading) {
    this.disk = disk;
    this.stamp = stamp;
    this.reading = reading;
  }

  @Override
  public Stamp stamp() {
    return stamp;
  }

  @Override
  public int read(long position, byte[] into, int at, int length) throws SourceFailure {
    if (position >= stamp.sizeBytes()) {
      return -1;
    }
    try {
      int count = (int) Math.min(length, stamp.sizeBytes() - position);
      int read = disk.read(position, into, at, count);
      reading.take(read);
      return read;
    } catch (IOException e) {
      throw unreadable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "reading a disk was ended", e);
    }
  }

  @Override
  public long nextData(long position) throws SourceFailure {
    long at = position;
    while (at < stamp.sizeBytes()) {
      NbdConnection.Stretch stretch = stretch(at);
      if (!stretch.zeros()) {
        return at;
      }
      at = stretch.end();
    }
    return -1;
  }

  @Override
  public long nextHole(long position) throws SourceFailure {
    long at = position;
    while (at < stamp.sizeBytes()) {
      NbdConnection.Stretch stretch = stretch(at);
      if (stretch.zeros()) {
        return at;
      }
      at = stretch.end();
    }
    return stamp.sizeBytes();
  }

  private NbdConnection.Stretch stretch(long position) throws SourceFailure {
    try {
      return disk.stretch(position, stamp.sizeBytes());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static SourceFailure unreadable(IOException e) {
    return new SourceFailure(Gap.of(GapReason.UNREADABLE), "the disk: " + e.getMessage());
  }

  @Override
  public void close() {}
}
