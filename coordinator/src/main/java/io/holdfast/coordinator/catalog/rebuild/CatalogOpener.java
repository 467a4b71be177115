package io.holdfast.coordinator.catalog.rebuild;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens a coordinator's catalog at the journal's head, whatever state its directory is in. Under
 * the root lie {@code db} (the store), {@code incoming} (a checkpoint being brought in), {@code
 * verify} and {@code checkpoint} (scratch), and {@code lock}.
 *
 * <p>Errors: BUSY if the directory is open elsewhere; the journal's and the vault's, which may be
 * tried again; UNKNOWN_VERSION if the journal holds what this version doesn't know; DISK_FULL, IO.
 * After an error nothing is open and the next call starts over.
 */
public final class CatalogOpener {
  private final Path root;
  private final CatalogParts parts;

  public CatalogOpener(Path root, CatalogParts parts) {
    this.root = root;
    this.parts = parts;
  }

  /**
   * Opens what the directory holds if its last record is the journal's, else rebuilds it from the
   * newest good checkpoint, else from record 1; then applies the journal to its head. After an
   * accepted rollback the owner closes its catalog and opens it again.
   */
  public OpenedCatalog open(JournalView journal) {
    return locked(() -> replay(journal));
  }

  /**
   * What the journal wanted kept with the last record that the directory holds, so that its view
   * can begin there; empty if the directory holds nothing that opens.
   */
  public Optional<ByteString> journalState() {
    Directories.create(root);
    try (DirectoryLock lock = DirectoryLock.acquire(root)) {
      return lock.isHeld() && Files.exists(database()) ? keptState() : Optional.empty();
    }
  }

  /** Drops the directory first: for a catalog in which a reader met damage. */
  public OpenedCatalog rebuild(JournalView journal) {
    return locked(() -> {
      Directories.drop(database());
      return replay(journal);
    });
  }

  /** Where {@link CheckpointWriter} may copy this catalog to. */
  public Path checkpointScratch() {
    return root.resolve("checkpoint");
  }

  /**
   * Whether a rebuild, from the checkpoint before or from record 1, comes to the digest that {@code
   * checkpoint} claims. Takes as long as a rebuild and as much disk; leaves the open catalog alone.
   * False too if a footer that is needed for it is gone by now.
   */
  public boolean verify(WrittenCheckpoint checkpoint, JournalView journal) {
    return new CheckpointVerifier(root.resolve("verify"), parts).verify(checkpoint, journal);
  }

  private Optional<ByteString> keptState() {
    try (KeyValueStore store = parts.stores().openReadOnly(database());
        CatalogView view = CatalogView.of(store)) {
      return view.journalState();
    } catch (HoldfastException e) {
      if (e.code() == ErrorCode.CATALOG_DAMAGED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Replay.Result replay(JournalView journal) {
    return new Replay(database(), root.resolve("incoming"), parts, journal, Long.MAX_VALUE).run();
  }

  private OpenedCatalog locked(Supplier<Replay.Result> open) {
    Directories.create(root);
    DirectoryLock lock = DirectoryLock.acquire(root);
    boolean opened = false;
    try {
      OpenedCatalog catalog = new OpenedCatalog(open.get(), lock);
      opened = true;
      return catalog;
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private Path database() {
    return root.resolve("db");
  }
}
