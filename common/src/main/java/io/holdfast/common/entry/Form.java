package io.holdfast.common.entry;

import io.holdfast.common.id.ChunkKind;
import java.util.Objects;
import java.util.Optional;

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
   * @param tag fingerprint of the content; only of a file that is one stretch of a bundle
   */
  record RegularFile(long sizeBytes, Segment first, Optional<ContentTag> tag) implements Form {
    public RegularFile {
      Objects.requireNonNull(first, "first");
      Objects.requireNonNull(tag, "tag");
      if (sizeBytes < 0) {
        throw new IllegalArgumentException("file size " + sizeBytes + " is negative");
      }
      if (first.offsetBytes() != 0) {
        throw new IllegalArgumentException("a file's first segment begins at byte 0");
      }
      if (tag.isPresent() && !isOnePiece(first, sizeBytes)) {
        throw new IllegalArgumentException(
            "only a file that is one piece of a bundle has a content tag");
      }
    }

    /** A file without a content tag. */
    public RegularFile(long sizeBytes, Segment first) {
      this(sizeBytes, first, Optional.empty());
    }

    private static boolean isOnePiece(Segment content, long sizeBytes) {
      Extents extents = content.extents();
      return extents.count() == 1
          && !extents.isHole(0)
          && extents.chunk(0).kind() == ChunkKind.BUNDLE
          && extents.totalBytes() == sizeBytes
          && content.blockMap().isEmpty();
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
