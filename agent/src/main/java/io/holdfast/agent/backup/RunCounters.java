package io.holdfast.agent.backup;

import io.holdfast.common.entry.EntryType;
import java.util.concurrent.atomic.LongAdder;

/** What a running backup has done so far. Any thread; readers see recent values, not one moment. */
public final class RunCounters {
  private final LongAdder entries = new LongAdder();
  private final LongAdder files = new LongAdder();
  private final LongAdder directories = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder gaps = new LongAdder();
  private final LongAdder uploadedPlain = new LongAdder();
  private final LongAdder uploadedSealed = new LongAdder();

  /** How far into a file the merge is, which {@link #bytes} doesn't have yet. */
  private volatile long within;

  /** An entry passed; {@code size} is 0 unless it is a file. */
  void entry(EntryType type, long size) {
    entries.increment();
    within = 0;
    if (type == EntryType.FILE) {
      files.increment();
      bytes.add(size);
    } else if (type == EntryType.DIRECTORY) {
      directories.increment();
    }
  }

  /** The next entry is a large file, and this far it is read; the merge's thread. */
  void within(long position) {
    within = position;
  }

  void read(long count) {
    bytesRead.add(count);
  }

  void gap() {
    gaps.increment();
  }

  void uploaded(long plainBytes, long sealedBytes) {
    uploadedPlain.add(plainBytes);
    uploadedSealed.add(sealedBytes);
  }

  public long entries() {
    return entries.sum();
  }

  public long files() {
    return files.sum();
  }

  public long directories() {
    return directories.sum();
  }

  /** Bytes of the files passed, read or unchanged, and of a large one under way. */
  public long bytes() {
    return bytes.sum() + within;
  }

  public long bytesRead() {
    return bytesRead.sum();
  }

  public long gaps() {
    return gaps.sum();
  }

  public long uploadedPlainBytes() {
    return uploadedPlain.sum();
  }

  public long uploadedSealedBytes() {
    return uploadedSealed.sum();
  }
}
