package io.holdfast.agent.walk;

import io.holdfast.agent.posix.DirectoryEntries;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.StatBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What every scan of one walk shares: options, the kernel, descriptors, and pooled buffers. */
final class ScanContext implements AutoCloseable {
  final WalkOptions options;
  final DirectoryCalls calls;
  final OpenDirectories directories;

  /** Sorted files on disk that weren't given back yet. */
  final Set<SpilledNames> spilled = ConcurrentHashMap.newKeySet();

  private final ConcurrentLinkedQueue<Buffers> pool = new ConcurrentLinkedQueue<>();
  private volatile boolean full;

  ScanContext(WalkOptions options, DirectoryCalls calls) {
    this.options = options;
    this.calls = calls;
    directories = new OpenDirectories(calls, options.limits().openDirectoriesMax());
  }

  /** Names one directory may hold in memory now. */
  int namesInMemoryMax() {
    int max = options.limits().namesInMemoryMax();
    return full ? Math.min(max, WalkLimits.NAMES_IN_MEMORY_WHEN_FULL) : max;
  }

  void setFull(boolean nowFull) {
    full = nowFull;
  }

  /** Buffers of the calling thread until {@link #giveBack}. */
  Buffers borrow() {
    Buffers pooled = pool.poll();
    return pooled == null ? new Buffers() : pooled;
  }

  void giveBack(Buffers buffers) {
    pool.add(buffers);
  }

  /** After the last scan ended. */
  @Override
  public void close() {
    directories.close();
    spilled.forEach(SpilledNames::delete);
    spilled.clear();
    pool.clear();
  }

  /** Native and heap memory of one running scan; freed by the collector. */
  static final class Buffers {
    final MemorySegment raw = Arena.ofAuto().allocate(Posix.DIRECTORY_BUFFER_BYTES, 8);
    final DirectoryEntries entries = new DirectoryEntries(raw);
    final StatBuffer stat = new StatBuffer(Arena.ofAuto());
    final NameTable names = new NameTable(1_024);
  }
}
