package io.holdfast.common.seam;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A {@link FileChannel} that outlives the interrupts of its readers: one interrupted thread closes
 * the channel under all others, which then open the file again by its path and go on. Right for
 * files that are never replaced.
 */
final class LocalReadableFile implements ReadableFile {
  private final Path path;
  private FileChannel channel;
  private boolean closed;

  LocalReadableFile(Path path) throws IOException {
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public int read(long position, ByteBuffer into) throws IOException {
    while (true) {
      try {
        FileChannel from = current();
        return Piece.of(into, piece -> from.read(piece, position));
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException closedByAnother) {
        // Another reader was interrupted: current() opens anew, or fails if we were closed.
      }
    }
  }

  @Override
  public long size() throws IOException {
    while (true) {
      try {
        return current().size();
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException closedByAnother) {
        // As in read.
      }
    }
  }

  private synchronized FileChannel current() throws IOException {
    if (closed) {
      throw new IOException("already closed: " + path);
    }
    if (!channel.isOpen()) {
      channel = FileChannel.open(path, StandardOpenOption.READ);
    }
    return channel;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
