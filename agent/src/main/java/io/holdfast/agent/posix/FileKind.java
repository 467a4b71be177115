package io.holdfast.agent.posix;

import java.util.Optional;

/** What a directory entry is, by the type bits of its mode. */
public enum FileKind {
  FILE(0x8000),
  DIRECTORY(0x4000),
  SYMLINK(0xa000),
  CHAR_DEVICE(0x2000),
  BLOCK_DEVICE(0x6000),
  FIFO(0x1000),
  SOCKET(0xc000);

  private static final int TYPE_BITS = 0xf000;

  private final int bits;

  FileKind(int bits) {
    this.bits = bits;
  }

  /** The type bits of {@code st_mode}. */
  public int modeBits() {
    return bits;
  }

  /** The kind named by a full mode; empty for a type Linux doesn't have today. */
  public static Optional<FileKind> ofMode(int mode) {
    return Optional.ofNullable(find(mode));
  }

  /** As {@link #ofMode}, with null for unknown: for loops over many entries. */
  public static FileKind find(int mode) {
    return switch (mode & TYPE_BITS) {
      case 0x8000 -> FILE;
      case 0x4000 -> DIRECTORY;
      case 0xa000 -> SYMLINK;
      case 0x2000 -> CHAR_DEVICE;
      case 0x6000 -> BLOCK_DEVICE;
      case 0x1000 -> FIFO;
      case 0xc000 -> SOCKET;
      default -> null;
    };
  }
}
