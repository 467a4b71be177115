package io.holdfast.agent.walk;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A finished file of sorted names, each as one length byte and its bytes, cut into pieces whose
 * offsets are kept. Holds no descriptor between reads: a deep tree may have many of these.
 */
final class SpilledNames {
  private final Path file;
  private final long[] pieceOffsets;
  private final long endOffset;

  SpilledNames(Path file, long[] pieceOffsets, long endOffset) {
    this.file = file;
    this.pieceOffsets = pieceOffsets;
    this.endOffset = endOffset;
  }

  int pieces() {
    return pieceOffsets.length;
  }

  NameTable read(int piece) throws IOException {
    long from = pieceOffsets[piece];
    long to = piece + 1 < pieceOffsets.length ? pieceOffsets[piece + 1] : endOffset;
    byte[] raw = new byte[Math.toIntExact(to - from)];
    readFully(raw, from);
    NameTable names = new NameTable();
    for (int at = 0; at < raw.length; ) {
      int length = raw[at] & 0xff;
      names.add(raw, at + 1, length);
      at += 1 + length;
    }
    return names;
  }

  private void readFully(byte[] raw, long from) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer target = ByteBuffer.wrap(raw);
      while (target.hasRemaining()) {
        if (channel.read(target, from + target.position()) < 0) {
          throw new EOFException(file + " is shorter than it was written");
        }
      }
    }
  }

  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
