package io.holdfast.agent.restore;

import io.holdfast.agent.posix.PosixException;
import io.holdfast.agent.posix.PosixFile;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.lang.foreign.MemorySegment;

/** A restored file that is compared with what should be in it. IO says that it differs. */
final class ReadBackFile implements TargetFile {
  private final EntryPath path;
  private final long sizeBytes;
  private final PosixFile file;

  /** Takes over {@code file}. */
  ReadBackFile(EntryPath path, long sizeBytes, PosixFile file) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.file = file;
  }

  @Override
  public void write(long position, byte[] bytes, int offset, int length) {
    MemorySegment staging = Staging.get();
    MemorySegment expected = MemorySegment.ofArray(bytes);
    for (int done = 0; done < length; done += Staging.BYTES) {
      int count = Math.min(Staging.BYTES, length - done);
      MemorySegment slice = staging.asSlice(0, count);
      long differs =
          read(slice, position + done) == count
              ? slice.mismatch(expected.asSlice(offset + done, count))
              : 0;
      if (differs >= 0) {
        throw differs(position + done + differs);
      }
    }
  }

  private long read(MemorySegment into, long position) {
    try {
      return file.read(into, position);
    } catch (PosixException e) {
      throw unreadable(e);
    }
  }

  @Override
  public boolean finish() {
    try (file) {
      if (file.stat().sizeBytes() != sizeBytes) {
        throw differs(sizeBytes);
      }
      return true;
    } catch (PosixException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void abandon() {
    file.close();
  }

  private HoldfastException differs(long position) {
    return new HoldfastException(
        ErrorCode.IO,
        "'"
            + path
            + "' was restored and reads back with other bytes at "
            + position
            + ": either something writes to it, or check the target's disk");
  }

  private HoldfastException unreadable(PosixException e) {
    return new HoldfastException(
        ErrorCode.IO, "'" + path + "' was restored and can't be read back: " + e.getMessage(), e);
  }
}
