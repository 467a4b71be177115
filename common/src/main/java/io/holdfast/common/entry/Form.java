package io.holdfast.common.entry;

import java.util.Objects;

/** What a {@link Node} is, and what only such a thing has. */
public sealed interface Form {
  Form DIRECTORY = new Directory();
  Form FIFO = new Fifo();
  Form SOCKET = new Socket();

  /** Longest target of a symbolic link that is kept, in bytes. */
  int MAX_TARGET_BYTES = 65_535;

  EntryType type();

  /**
   * A regular file.
   *
   * @param sizeBytes its size when the walk saw it
   * @param first its first segment; later ones are {@link Continuation}s
   */
  record RegularFile(long sizeBytes, Segment first) implements Form {
    public RegularFile {
      Objects.requireNonNull(first, "first");
      if (sizeBytes < 0) {
        throw new IllegalArgumentException("file size " + sizeBytes + " is negative");
      }
      if (first.offsetBytes() != 0) {
        throw new IllegalArgumentException("a file's first segment begins at byte 0");
      }
    }

    @Override
    public EntryType type() {
      return EntryType.FILE;
    }
  }

  record Directory() implements Form {
    @Override
    public EntryType type() {
      return EntryType.DIRECTORY;
    }
  }

  /** A symbolic link; the target is whatever it holds, and is never followed. */
  record SymbolicLink(Octets target) implements Form {
    public SymbolicLink {
      if (target.length() > MAX_TARGET_BYTES || target.contains(0)) {
        throw new IllegalArgumentException(
            "a link's target has at most 65,535 bytes and no NUL: this one has " + target.length());
      }
    }

    @Override
    public EntryType type() {
      return EntryType.SYMBOLIC_LINK;
    }
  }

  record CharacterDevice(long major, long minor) implements Form {
    public CharacterDevice {
      checkDevice(major, minor);
    }

    @Override
    public EntryType type() {
      return EntryType.CHARACTER_DEVICE;
    }
  }

  record BlockDevice(long major, long minor) implements Form {
    public BlockDevice {
      checkDevice(major, minor);
    }

    @Override
    public EntryType type() {
      return EntryType.BLOCK_DEVICE;
    }
  }

  record Fifo() implements Form {
    @Override
    public EntryType type() {
      return EntryType.FIFO;
    }
  }

  record Socket() implements Form {
    @Override
    public EntryType type() {
      return EntryType.SOCKET;
    }
  }

  private static void checkDevice(long major, long minor) {
    if (major >>> 32 != 0 || minor >>> 32 != 0) {
      throw new IllegalArgumentException("device " + major + ":" + minor + " isn't of 32 bits");
    }
  }
}
