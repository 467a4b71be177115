package io.holdfast.deploy.sim;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.WritableFile;
import io.holdfast.common.testkit.ForwardingFileSystem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file system with a fault in what a subclass overrides. */
class PlantedFiles extends ForwardingFileSystem {
  PlantedFiles(FileSystem target) {
    super(target);
  }

  void sync(WritableFile file) throws IOException {
    file.sync();
  }

  @Override
  public WritableFile createFile(Path file) throws IOException {
    WritableFile target = super.createFile(file);
    return new WritableFile() {
      @Override
      public void append(ByteBuffer... buffers) throws IOException {
        target.append(buffers);
      }

      @Override
      public void write(long position, ByteBuffer buffer) throws IOException {
        target.write(position, buffer);
      }

      @Override
      public long size() {
        return target.size();
      }

      @Override
      public void sync() throws IOException {
        PlantedFiles.this.sync(target);
      }

      @Override
      public void close() throws IOException {
        target.close();
      }
    };
  }
}
