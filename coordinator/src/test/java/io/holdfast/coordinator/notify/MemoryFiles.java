package io.holdfast.coordinator.notify;

import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.ReadableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Files of tests. */
final class MemoryFiles {
  private MemoryFiles() {}

  static byte[] bytes(FileSystem files, Path file) throws IOException {
    try (ReadableFile in = files.openFile(file)) {
      ByteBuffer out = ByteBuffer.allocate((int) in.size());
      while (out.hasRemaining()) {
        in.read(out.position(), out);
      }
      return out.array();
    }
  }
}
