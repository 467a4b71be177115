package io.holdfast.agent.backup;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.page.TreeCursor;
import java.util.Optional;

/** The base of one merge, if it has one that can be read. One thread. */
final class OpenBase implements AutoCloseable {
  private final Optional<BackupPorts.BaseContent> content;
  private final Optional<TreeCursor> entries;
  private final long logicalBytes;

  private OpenBase(
      Optional<BackupPorts.BaseContent> content,
      Optional<TreeCursor> entries,
      long logicalBytes) {
    this.content = content;
    this.entries = entries;
    this.logicalBytes = logicalBytes;
  }

  static OpenBase none() {
    return new OpenBase(Optional.empty(), Optional.empty(), 0);
  }

  /** Takes over {@code content}. A base whose root is gone is as none. */
  static OpenBase open(BackupPorts.BaseContent content, Reference root) {
    try {
      PageTreeReader pages = PageTreeReader.open(content, root);
      return new OpenBase(
          Optional.of(content),
          Optional.of(pages.entries()),
          pages.header().totals().logicalBytes());
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT || e.kind() == ErrorKind.NOT_FOUND) {
        return new OpenBase(Optional.of(content), Optional.empty(), 0);
      }
      content.close();
      throw e;
    }
  }

  /** Bytes of all files of the base. */
  long logicalBytes() {
    return logicalBytes;
  }

  Optional<TreeCursor> entries() {
    return entries;
  }

  /** Plaintext of a chunk that the entry under {@code cursor} refers to. */
  byte[] chunk(BaseCursor cursor, Reference chunk) throws InterruptedException {
    return content
        .orElseThrow(
            () -> new HoldfastException(ErrorCode.CHUNK_NOT_FOUND, "there is no base to read"))
        .chunk(cursor.leaf(), chunk);
  }

  @Override
  public void close() {
    content.ifPresent(BackupPorts.BaseContent::close);
  }
}
