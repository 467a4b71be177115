package io.holdfast.coordinator.vault;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** An open file of a {@link DirectoryVault}. */
final class DirectoryObjectReader implements ObjectReader {
  private final ObjectName name;
  private final ReadableFile file;
  private final long size;

  private DirectoryObjectReader(ObjectName name, ReadableFile file, long size) {
    this.name = name;
    this.file = file;
    this.size = size;
  }

  static DirectoryObjectReader open(FileSystem fileSystem, ObjectName name, Path path)
      throws IOException {
    ReadableFile file = fileSystem.openFile(path);
    try {
      return new DirectoryObjectReader(name, file, file.size());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public ObjectName name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer into) {
    long end = offset + into.remaining();
    try {
      long at = offset;
      while (into.hasRemaining()) {
        int read = file.read(at, into);
        if (read < 0) {
          throw VaultErrors.endsEarly(name, at, end);
        }
        at += read;
      }
    } catch (IOException e) {
      throw VaultErrors.failed("read object " + name + " at " + offset, e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException harmless) {
      // Nothing was written through it.
    }
  }
}
