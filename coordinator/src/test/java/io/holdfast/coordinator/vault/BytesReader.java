package io.holdfast.coordinator.vault;

import java.nio.ByteBuffer;

/** Bytes in memory read like an open object. */
record BytesReader(ObjectName name, ByteBuffer content) implements ObjectReader {
  BytesReader(ObjectName name, byte[] content) {
    this(name, ByteBuffer.wrap(content).asReadOnlyBuffer());
  }

  @Override
  public long size() {
    return content.remaining();
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    long end = offset + into.remaining();
    if (end > size()) {
      throw VaultErrors.endsEarly(name, size(), end);
    }
    into.put(content.slice((int) offset, into.remaining()));
  }

  @Override
  public void close() {}
}
