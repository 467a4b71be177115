package io.holdfast.agent.backup;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Xattrs;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host's tree in memory that a backup can read, with a clock of its own and files that misbehave
 * on demand. Changed by one thread while no backup runs, or by a file's {@link Trouble}.
 */
final class MemoryHost {
  /** What happens at a read. */
  @FunctionalInterface
  interface Trouble {
    /** Called before {@code position} is read. */
    void at(MemoryFile file, long position) throws SourceFailure;
  }

  /** An inode. */
  final class MemoryFile {
    private final long inode;
    private byte[] content;
    private int mode = 0644;
    private long changed;
    private long written;
    private int links = 1;
    private boolean sparse;
    private Optional<SourceFailure> cannotOpen = Optional.empty();
    private Trouble trouble = (file, position) -> {};

    private MemoryFile(long inode, byte[] content) {
      this.inode = inode;
      write(content);
    }

    byte[] content() {
      return content;
    }

    /** New content, new times. */
    void write(byte[] bytes) {
      content = bytes;
      written = ++clock;
      changed = written;
    }

    /** New mode and ctime, the content as it was. */
    void chmod(int bits) {
      mode = bits;
      changed = ++clock;
    }

    /** New times, the content as it was. */
    void touch() {
      written = ++clock;
      changed = written;
    }

    /** Blocks of zeros are holes. */
    void makeSparse() {
      sparse = true;
    }

    void trouble(Trouble onRead) {
      trouble = onRead;
    }

    void cannotOpen(SourceFailure failure) {
      cannotOpen = Optional.of(failure);
    }
  }

  private static final int HOLE_BYTES = 4_096;

  private final NavigableMap<EntryPath, Optional<MemoryFile>> tree = new TreeMap<>();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong filesRead = new AtomicLong();
  private Optional<EntryPath> awaited = Optional.empty();
  private long filesReadByThen = -1;
  private long clock = 1_000_000;
  private long nextInode = 10;

  /** A new file, with its directories. */
  MemoryFile file(String path, byte[] content) {
    MemoryFile file = new MemoryFile(nextInode++, content);
    place(path, file);
    return file;
  }

  /** One more path of a file. */
  void link(String path, MemoryFile file) {
    file.links++;
    file.changed = ++clock;
    place(path, file);
  }

  private void place(String text, MemoryFile file) {
    EntryPath path = EntryPath.of(text);
    for (Optional<EntryPath> above = path.parent();
        above.isPresent();
        above = above.get().parent()) {
      tree.putIfAbsent(above.get(), Optional.empty());
    }
    tree.put(path, Optional.of(file));
  }

  void delete(String path) {
    tree.remove(EntryPath.of(path));
  }

  MemoryFile get(String path) {
    return tree.get(EntryPath.of(path)).orElseThrow();
  }

  NavigableMap<EntryPath, Optional<MemoryFile>> tree() {
    return tree;
  }

  /** Content bytes that backups read so far. */
  long bytesRead() {
    return bytesRead.get();
  }

  /** How often a file's beginning was read. */
  long filesRead() {
    return filesRead.get();
  }

  /** What follows {@code path} depends on everything up to it. */
  void awaitReading(String path) {
    awaited = Optional.of(EntryPath.of(path));
  }

  /** How many files had been read when what follows the awaited path was asked for. */
  long filesReadByThen() {
    return filesReadByThen;
  }

  SourceCursor walk() {
    Iterator<EntryPath> paths = tree.navigableKeySet().iterator();
    return new SourceCursor() {
      private boolean awaits;

      @Override
      public SourceItem next() {
        if (awaits) {
          filesReadByThen = filesRead.get();
        }
        awaits = false;
        if (!paths.hasNext()) {
          return null;
        }
        EntryPath path = paths.next();
        awaits = awaited.filter(path::equals).isPresent();
        return tree.get(path)
            .<SourceItem>map(file -> new FileItem(path, file))
            .orElseGet(() -> new DirectoryItem(path));
      }

      @Override
      public boolean awaitsReading() {
        return awaits;
      }

      @Override
      public void close() {}
    };
  }

  private record DirectoryItem(EntryPath path) implements SourceItem {
    @Override
    public EntryType type() {
      return EntryType.DIRECTORY;
    }

    @Override
    public Metadata metadata() {
      return new Metadata(0755, 0, 0, 7, 0, 7, 0, 1);
    }

    @Override
    public long sizeBytes() {
      return 0;
    }

    @Override
    public long linkCount() {
      return 2;
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
      return Form.DIRECTORY;
    }

    @Override
    public Xattrs xattrs() {
      return Xattrs.NONE;
    }

    @Override
    public SourceFile open() {
      throw new IllegalStateException("a directory is no file");
    }
  }

  private final class FileItem implements SourceItem {
    private final EntryPath path;
    private final MemoryFile file;
    private final Metadata metadata;
    private final long sizeBytes;

    FileItem(EntryPath path, MemoryFile file) {
      this.path = path;
      this.file = file;
      this.metadata = new Metadata(file.mode, 0, 0, file.written, 0, file.changed, 0, file.inode);
      this.sizeBytes = file.content.length;
    }

    @Override
    public EntryPath path() {
      return path;
    }

    @Override
    public EntryType type() {
      return EntryType.FILE;
    }

    @Override
    public Metadata metadata() {
      return metadata;
    }

    @Override
    public long sizeBytes() {
      return sizeBytes;
    }

    @Override
    public long linkCount() {
      return file.links;
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
      throw new IllegalStateException("asked only of other things than files");
    }

    @Override
    public Xattrs xattrs() {
      return Xattrs.NONE;
    }

    @Override
    public SourceFile open() throws SourceFailure {
      if (file.cannotOpen.isPresent()) {
        throw file.cannotOpen.get();
      }
      return new OpenFile(file);
    }
  }

  private final class OpenFile implements SourceFile {
    private final MemoryFile file;

    OpenFile(MemoryFile file) {
      this.file = file;
    }

    @Override
    public Stamp stamp() {
      return new Stamp(file.content.length, file.written, 0, file.changed, 0);
    }

    @Override
    public int read(long position, byte[] into, int at, int length) throws SourceFailure {
      file.trouble.at(file, position);
      if (position == 0) {
        filesRead.incrementAndGet();
      }
      if (position >= file.content.length) {
        return -1;
      }
      int count = (int) Math.min(length, file.content.length - position);
      System.arraycopy(file.content, (int) position, into, at, count);
      bytesRead.addAndGet(count);
      return count;
    }

    @Override
    public long nextData(long position) {
      for (long at = position; at < file.content.length; at = nextBlock(at)) {
        if (!isHole(at)) {
          return at;
        }
      }
      return -1;
    }

    @Override
    public long nextHole(long position) {
      long at = position;
      while (at < file.content.length && !isHole(at)) {
        at = nextBlock(at);
      }
      return Math.min(at, file.content.length);
    }

    private boolean isHole(long at) {
      int from = (int) (at / HOLE_BYTES * HOLE_BYTES);
      int to = Math.min(from + HOLE_BYTES, file.content.length);
      return file.sparse
          && Arrays.mismatch(file.content, from, to, new byte[to - from], 0, to - from) < 0;
    }

    private static long nextBlock(long at) {
      return (at / HOLE_BYTES + 1) * HOLE_BYTES;
    }

    @Override
    public void close() {}
  }
}
