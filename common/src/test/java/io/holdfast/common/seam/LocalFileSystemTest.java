package io.holdfast.common.seam;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.testkit.FileSystemContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFileSystemTest extends FileSystemContract {
  @TempDir private Path directory;

  @Override
  protected FileSystem fileSystem() {
    return FileSystem.local();
  }

  @Override
  protected Path directory() {
    return directory;
  }

  @Test
  void shouldSyncADirectoryAlthoughTheThreadIsInterrupted() throws IOException {
    Thread.currentThread().interrupt();
    fileSystem().syncDirectory(directory);
    assertTrue(Thread.interrupted(), "the interrupt is kept for its receiver");
  }

  @Test
  void shouldGoOnReadingAfterAnotherReaderWasInterrupted() throws IOException {
    Path file = write("a", "content");
    try (ReadableFile in = fileSystem().openFile(file)) {
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> in.read(0, ByteBuffer.allocate(7)));
      assertTrue(Thread.interrupted());
      assertEquals(7, in.read(0, ByteBuffer.allocate(7)));
    }
  }

  @Test
  void shouldTakeNoAdviceOnAFileThatIsGone() throws IOException {
    Path file = directory.resolve("a");
    try (WritableFile out = fileSystem().createFile(file)) {
      fileSystem().delete(file);
      out.leaveCache();
      out.append(bytes("goes on"));
      assertEquals(7, out.size());
    }
  }

  @Test
  void shouldTellAFullDeviceApart() throws IOException {
    try (var channel = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE);
        WritableFile full = new LocalWritableFile(Path.of("/dev/full"), channel)) {
      assertThrows(DiskFullException.class, () -> full.append(bytes("x")));
    }
  }

  @Test
  void shouldWriteAndReadArraysInPieces() throws IOException {
    byte[] large = new byte[3 * Piece.BYTES + 5];
    new Random(7).nextBytes(large);
    Path file = directory.resolve("large");
    try (WritableFile out = fileSystem().createFile(file)) {
      out.append(bytes("head"), ByteBuffer.wrap(large), bytes("foot"));
      assertEquals(large.length + 8, out.size());
    }
    ByteBuffer read = ByteBuffer.allocate(large.length);
    try (ReadableFile in = fileSystem().openFile(file)) {
      while (read.hasRemaining()) {
        assertTrue(in.read(4L + read.position(), read) > 0);
        assertEquals(large.length, read.limit());
      }
    }
    assertArrayEquals(large, read.array());
  }
}
