package io.holdfast.common.testkit;

import io.holdfast.common.seam.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;

/** A handle that ends with the power of its disk or the life of its process. */
final class LossyWritableFile implements WritableFile {
  private final LossyFileSystem mount;
  private final Path path;
  private final DiskNode.File node;
  private final int boot;
  private long end;
  private boolean closed;

  LossyWritableFile(LossyFileSystem mount, Path path, DiskNode.File node) {
    this.mount = mount;
    this.path = path;
    this.node = node;
    this.boot = mount.disk().boots();
  }

  @Override
  public void append(ByteBuffer... buffers) throws IOException {
    for (ByteBuffer buffer : buffers) {
      write(end, buffer);
    }
  }

  @Override
  public void write(long position, ByteBuffer buffer) throws IOException {
    checkOpen();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    mount.perform(FileOperation.WRITE, path, new Write(position, bytes));
    end = Math.max(end, position + bytes.length);
  }

  private final class Write implements LossyDisk.Action<Void> {
    private final long position;
    private final byte[] bytes;

    Write(long position, byte[] bytes) {
      this.position = position;
      this.bytes = bytes;
    }

    @Override
    public Void run() throws IOException {
      long growth = Math.max(0, position + bytes.length - node.bytes().length);
      long missing = growth - mount.disk().room(growth);
      node.write(position, Arrays.copyOf(bytes, (int) Math.max(0, bytes.length - missing)));
      if (missing > 0) {
        throw LossyDisk.full(path);
      }
      return null;
    }

    @Override
    public void fail() {
      node.write(position, Arrays.copyOf(bytes, mount.disk().tornLength(bytes.length)));
    }
  }

  @Override
  public long size() {
    return end;
  }

  @Override
  public void sync() throws IOException {
    checkOpen();
    mount.perform(FileOperation.SYNC_FILE, path, new LossyFileSystem.Sync(() -> node));
  }

  private void checkOpen() throws IOException {
    if (closed || boot != mount.disk().boots()) {
      throw new FileSystemException(path.toString(), null, "Stale file handle");
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
