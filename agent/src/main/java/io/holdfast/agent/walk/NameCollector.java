package io.holdfast.agent.walk;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the names of one directory, in memory as long as they fit, in runs on disk beyond. */
final class NameCollector implements AutoCloseable {
  private final ScanContext context;
  private final ScanContext.Buffers buffers;
  private final NameTable names;
  private final int runNamesMax;
  private final List<byte[]> unseenRoots;
  private NameSpill spill;
  private boolean cacheTag;

  NameCollector(ScanContext context, DirectoryNode directory, ScanContext.Buffers buffers) {
    this.context = context;
    this.buffers = buffers;
    names = buffers.names;
    names.clear();
    runNamesMax = context.options.limits().namesInMemoryMax();
    unseenRoots =
        directory.roots == null ? List.of() : new ArrayList<>(directory.roots.wantedNames());
  }

  /**
   * Reads to the end.
   *
   * @return 0, or the negative error number that ended it early
   */
  int readAll(int fd) throws IOException {
    int bytes = context.calls.readDirectory(fd, buffers.raw);
    while (bytes > 0) {
      buffers.entries.reset(bytes);
      while (buffers.entries.advance()) {
        add();
      }
      bytes = context.calls.readDirectory(fd, buffers.raw);
    }
    addMissingRoots();
    return bytes;
  }

  private void add() throws IOException {
    if (names.count() >= runNamesMax) {
      writeRun();
    }
    names.add(buffers.entries);
    int last = names.count() - 1;
    if (names.isNamed(last, CacheTag.NAME)) {
      cacheTag = context.options.honourCacheTags();
    }
    if (!unseenRoots.isEmpty()) {
      unseenRoots.removeIf(name -> names.isNamed(last, name));
    }
  }

  /** A root that isn't there is described like any entry, and so becomes a gap in its place. */
  private void addMissingRoots() {
    unseenRoots.forEach(names::add);
  }

  private void writeRun() throws IOException {
    if (spill == null) {
      spill = new NameSpill(context.options.scratch());
    }
    spill.addRun(names.sorted());
    names.clear();
  }

  boolean hasCacheTag() {
    return cacheTag;
  }

  SortedNames finish() throws IOException {
    int pieceEntries = context.options.limits().batchEntriesMax();
    if (spill == null && names.count() <= context.namesInMemoryMax()) {
      return new SortedNames.InMemory(names.sorted(), pieceEntries);
    }
    writeRun();
    int smallerPieces = Math.min(pieceEntries, context.namesInMemoryMax());
    SpilledNames file = spill.finish(smallerPieces);
    context.spilled.add(file);
    return new SortedNames.OnDisk(file, context.spilled);
  }

  @Override
  public void close() throws IOException {
    if (spill != null) {
      spill.close();
    }
  }
}
