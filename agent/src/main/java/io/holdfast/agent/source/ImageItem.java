package io.holdfast.agent.source;

import io.holdfast.agent.backup.SourceFailure;
import io.holdfast.agent.backup.SourceFile;
import io.holdfast.agent.backup.SourceItem;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Xattrs;
import java.util.Optional;

/** A directory on the way to a disk image, or the image itself as one file. */
record ImageItem(EntryPath path, Metadata metadata, long sizeBytes, Optional<Opening> image)
    implements SourceItem {
  /** Opens the image. */
  @FunctionalInterface
  interface Opening {
    SourceFile open() throws SourceFailure;
  }

  @Override
  public EntryType type() {
    return image.isPresent() ? EntryType.FILE : EntryType.DIRECTORY;
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
  public boolean isChangedInPlace() {
    return image.isPresent();
  }

  @Override
  public Optional<Gap> gap() {
    return Optional.empty();
  }

  @Override
  public Form form() {
    return Form.DIRECTORY;
  }

  @Override
  public Xattrs xattrs() {
    return Xattrs.NONE;
  }

  @Override
  public SourceFile open() throws SourceFailure {
    return image.orElseThrow().open();
  }
}
