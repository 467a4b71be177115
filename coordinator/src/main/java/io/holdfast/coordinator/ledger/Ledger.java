package io.holdfast.coordinator.ledger;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.rebuild.CatalogOpener;
import io.holdfast.coordinator.catalog.rebuild.OpenedCatalog;
import io.holdfast.coordinator.journal.JournalAnchor;
import io.holdfast.coordinator.journal.JournalSlots;
import io.holdfast.coordinator.journal.JournalState;
import io.holdfast.coordinator.journal.JournalStateCodec;
import io.holdfast.coordinator.journal.RecordConsumer;
import io.holdfast.coordinator.journal.Replay;
import io.holdfast.coordinator.journal.Verdict;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The open catalog, kept at the journal's head. The journal's owner thread applies; any thread asks
 * for views, which it closes before this is closed.
 */
public final class Ledger implements RecordConsumer, AutoCloseable {
  private final OpenedCatalog opened;
  private final JournalState start;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  private Ledger(OpenedCatalog opened, JournalState start) {
    this.opened = opened;
    this.start = start;
  }

  /**
   * Opens the catalog at the journal's head, rebuilt if need be. Errors as {@link
   * CatalogOpener#open} and the journal's.
   */
  public static Ledger open(
      CatalogOpener opener, JournalSlots slots, Replay replay, JournalAnchor anchor) {
    return of(opener.open(new SlotJournal(slots, replay, anchor, opener.journalState())), anchor);
  }

  /** As {@link #open}, with the catalog's directory dropped first. */
  public static Ledger rebuild(
      CatalogOpener opener, JournalSlots slots, Replay replay, JournalAnchor anchor) {
    return of(opener.rebuild(new SlotJournal(slots, replay, anchor, Optional.empty())), anchor);
  }

  private static Ledger of(OpenedCatalog opened, JournalAnchor anchor) {
    try (CatalogView view = opened.catalog().view()) {
      JournalState start =
          view.journalState()
              .map(bytes -> JournalStateCodec.parse(anchor, bytes.toByteArray()))
              .orElseGet(() -> JournalState.beforeGenesis(anchor));
      return new Ledger(opened, start);
    }
  }

  /** Where the catalog stood when it was opened: where the journal's reader goes on. */
  public JournalState start() {
    return start;
  }

  public OpenedCatalog opened() {
    return opened;
  }

  /** A consistent view, closed by the caller. */
  public CatalogView view() {
    return opened.catalog().view();
  }

  @Override
  public void apply(Verdict.Valid valid) {
    opened.catalog().apply(SlotJournal.applied(valid));
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /**
   * Runs {@code task} on the thread that applies, right after the next record. The future tells how
   * it ended; the journal goes on whatever happens.
   */
  public CompletableFuture<Void> afterNextRecord(Runnable task) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tasks.add(() -> {
      try {
        task.run();
        done.complete(null);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  @Override
  public JournalState rewind(long lastValidSeq) {
    throw new HoldfastException(
        ErrorCode.JOURNAL_ROLLED_BACK,
        "an operator accepted a rollback to journal slot "
            + lastValidSeq
            + "; restart this coordinator, which rebuilds its catalog");
  }

  @Override
  public void close() {
    opened.close();
  }
}
