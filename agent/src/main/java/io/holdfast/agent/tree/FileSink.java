package io.holdfast.agent.tree;

import io.holdfast.agent.posix.FileKind;
import io.holdfast.agent.posix.FileStat;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.common.error.HoldfastException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A file being restored. Nobody sees it under its name before {@link #finish}; exactly one of that
 * and {@link #abandon} must end it. {@link #write} may be called from several threads, the end
 * comes after the last of them.
 */
public final class FileSink {
  private enum State {
    OPEN,
    FAILED,
    ENDED
  }

  /** Smaller files are left to the sync at the end, which writes neighbours together. */
  private static final long LARGE_BYTES_MIN = 1 << 20;

  /** Where pages can't leave the cache by themselves, so many bytes are begun to be written. */
  private static final long WRITE_BACK_BYTES = 8 << 20;

  private final TreeWriter writer;
  private final SafePath path;
  private final TargetDirectories.Held directory;
  private final byte[] temporary;
  private final PosixFile file;
  private final long sizeBytes;
  private final EntryMetadata metadata;
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

  /** Else a restore would end with the disk's work on all that it wrote, and fill the cache. */
  private final boolean goesToDiskAtOnce;

  /** Bytes that stay in the cache until they are told to go. */
  private final AtomicLong written = new AtomicLong();

  FileSink(
      TreeWriter writer,
      SafePath path,
      TargetDirectories.Held directory,
      byte[] temporary,
      PosixFile file,
      long sizeBytes,
      EntryMetadata metadata) {
    this.writer = writer;
    this.path = path;
    this.directory = directory;
    this.temporary = temporary;
    this.file = file;
    this.sizeBytes = sizeBytes;
    this.metadata = metadata;
    this.goesToDiskAtOnce = writer.syncs() && sizeBytes >= LARGE_BYTES_MIN;
  }

  /**
   * Writes all of {@code bytes} at {@code offset}. A refused write is recorded as a difference and
   * fails this file; more writes then do nothing.
   *
   * @param bytes native memory (a heap segment is copied by the caller first)
   * @throws IllegalArgumentException for a range outside the file's size
   * @throws HoldfastException DISK_FULL or TARGET_UNWRITABLE; the sink still has to be ended
   */
  public void write(long offset, MemorySegment bytes) {
    Objects.checkFromIndexSize(offset, bytes.byteSize(), sizeBytes);
    if (state.get() != State.OPEN) {
      return;
    }
    try {
      if (!goesToDiskAtOnce) {
        file.write(bytes, offset);
      } else if (!file.writePassing(bytes, offset)) {
        startWriteBack(bytes.byteSize());
      }
    } catch (PosixException e) {
      failWrite(e);
    }
  }

  private void startWriteBack(long bytes) {
    long before = written.getAndAdd(bytes);
    if (before / WRITE_BACK_BYTES != (before + bytes) / WRITE_BACK_BYTES) {
      file.startWriteBack();
    }
  }

  private void failWrite(PosixException cause) {
    if (state.compareAndSet(State.OPEN, State.FAILED)) {
      writer.record(path, new EntryFailure(DifferenceReason.NOT_WRITTEN, cause.number()));
    }
    EntryFailure.requireWritable(cause);
  }

  /** Whether a write was refused: the rest of the content needn't be fetched. */
  public boolean hasFailed() {
    return state.get() == State.FAILED;
  }

  /**
   * Sets the metadata and gives the file its name. What was never written is a hole.
   *
   * @return whether the file stands under its name now; if not, a difference or a skipped entry
   *     says why
   */
  public boolean finish() {
    State before = state.getAndSet(State.ENDED);
    if (before == State.ENDED) {
      throw new IllegalStateException("a file is ended once");
    }
    boolean placed = false;
    try {
      placed = before == State.OPEN && placeWhole();
      return placed;
    } finally {
      release(!placed);
    }
  }

  private boolean placeWhole() {
    try {
      FileStat stat = file.stat();
      if (stat.sizeBytes() != sizeBytes) {
        file.truncate(sizeBytes); // it ends in a hole
      }
      writer.metadata().describe(new Subject.Open(file.fd()), stat, path.bytes(), metadata);
      requireStill(stat);
      if (goesToDiskAtOnce) {
        file.startWriteBack();
      }
      boolean placed = writer.placement().place(directory.fd(), temporary, path);
      writer.countPlaced(FileKind.FILE, placed);
      return placed;
    } catch (PosixException e) {
      writer.record(path, EntryFailure.notWritten(e));
    } catch (EntryFailure e) {
      writer.record(path, e);
    }
    return false;
  }

  /** Somebody else's file under the temporary name must not get the final one. */
  private void requireStill(FileStat written) throws PosixException, EntryFailure {
    if (!written.isSameFileAs(Posix.statAt(directory.fd(), temporary))) {
      throw new EntryFailure(DifferenceReason.NOT_WRITTEN, 0);
    }
  }

  /** Gives the file up: it is recorded as missing, and nothing of it remains. */
  public void abandon() {
    State before = state.getAndSet(State.ENDED);
    if (before == State.OPEN) {
      writer.record(path, new EntryFailure(DifferenceReason.GIVEN_UP, 0));
    }
    if (before != State.ENDED) {
      release(true);
    }
  }

  /** Ends the sink without a word: whoever calls this has one. The directory stays held. */
  void discard() {
    state.set(State.ENDED);
    end(true);
  }

  private void release(boolean remove) {
    end(remove);
    directory.close();
  }

  private void end(boolean remove) {
    if (remove) {
      Placement.discard(directory.fd(), temporary);
    }
    file.close();
    writer.ended(this);
  }
}
