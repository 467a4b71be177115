package io.holdfast.coordinator.ledger;

import io.holdfast.common.rpc.RpcErrors;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Writes checkpoints while the coordinator works: the copy is taken by the journal's owner thread
 * right after a record, everything else happens here. One at a time.
 */
public final class LedgerCheckpoints {
  private final Ledger ledger;
  private final CheckpointWriter writer;
  private final Path scratch;
  private final JournalAppender journal;
  private final MutationSealer mutations;

  public LedgerCheckpoints(
      Ledger ledger,
      CatalogOpener opener,
      CheckpointObjects objects,
      StoreFactory stores,
      JournalAppender journal,
      MutationSealer mutations) {
    this.ledger = ledger;
    this.writer = new CheckpointWriter(objects, stores);
    this.scratch = opener.checkpointScratch();
    this.journal = journal;
    this.mutations = mutations;
  }

  /** Writes one and journals it; returns the seq that it holds. */
  public synchronized long write(String actor) throws InterruptedException {
    CompletableFuture<Void> taken =
        ledger.afterNextRecord(() -> writer.take(ledger.opened().catalog(), scratch));
    append(audit(actor));
    await(taken);
    WrittenCheckpoint written = writer.publish(scratch);
    append(
        MutationSealer.clear(Change.newBuilder().setCheckpointWritten(written.toChange()).build()));
    return written.manifest().getSeq();
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
    await(journal.append(List.of(mutation)));
  }

  private static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw RpcErrors.asHoldfast(e.getCause());
    }
  }
}
