package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;

/**
 * A block device: it has a size that {@code stat} doesn't tell, no times of its content, and tells
 * of no holes.
 */
record DeviceFile(SourceFile file, SourceFile.Stamp stamp) implements SourceFile {
  @Override
  public int read(long position, byte[] into, int at, int length) throws SourceFailure {
    return file.read(position, into, at, length);
  }

  @Override
  public long nextData(long position) {
    return position < stamp.sizeBytes() ? position : -1;
  }

  @Override
  public long nextHole(long position) {
    return stamp.sizeBytes();
  }

  @Override
  public void close() {
    file.close();
  }
}
