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

  private OpenBase(Optional<BackupPorts.BaseContent> content, Optional<TreeCursor> entries) {
    this.content = content;
    this.entries = entries;
  }

  static OpenBase none() {
    return new OpenBase(Optional.empty(), Optional.empty());
  }

  /** Takes over {@code content}. A base whose root is gone is as none. */
  static OpenBase open(BackupPorts.BaseContent content, Reference root) {
    try {
      TreeCursor entries = PageTreeReader.open(content, root).entries();
      return new OpenBase(Optional.of(content), Optional.of(entries));
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT || e.kind() == ErrorKind.NOT_FOUND) {
        return new OpenBase(Optional.of(content), Optional.empty());
      }
      content.close();
      throw e;
    }
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
