package io.holdfast.agent.backup;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Xattrs;
import java.util.Optional;

/**
 * A file of the snapshot whose content comes as a stream: it is cut by content and compared with
 * nothing, and what was stored before is known by its ids.
 *
 * @param content read once, and closed by the run
 */
public record StreamItem(EntryPath path, Metadata metadata, SourceStream content)
    implements SourceItem {
  @Override
  public EntryType type() {
    return EntryType.FILE;
  }

  /** Not known before its end. */
  @Override
  public long sizeBytes() {
    return 0;
  }

  @Override
  public long linkCount() {
    return 1;
  }

  @Override
  public long device() {
    return 0;
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
  public SourceFile open() {
    throw new IllegalStateException("a stream is read from its beginning to its end");
  }
}
