package io.holdfast.agent.postgres;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Segment;
import io.holdfast.common.entry.Xattrs;
import java.util.Optional;

/** An entry that no walk finds: a directory of the snapshot's own, or a file put into it. */
record MadeItem(EntryPath path, EntryType type, Metadata metadata, long sizeBytes, Content content)
    implements SourceItem {
  /** Opens a file. */
  @FunctionalInterface
  interface Content {
    SourceFile open() throws SourceFailure;
  }

  /**
   * Who has what is made.
   *
   * @param uid the cluster's owner, as everything else of it has
   */
  record Owner(long uid, long gid) {
    static final Owner ROOT = new Owner(0, 0);

    /** Nothing is compared but the time: what has another content needs another one. */
    Metadata metadata(int mode, long seconds, int nanos) {
      return new Metadata(mode, uid, gid, seconds, nanos, 0, 0, 0);
    }
  }

  /** A directory that is the same in every run. */
  static MadeItem directory(EntryPath path, Owner owner, int mode) {
    return new MadeItem(
        path,
        EntryType.DIRECTORY,
        owner.metadata(mode, 0, 0),
        0,
        () -> {
          throw new IllegalStateException("a directory has no content");
        });
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
    return type == EntryType.DIRECTORY ? Form.DIRECTORY : new Form.RegularFile(0, Segment.EMPTY);
  }

  @Override
  public Xattrs xattrs() {
    return Xattrs.NONE;
  }

  @Override
  public SourceFile open() throws SourceFailure {
    return content.open();
  }
}
