package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import java.nio.file.Path;
import java.util.Arrays;

/** Rebuilds a catalog beside the live one to see whether a checkpoint holds what it should. */
final class CheckpointVerifier {
  private final Path scratch;
  private final CatalogParts parts;

  CheckpointVerifier(Path scratch, CatalogParts parts) {
    this.scratch = scratch;
    this.parts = parts;
  }

  boolean verify(WrittenCheckpoint checkpoint, JournalView journal) {
    Directories.drop(scratch);
    Directories.create(scratch);
    try {
      return isSame(checkpoint.manifest(), journal);
    } finally {
      Directories.drop(scratch);
    }
  }

  private boolean isSame(CheckpointManifest manifest, JournalView journal) {
    Path database = scratch.resolve("db");
    Path incoming = scratch.resolve("incoming");
    try (Catalog rebuilt =
            new Replay(database, incoming, parts, journal, manifest.getSeq()).run().catalog();
        CatalogView view = rebuilt.view()) {
      return view.appliedSeq() == manifest.getSeq()
          && Arrays.equals(view.digest().toByteArray(), manifest.getCatalogDigest().toByteArray());
    }
  }
}
