package io.holdfast.coordinator.catalog.rebuild;

import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CheckpointManifest;
import io.holdfast.proto.stored.v1.CheckpointWritten;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the newest checkpoint that counts and is whole, and brings it into a directory. It counts
 * if a valid record after its seq names its manifest's hash, and the journal holds its last record.
 * One that is damaged or gone is passed over for an older one; one that can't be read now is an
 * error.
 */
final class CheckpointRestore {
  private final Path incoming;
  private final CatalogParts parts;
  private final JournalView journal;
  private final long belowSeq;
  private final CheckpointReader reader;
  private final Set<Long> refused = new HashSet<>();

  /**
   * @param belowSeq only checkpoints of lower seqs are used
   */
  CheckpointRestore(Path incoming, CatalogParts parts, JournalView journal, long belowSeq) {
    this.incoming = incoming;
    this.parts = parts;
    this.journal = journal;
    this.belowSeq = belowSeq;
    this.reader = new CheckpointReader(parts.checkpoints());
  }

  /** A directory with the newest usable checkpoint above {@code seq}; empty if there is none. */
  Optional<Path> newestAbove(long seq) {
    for (long candidate : reader.seqs()) {
      if (candidate > seq && candidate < belowSeq && !refused.contains(candidate)) {
        if (restore(candidate)) {
          return Optional.of(incoming);
        }
        refused.add(candidate);
      }
    }
    return Optional.empty();
  }

  private boolean restore(long seq) {
    Optional<Bytes32> named = manifestNamed(seq);
    if (named.isEmpty()) {
      return false;
    }
    try {
      return restore(reader.manifest(seq, named.get()));
    } catch (HoldfastException e) {
      if (e.kind() == ErrorKind.CORRUPT
          || e.code() == ErrorCode.OBJECT_NOT_FOUND
          || e.code() == ErrorCode.UNKNOWN_VERSION) {
        return false;
      }
      throw e;
    }
  }

  private boolean restore(CheckpointManifest manifest) {
    Directories.drop(incoming);
    Directories.create(incoming);
    reader.restore(manifest, incoming);
    try (KeyValueStore store = parts.stores().openReadOnly(incoming);
        CatalogView view = CatalogView.of(store)) {
      Optional<CatalogHead> head = view.head();
      return head.isPresent()
          && head.get().seq() == manifest.getSeq()
          && journal.validHash(manifest.getSeq()).equals(head.map(CatalogHead::hash));
    }
  }

  /** The hash under which the journal names the manifest of {@code seq}, if it does. */
  private Optional<Bytes32> manifestNamed(long seq) {
    for (AppliedRecord record : journal.from(seq + 1)) {
      for (Mutation mutation : record.body().getMutationsList()) {
        CheckpointWritten written = checkpointIn(mutation);
        if (written.getSeq() == seq && written.getManifestSha256().size() == Bytes32.LENGTH) {
          return Optional.of(Bytes32.of(written.getManifestSha256().toByteArray()));
        }
      }
    }
    return Optional.empty();
  }

  private static CheckpointWritten checkpointIn(Mutation mutation) {
    try {
      return Change.parseFrom(mutation.getClear()).getCheckpointWritten();
    } catch (InvalidProtocolBufferException e) {
      // Apply will meet the same record and name it.
      return CheckpointWritten.getDefaultInstance();
    }
  }
}
