package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceFile;
import io.holdfast.common.entry.Metadata;

/** Content in memory. */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record MadeFile(byte[] bytes, Metadata metadata) implements SourceFile {
  @Override
  public Stamp stamp() {
    return new Stamp(bytes.length, metadata.mtimeSeconds(), metadata.mtimeNanos(), 0, 0);
  }

  @Override
  public int read(long position, byte[] into, int at, int length) {
    int count = (int) Math.min(length, bytes.length - position);
    if (count <= 0) {
      return -1;
    }
    System.arraycopy(bytes, (int) position, into, at, count);
    return count;
  }

  @Override
  public long nextData(long position) {
    return position < bytes.length ? position : -1;
  }

  @Override
  public long nextHole(long position) {
    return bytes.length;
  }

  @Override
  public void close() {
    // Memory is the collector's.
  }
}
