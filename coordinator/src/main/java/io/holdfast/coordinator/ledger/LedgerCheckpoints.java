package io.holdfast.coordinator.ledger;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.CheckpointMark;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.CheckpointObjects;
import io.holdfast.coordinator.catalog.rebuild.CheckpointWriter;
import io.holdfast.coordinator.catalog.rebuild.StoreFactory;
import io.holdfast.coordinator.catalog.rebuild.WrittenCheckpoint;
import io.holdfast.coordinator.journal.JournalAppender;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Audit;
import io.holdfast.proto.stored.v1.AuditDetails;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Mutation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Writes checkpoints while the coordinator works: the copy is taken by the journal's owner thread
 * right after a record, everything else happens here. One at a time.
 *
 * <p>A checkpoint is verified before a record names it: the catalog is built again beside the open
 * one, from the checkpoint before or from the first record, and has to come to the same digest. So
 * every checkpoint that counts is one that was proven to be what the journal says.
 */
public final class LedgerCheckpoints {
  private final Ledger ledger;
  private final CatalogOpener opener;
  private final JournalReplay replay;
  private final CheckpointWriter writer;
  private final Path scratch;
  private final JournalAppender journal;
  private final MutationSealer mutations;

  public LedgerCheckpoints(
      Ledger ledger,
      CatalogOpener opener,
      JournalReplay replay,
      CheckpointObjects objects,
      StoreFactory stores,
      JournalAppender journal,
      MutationSealer mutations) {
    this.ledger = ledger;
    this.opener = opener;
    this.replay = replay;
    this.writer = new CheckpointWriter(objects, stores);
    this.scratch = opener.checkpointScratch();
    this.journal = journal;
    this.mutations = mutations;
  }

  /**
   * Writes one, verifies it and journals it; returns the seq that it holds.
   *
   * @throws HoldfastException CATALOG_DAMAGED if the journal doesn't lead to what the catalog
   *     holds: nothing names the checkpoint then, and it never counts
   */
  public synchronized long write(String actor) throws InterruptedException {
    CompletableFuture<Void> taken =
        ledger.afterNextRecord(() -> writer.take(ledger.opened().catalog(), scratch));
    append(audit(actor));
    await(taken);
    WrittenCheckpoint written = writer.publish(scratch);
    verify(written);
    append(
        MutationSealer.clear(Change.newBuilder().setCheckpointWritten(written.toChange()).build()));
    return written.manifest().getSeq();
  }

  private void verify(WrittenCheckpoint written) {
    if (!opener.verify(written, replay.fromNewestCheckpoint(ledger))) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "the journal does not lead to what the catalog holds at record "
              + written.manifest().getSeq()
              + ": run `holdfast verify`, so that lost packs are on record; if this comes again,"
              + " stop the coordinator and run `holdfast catalog rebuild`");
    }
  }

  /** The newest checkpoint that counts and the records after the one that names it. */
  record Since(Optional<CheckpointMark> newest, long records) {}

  Since since() {
    try (CatalogView view = ledger.view()) {
      List<CheckpointMark> marks = view.checkpoints();
      Optional<CheckpointMark> newest =
          marks.isEmpty() ? Optional.empty() : Optional.of(marks.getLast());
      long named = newest.map(CheckpointMark::recordedSeq).orElse(0L);
      return new Since(newest, view.appliedSeq() - named);
    }
  }

  private Mutation audit(String actor) {
    return mutations.seal(
        Change.newBuilder().setAudit(Audit.getDefaultInstance()).build(),
        Details.newBuilder()
            .setAudit(
                AuditDetails.newBuilder()
                    .setActor(actor)
                    .setAction("checkpoint")
                    .setText("checkpoint of the catalog"))
            .build());
  }

  private void append(Mutation mutation) throws InterruptedException {
    journal.appendNow(List.of(mutation));
  }

  private static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw RpcErrors.asHoldfast(e.getCause());
    }
  }
}
