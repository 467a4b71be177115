package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.GapReason;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Xattrs;
import java.time.Instant;
import java.util.Optional;

/**
 * Something of a running cluster, at its place in the snapshot.
 *
 * @param begun before the server began the backup
 */
record LiveItem(SourceItem found, EntryPath path, Instant begun) implements SourceItem {
  @Override
  public EntryType type() {
    return found.type();
  }

  @Override
  public Metadata metadata() {
    return found.metadata();
  }

  @Override
  public long sizeBytes() {
    return found.sizeBytes();
  }

  /** A cluster has no links of files; each is read as it stands. */
  @Override
  public long linkCount() {
    return 1;
  }

  @Override
  public long device() {
    return found.device();
  }

  /** What is removed while the cluster runs is removed by the log, too. */
  @Override
  public Optional<Gap> gap() {
    return found.gap().filter(gap -> gap.reason() != GapReason.VANISHED);
  }

  /** Nothing is known of it but that it was there a moment ago. */
  boolean isGone() {
    return found.type() == EntryType.FILE
        && found.gap().filter(gap -> gap.reason() == GapReason.VANISHED).isPresent();
  }

  @Override
  public Form form() throws SourceFailure {
    return found.form();
  }

  @Override
  public Xattrs xattrs() throws SourceFailure {
    try {
      return found.xattrs();
    } catch (SourceFailure e) {
      if (e.gap().reason() == GapReason.VANISHED) {
        return Xattrs.NONE;
      }
      throw e;
    }
  }

  @Override
  public SourceFile open() throws SourceFailure {
    return new LiveFile(found.open(), found.path(), found.sizeBytes(), begun);
  }
}
