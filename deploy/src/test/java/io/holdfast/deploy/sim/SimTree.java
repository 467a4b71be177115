package io.holdfast.deploy.sim;

import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Octets;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattrs;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A host's files in memory, and how a backup reads them. Contents come from a small universe that
 * hosts share, so that chunks are shared too; large ones are chunks of their own, small ones ride
 * in bundles.
 */
final class SimTree {
  static final byte[] ROOT = "/srv".getBytes(StandardCharsets.UTF_8);

  private static final EntryPath TOP = EntryPath.of("srv");
  private static final int LARGE_BYTES = 256 << 10;
  private static final int UNIVERSE = 12;
  static final int LARGE_KINDS = 4;
  private static final Map<Integer, byte[]> CONTENTS = new HashMap<>();

  /** A file: its content and the times by which a change is noticed. */
  record SimFile(int content, int version) {
    byte[] bytes() {
      return SimTree.content(content);
    }
  }

  private final TreeMap<EntryPath, SimFile> files = new TreeMap<>();
  private int versions;

  /** What it holds now, which later changes leave as it is. */
  Map<EntryPath, SimFile> copy() {
    return new TreeMap<>(files);
  }

  /** Writes, overwrites or removes a file or two. */
  void change(RandomGenerator random) {
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      EntryPath path = TOP.child(Octets.utf8("f" + random.nextInt(8)));
      if (random.nextInt(8) == 0) {
        files.remove(path);
      } else {
        files.put(path, new SimFile(random.nextInt(UNIVERSE), versions++));
      }
    }
  }

  /** Takes over another host's files: their chunks are the same. */
  void copyFrom(SimTree other) {
    files.clear();
    other.files.forEach((path, file) -> files.put(path, new SimFile(file.content, versions++)));
  }

  static byte[] content(int number) {
    return CONTENTS.computeIfAbsent(number, SimTree::make);
  }

  /** Of the large contents: those that are one chunk. */
  static int largeContent(RandomGenerator random) {
    return random.nextInt(LARGE_KINDS);
  }

  private static byte[] make(int number) {
    int size = number < LARGE_KINDS ? LARGE_BYTES + number * 100 : (number - LARGE_KINDS) * 700;
    byte[] bytes = new byte[size];
    new Random(number).nextBytes(bytes);
    return bytes;
  }

  /** The walk of a backup over {@code files}. */
  static SourceCursor open(Map<EntryPath, SimFile> files) {
    Iterator<Map.Entry<EntryPath, SimFile>> each = files.entrySet().iterator();
    return new SourceCursor() {
      private boolean begun;

      @Override
      public SourceItem next() {
        if (!begun) {
          begun = true;
          return new Item(TOP, Optional.empty());
        }
        if (!each.hasNext()) {
          return null;
        }
        Map.Entry<EntryPath, SimFile> next = each.next();
        return new Item(next.getKey(), Optional.of(next.getValue()));
      }

      @Override
      public void close() {}
    };
  }

  private record Item(EntryPath path, Optional<SimFile> file) implements SourceItem {
    @Override
    public EntryType type() {
      return file.isPresent() ? EntryType.FILE : EntryType.DIRECTORY;
    }

    @Override
    public Metadata metadata() {
      long seconds = 1_000_000L + file.map(SimFile::version).orElse(0);
      return new Metadata(
          file.isPresent() ? 0640 : 0750, 0, 0, seconds, 0, seconds, 0, path.hashCode() & 0xffff);
    }

    @Override
    public long sizeBytes() {
      return file.map(found -> (long) found.bytes().length).orElse(0L);
    }

    @Override
    public long linkCount() {
      return 1;
    }

    @Override
    public long device() {
      return 1;
    }

    @Override
    public Optional<Gap> gap() {
      return Optional.empty();
    }

    @Override
    public Form form() {
      return file.isPresent() ? new Form.RegularFile(0, Segment.EMPTY) : Form.DIRECTORY;
    }

    @Override
    public Xattrs xattrs() {
      return Xattrs.NONE;
    }

    @Override
    public SourceFile open() {
      return new Opened(file.orElseThrow());
    }
  }

  private record Opened(SimFile file) implements SourceFile {
    @Override
    public Stamp stamp() {
      long seconds = 1_000_000L + file.version();
      return new Stamp(file.bytes().length, seconds, 0, seconds, 0);
    }

    @Override
    public int read(long position, byte[] into, int at, int length) {
      byte[] bytes = file.bytes();
      int count = (int) Math.min(length, bytes.length - position);
      if (count <= 0) {
        return length == 0 ? 0 : -1;
      }
      System.arraycopy(bytes, (int) position, into, at, count);
      return count;
    }

    @Override
    public long nextData(long position) {
      return position < file.bytes().length ? position : -1;
    }

    @Override
    public long nextHole(long position) {
      return file.bytes().length;
    }

    @Override
    public void close() {}
  }
}
