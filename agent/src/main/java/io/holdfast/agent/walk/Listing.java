package io.holdfast.agent.walk;

import io.holdfast.agent.posix.PosixException;
import java.io.IOException;
import java.util.List;

/** The names of one directory, sorted; leads to batches that describe them. */
final class Listing extends Scan {
  private static final SortedNames NONE = new SortedNames.InMemory(new NameTable(), 1);

  final DirectoryNode directory;

  private final ScanContext context;
  private SortedNames names = NONE;
  private WalkGap gap;
  private int nextPiece;
  private boolean reducedToTag;
  private boolean keptEmpty;

  Listing(ScanContext context, DirectoryNode directory) {
    this.context = context;
    this.directory = directory;
  }

  /** What kept the directory from being listed in full, or null. */
  WalkGap gap() {
    return gap;
  }

  /** Whether a cache tag left only itself of the content. */
  boolean isReducedToTag() {
    return reducedToTag;
  }

  /** Whether nothing was listed because the file system is one of the kernel's own. */
  boolean isKeptEmpty() {
    return keptEmpty;
  }

  @Override
  void run() throws Exception {
    int fd = context.directories.acquire(directory);
    if (fd < 0) {
      fail(-fd);
      return;
    }
    try {
      list(fd);
      describeIfSmall(fd);
    } finally {
      context.directories.release(directory);
    }
  }

  /** A small directory is described in the same go, while it is open and in the caches. */
  private void describeIfSmall(int fd) throws IOException {
    if (names.pieces() == 1) {
      Batch only = new Batch(context, directory, names, nextPiece++);
      only.describe(fd);
      only.done = true;
      children.add(only);
      names.close();
      names = NONE;
    }
  }

  private void fail(int errno) {
    gap = new WalkGap(directory.path(), GapReason.ofListing(errno), errno);
  }

  private void list(int fd) throws IOException {
    keptEmpty = isPseudoFileSystem(fd);
    if (keptEmpty) {
      directory.inside = false;
    }
    if (directory.inside) {
      readAll(fd);
    } else {
      keepOnlyWanted(List.of());
    }
  }

  private boolean isPseudoFileSystem(int fd) {
    if (!directory.isMountPoint() || directory.isRoot()) {
      return false;
    }
    try {
      return PseudoFileSystems.includes(context.calls.fileSystemType(fd));
    } catch (PosixException e) {
      return false;
    }
  }

  private void keepOnlyWanted(List<byte[]> others) {
    NameTable kept = new NameTable();
    others.forEach(kept::add);
    if (directory.roots != null) {
      directory.roots.wantedNames().forEach(kept::add);
    }
    names = inMemory(kept.sorted());
  }

  private SortedNames inMemory(NameTable table) {
    return new SortedNames.InMemory(table, context.options.limits().batchEntriesMax());
  }

  private void readAll(int fd) throws IOException {
    ScanContext.Buffers buffers = context.borrow();
    try (NameCollector collector = new NameCollector(context, directory, buffers)) {
      int end = collector.readAll(fd);
      if (end < 0) {
        fail(-end);
      }
      if (collector.hasCacheTag() && CacheTag.marks(fd)) {
        reducedToTag = true;
        directory.inside = false;
        keepOnlyWanted(List.of(CacheTag.NAME));
      } else {
        names = collector.finish();
      }
    } finally {
      context.giveBack(buffers);
    }
  }

  @Override
  boolean hasNext() {
    return nextPiece < names.pieces();
  }

  @Override
  Scan spawn() {
    return new Batch(context, directory, names, nextPiece++);
  }

  @Override
  int bufferedEntries() {
    return names.bufferedEntries();
  }

  @Override
  long bufferedBytes() {
    return names.bufferedBytes();
  }

  /** Gives back what the names take, once the consumer has left the directory. */
  void discard() {
    names.close();
  }
}
