package io.holdfast.agent.backup;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.entry.EntryType;
import io.holdfast.common.entry.Form;
import io.holdfast.common.entry.Gap;
import io.holdfast.common.entry.Metadata;
import io.holdfast.common.entry.Xattrs;
import java.util.Optional;

/** One path of the host as the walk found it. */
public interface SourceItem {
  EntryPath path();

  EntryType type();

  Metadata metadata();

  /** Of a file, in bytes; 0 for everything else. */
  long sizeBytes();

  /** How many paths share the file. */
  long linkCount();

  /** Device number of its file system. */
  long device();

  /** Whether it is known to be changed in place: then it has a block map from the first run on. */
  default boolean isChangedInPlace() {
    return false;
  }

  /** Something of it, or below it, could not be seen. */
  Optional<Gap> gap();

  /** Symbolic link's target, device numbers; only for types other than file. Asks the host. */
  Form form() throws SourceFailure;

  /** Asks the host. */
  Xattrs xattrs() throws SourceFailure;

  /** Opens the file; the result outlives this item. */
  SourceFile open() throws SourceFailure;
}
