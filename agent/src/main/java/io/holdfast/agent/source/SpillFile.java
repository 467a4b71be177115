package io.holdfast.agent.source;

import io.holdfast.agent.backup.Spill;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file without a name in the agent's scratch directory. */
public final class SpillFile implements Spill {
  private final Path scratch;
  private final FileChannel file;
  private long end;

  private SpillFile(Path scratch, FileChannel file) {
    this.scratch = scratch;
    this.file = file;
  }

  /** Makes one in {@code scratch}. IO if that can't be done. */
  public static SpillFile open(Path scratch) {
    try {
      Path path = Files.createTempFile(scratch, "spill", ".tmp");
      FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Files.delete(path);
      return new SpillFile(scratch, file);
    } catch (IOException e) {
      throw failed(scratch, e);
    }
  }

  @Override
  public void append(byte[] bytes, int length) {
    ByteBuffer from = ByteBuffer.wrap(bytes, 0, length);
    try {
      while (from.hasRemaining()) {
        end += file.write(from, end);
      }
    } catch (IOException e) {
      throw failed(scratch, e);
    }
  }

  @Override
  public void read(long position, byte[] into, int length) {
    ByteBuffer to = ByteBuffer.wrap(into, 0, length);
    try {
      while (to.hasRemaining()) {
        if (file.read(to, position + to.position()) < 0) {
          throw new EOFException("it is shorter than what was written to it");
        }
      }
    } catch (IOException e) {
      throw failed(scratch, e);
    }
  }

  private static HoldfastException failed(Path scratch, IOException e) {
    boolean full = String.valueOf(e.getMessage()).contains("No space left");
    return new HoldfastException(
        full ? ErrorCode.DISK_FULL : ErrorCode.IO,
        "a scratch file in "
            + scratch
            + " failed: "
            + e.getMessage()
            + "; free space there or move the agent's data_dir",
        e);
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw failed(scratch, e);
    }
  }
}
