package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.coordinator.catalog.CheckpointMark;
import io.holdfast.proto.stored.v1.CheckpointFile;

/** Reads a checkpoint's objects again. Any thread. */
public final class CheckpointCheck {
  private final CheckpointReader reader;

  public CheckpointCheck(CheckpointObjects objects) {
    this.reader = new CheckpointReader(objects);
  }

  /**
   * Returns if manifest and files are the bytes that the journal vouches for. OBJECT_NOT_FOUND or
   * MALFORMED names the object that isn't.
   */
  public void requireWhole(CheckpointMark mark) {
    for (CheckpointFile file : reader.manifest(mark.seq(), mark.manifestSha256()).getFilesList()) {
      reader.verify(file);
    }
  }
}
