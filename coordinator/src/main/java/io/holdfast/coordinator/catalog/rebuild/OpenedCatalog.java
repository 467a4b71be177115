package io.holdfast.coordinator.catalog.rebuild;

import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.Catalog;
import io.holdfast.coordinator.catalog.CatalogHead;
import java.util.Optional;
import java.util.Set;

/**
 * A catalog that stands at the journal's head, and how it got there. Closing it flushes the catalog
 * and lets go of its directory.
 */
public final class OpenedCatalog implements AutoCloseable {
  private final Replay.Result result;
  private final DirectoryLock lock;

  OpenedCatalog(Replay.Result result, DirectoryLock lock) {
    this.result = result;
    this.lock = lock;
  }

  public Catalog catalog() {
    return result.catalog();
  }

  public Origin origin() {
    return result.origin();
  }

  /** Seq the catalog stood at before the journal was applied; 0 if there was nothing. */
  public long startSeq() {
    return result.startSeq();
  }

  /**
   * The head of a directory that was dropped because the journal doesn't hold that record. The
   * journal may have been rolled back: whoever keeps the marks of what was seen should know.
   */
  public Optional<CatalogHead> discarded() {
    return result.discarded();
  }

  /** Packs taken in without their footers: a leader records their loss after a second look. */
  public Set<PackId> unreadPacks() {
    return result.unread();
  }

  /** Flushes and closes; every view is closed before. */
  @Override
  public void close() {
    try {
      result.catalog().close();
    } finally {
      lock.close();
    }
  }
}
