package io.holdfast.agent.backup;

import java.io.ByteArrayOutputStream;

/** Room in memory. */
final class MemorySpill implements Spill {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean closed;

  @Override
  public void append(byte[] from, int length) {
    bytes.write(from, 0, length);
  }

  @Override
  public void read(long position, byte[] into, int length) {
    System.arraycopy(bytes.toByteArray(), (int) position, into, 0, length);
  }

  @Override
  public void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }
}
