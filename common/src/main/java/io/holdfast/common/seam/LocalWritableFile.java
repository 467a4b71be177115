package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** A {@link FileChannel} that writes everything it is given and remembers how far it came. */
final class LocalWritableFile implements WritableFile {
  private final Path path;
  private final FileChannel channel;
  private long end;

  LocalWritableFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public void append(ByteBuffer... buffers) throws IOException {
    LocalErrors.run(path, () -> appendAll(buffers));
  }

  private Void appendAll(ByteBuffer... buffers) throws IOException {
    long left = Arrays.stream(buffers).mapToLong(ByteBuffer::remaining).sum();
    if (left > Piece.BYTES) {
      for (ByteBuffer buffer : buffers) {
        writeAll(end, buffer);
      }
      return null;
    }
    channel.position(end);
    while (left > 0) {
      long written = channel.write(buffers);
      left -= written;
      end += written;
    }
    return null;
  }

  @Override
  public void write(long position, ByteBuffer buffer) throws IOException {
    LocalErrors.run(path, () -> writeAll(position, buffer));
  }

  private Void writeAll(long position, ByteBuffer buffer) throws IOException {
    long at = position;
    while (buffer.hasRemaining()) {
      long here = at;
      at += Piece.of(buffer, piece -> channel.write(piece, here));
    }
    end = Math.max(end, at);
    return null;
  }

  @Override
  public long size() {
    return end;
  }

  @Override
  public void sync() throws IOException {
    LocalErrors.run(
        path,
        () -> {
          channel.force(true);
          return null;
        });
  }

  @Override
  public void leaveCache() {
    CacheAdvice.dontNeed(path);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
