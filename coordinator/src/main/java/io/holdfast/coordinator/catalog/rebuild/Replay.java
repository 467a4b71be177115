package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.AppliedRecord;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogHead;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Brings one directory to a seq of the journal by whatever still reads. From, to, because:
 *
 * <pre>
 * directory   replay      its last record is the journal's
 * directory   afresh      it doesn't open, is empty, of another format, or off the journal's chain
 * afresh      replay      from the newest whole checkpoint, or from nothing
 * replay      afresh      damage met on the way; once, the second time is an error
 * replay      replay      a footer is gone: from a newer checkpoint, or without that footer
 * replay      done        no record is left
 * </pre>
 *
 * For one thread, used once.
 */
final class Replay {
  private final Path directory;
  private final CatalogParts parts;
  private final JournalView journal;
  private final long throughSeq;
  private final ReplayFooters footers;
  private final CheckpointRestore checkpoints;

  private Catalog catalog;
  private Origin origin;
  private long startSeq;
  private Optional<CatalogHead> discarded = Optional.empty();
  private boolean startedAfresh;

  /** How it ended. */
  record Result(
      Catalog catalog,
      Origin origin,
      long startSeq,
      Optional<CatalogHead> discarded,
      Set<PackId> unread) {}

  /**
   * @param directory of the catalog; may be missing
   * @param incoming where a checkpoint is brought together, on the same file system
   * @param throughSeq the last record to apply; only older checkpoints are used
   */
  Replay(Path directory, Path incoming, CatalogParts parts, JournalView journal, long throughSeq) {
    this.directory = directory;
    this.parts = parts;
    this.journal = journal;
    this.throughSeq = throughSeq;
    this.footers = new ReplayFooters(parts.footers());
    this.checkpoints = new CheckpointRestore(incoming, parts, journal, throughSeq);
  }

  /** The caller closes the catalog; after an error nothing is open. */
  Result run() {
    boolean done = false;
    try {
      if (!startFromDirectory()) {
        startAfresh();
      }
      applyRest();
      done = true;
      return new Result(catalog, origin, startSeq, discarded, footers.without());
    } finally {
      if (!done) {
        abandon();
      }
    }
  }

  private boolean startFromDirectory() {
    if (!Files.exists(directory)) {
      return false;
    }
    try {
      open(Origin.DIRECTORY);
    } catch (HoldfastException e) {
      if (e.code() != ErrorCode.CATALOG_DAMAGED && e.code() != ErrorCode.UNKNOWN_VERSION) {
        throw e;
      }
      return false;
    }
    Optional<CatalogHead> head = catalog.head();
    boolean onChain =
        head.isPresent() && journal.validHash(head.get().seq()).equals(head.map(CatalogHead::hash));
    discarded = onChain ? Optional.empty() : head;
    return onChain;
  }

  private void startAfresh() {
    startedAfresh = true;
    if (!startFromCheckpoint(0)) {
      abandon();
      Directories.drop(directory);
      open(Origin.JOURNAL);
    }
  }

  private boolean startFromCheckpoint(long aboveSeq) {
    Optional<Path> restored = checkpoints.newestAbove(aboveSeq);
    if (restored.isEmpty()) {
      return false;
    }
    abandon();
    Directories.drop(directory);
    move(restored.get(), directory);
    open(Origin.CHECKPOINT);
    return true;
  }

  private void applyRest() {
    boolean done = false;
    while (!done) {
      try {
        applyAll();
        done = true;
      } catch (HoldfastException e) {
        goOnAfter(e);
      }
    }
  }

  private void applyAll() {
    for (AppliedRecord record : journal.from(catalog.appliedSeq() + 1)) {
      if (record.seq() > throughSeq) {
        return;
      }
      catalog.apply(record);
    }
  }

  private void goOnAfter(HoldfastException e) {
    Optional<PackId> gone = footers.takeGone();
    if (gone.isPresent()) {
      if (!startFromCheckpoint(catalog.appliedSeq())) {
        footers.doWithout(gone.get());
      }
    } else if (e.code() == ErrorCode.CATALOG_DAMAGED && !startedAfresh) {
      startAfresh();
    } else {
      throw e;
    }
  }

  private void open(Origin from) {
    KeyValueStore store = parts.stores().open(directory);
    boolean opened = false;
    try {
      catalog = Catalog.open(store, footers, parts.config());
      opened = true;
    } finally {
      if (!opened) {
        store.close();
      }
    }
    origin = from;
    startSeq = catalog.appliedSeq();
  }

  private void abandon() {
    if (catalog != null) {
      catalog.abandon();
      catalog = null;
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw Directories.failed("moving " + from + " to " + to, e);
    }
  }
}
