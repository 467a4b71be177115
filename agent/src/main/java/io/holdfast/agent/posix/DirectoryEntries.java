package io.holdfast.agent.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * Steps over the {@code linux_dirent64} records one {@link Posix#tryReadDirectory} filled in (man
 * getdents64: inode 8, offset 8, record length 2, type 1, name up to a NUL), leaving out {@code .}
 * and {@code ..}. One thread.
 */
public final class DirectoryEntries {
  private static final int LENGTH_AT = 16;
  private static final int NAME_AT = 19;

  private final MemorySegment buffer;
  private int filledBytes;
  private int nextRecord;
  private int nameAt;
  private int nameLength;

  public DirectoryEntries(MemorySegment buffer) {
    this.buffer = buffer;
  }

  /** Begins with the records in the first {@code bytes} of the buffer. */
  public void reset(int bytes) {
    filledBytes = bytes;
    nextRecord = 0;
  }

  /** Steps to the next entry; false at the end of the buffer. */
  public boolean advance() {
    while (nextRecord < filledBytes) {
      nameAt = nextRecord + NAME_AT;
      nextRecord += buffer.get(JAVA_SHORT_UNALIGNED, nextRecord + LENGTH_AT) & 0xffff;
      nameLength = lengthUpToNul();
      if (!isDots()) {
        return true;
      }
    }
    return false;
  }

  private int lengthUpToNul() {
    int end = nameAt;
    while (buffer.get(JAVA_BYTE, end) != 0) {
      end++;
    }
    return end - nameAt;
  }

  private boolean isDots() {
    return nameLength <= 2
        && buffer.get(JAVA_BYTE, nameAt) == '.'
        && (nameLength == 1 || buffer.get(JAVA_BYTE, nameAt + 1) == '.');
  }

  public int nameLength() {
    return nameLength;
  }

  /** Copies the current name to {@code target} at {@code offset}. */
  public void copyName(byte[] target, int offset) {
    MemorySegment.copy(buffer, JAVA_BYTE, nameAt, target, offset, nameLength);
  }
}
