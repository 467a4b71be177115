package io.holdfast.common.testkit;

import io.holdfast.common.seam.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A handle for reading that ends with the power of its disk or the life of its process. */
final class LossyReadableFile implements ReadableFile {
  private final LossyFileSystem mount;
  private final Path path;
  private final DiskNode.File node;
  private final int boot;
  private volatile boolean closed;

  LossyReadableFile(LossyFileSystem mount, Path path, DiskNode.File node) {
    this.mount = mount;
    this.path = path;
    this.node = node;
    this.boot = mount.disk().boots();
  }

  @Override
  public int read(long position, ByteBuffer into) throws IOException {
    checkOpen();
    return mount.perform(FileOperation.READ, path, () -> copy(position, into));
  }

  private int copy(long position, ByteBuffer into) {
    byte[] bytes = node.bytes();
    if (position >= bytes.length) {
      return -1;
    }
    int length = (int) Math.min(into.remaining(), bytes.length - position);
    into.put(bytes, (int) position, length);
    return length;
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return mount.perform(FileOperation.SIZE, path, () -> (long) node.bytes().length);
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
