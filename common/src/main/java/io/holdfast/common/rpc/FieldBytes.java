package io.holdfast.common.rpc;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The bytes of a message's field where they lie. */
public final class FieldBytes {
  private FieldBytes() {}

  /**
   * The bytes of {@code field}, from position to limit of a buffer that has an array; nothing may
   * be written there. A copy only where the field isn't one piece of an array.
   */
  public static ByteBuffer of(ByteString field) {
    Pieces pieces = new Pieces();
    try {
      UnsafeByteOperations.unsafeWriteTo(field, pieces);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written", e);
    }
    return pieces.last.remaining() == field.size()
        ? pieces.last
        : ByteBuffer.wrap(field.toByteArray());
  }

  /** Keeps the last piece that may be kept. */
  private static final class Pieces extends ByteOutput {
    private ByteBuffer last = ByteBuffer.allocate(0);

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      last = ByteBuffer.wrap(value, offset, length);
    }

    @Override
    public void write(byte value) {}

    @Override
    public void write(byte[] value, int offset, int length) {}

    @Override
    public void write(ByteBuffer value) {}

    @Override
    public void writeLazy(ByteBuffer value) {}
  }
}
