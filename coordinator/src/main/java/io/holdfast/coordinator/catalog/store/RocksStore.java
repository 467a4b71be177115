package io.holdfast.coordinator.catalog.store;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A store in RocksDB, without its write-ahead log.
 *
 * <p>Every call goes into native code and pins the carrier of a virtual thread until it returns,
 * also while it waits for a disk or for a stalled write. Callers with many virtual threads send
 * such calls through a small platform pool.
 */
public final class RocksStore implements KeyValueStore {
  private final RocksHandles handles;
  private final RocksReads newest;
  private final Lease lease;
  private final boolean readOnly;

  private RocksStore(RocksHandles handles, boolean readOnly) {
    this.handles = handles;
    this.newest = new RocksReads(handles, null);
    this.lease = new Lease(handles::close);
    this.readOnly = readOnly;
  }

  /**
   * Opens {@code directory}, or makes it; its parent exists. CATALOG_DAMAGED if what is there
   * doesn't open, DISK_FULL if there is no space. Two stores over one directory are the caller's to
   * prevent.
   */
  public static RocksStore open(Path directory, List<Family> families, RocksConfig config) {
    return open(directory, families, config, false);
  }

  /** Opens an existing directory without changing any of its files; writes are refused. */
  public static RocksStore openReadOnly(Path directory, List<Family> families, RocksConfig config) {
    return open(directory, families, config, true);
  }

  private static RocksStore open(
      Path directory, List<Family> families, RocksConfig config, boolean readOnly) {
    try {
      return new RocksStore(RocksHandles.open(directory, families, config, readOnly), readOnly);
    } catch (RocksDBException e) {
      throw RocksErrors.whileOpening("opening the catalog in " + directory, e);
    }
  }

  @Override
  public Optional<byte[]> get(Family family, byte[] key) {
    lease.enter();
    try {
      return newest.get(family, key);
    } finally {
      lease.leave();
    }
  }

  @Override
  public List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys) {
    lease.enter();
    try {
      return newest.multiGet(family, keys);
    } finally {
      lease.leave();
    }
  }

  @Override
  public Cursor cursor(Family family) {
    return newest.cursor(family, lease);
  }

  @Override
  public StoreView view() {
    return new View();
  }

  @Override
  public void write(Batch batch) {
    refuseIfReadOnly();
    lease.enter();
    try (WriteBatch nativeBatch = new WriteBatch();
        WriteOptions options = new WriteOptions().setDisableWAL(true)) {
      for (Batch.Write write : batch.writes()) {
        add(nativeBatch, write);
      }
      handles.database().write(options, nativeBatch);
    } catch (RocksDBException e) {
      throw RocksErrors.whileRunning("writing the catalog", e);
    } finally {
      lease.leave();
    }
  }

  @Override
  public void flush() {
    refuseIfReadOnly();
    lease.enter();
    try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
      handles.database().flush(options, handles.allFamilies());
    } catch (RocksDBException e) {
      throw RocksErrors.whileRunning("flushing the catalog", e);
    } finally {
      lease.leave();
    }
  }

  @Override
  public void checkpoint(Path directory) {
    flush();
    lease.enter();
    try (Checkpoint checkpoint = Checkpoint.create(handles.database())) {
      checkpoint.createCheckpoint(directory.toString());
    } catch (RocksDBException e) {
      throw RocksErrors.whileRunning("writing a checkpoint into " + directory, e);
    } finally {
      lease.leave();
    }
  }

  @Override
  public void close() {
    lease.close();
  }

  private void add(WriteBatch batch, Batch.Write write) throws RocksDBException {
    if (write.value() == null) {
      batch.delete(handles.family(write.family()), write.key());
    } else {
      batch.put(handles.family(write.family()), write.key(), write.value());
    }
  }

  private void refuseIfReadOnly() {
    if (readOnly) {
      throw new IllegalStateException("the store was opened to read only");
    }
  }

  /** Reads under one native snapshot, which is given back at close. */
  private final class View implements StoreView {
    private final Snapshot snapshot;
    private final RocksReads reads;
    private boolean closed;

    private View() {
      lease.enter();
      snapshot = handles.database().getSnapshot();
      reads = new RocksReads(handles, snapshot);
    }

    @Override
    public Optional<byte[]> get(Family family, byte[] key) {
      return reads().get(family, key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys) {
      return reads().multiGet(family, keys);
    }

    @Override
    public Cursor cursor(Family family) {
      return reads().cursor(family, lease);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        handles.database().releaseSnapshot(snapshot);
        snapshot.close();
        lease.leave();
      }
    }

    private RocksReads reads() {
      if (closed) {
        throw new IllegalStateException("the view is closed");
      }
      return reads;
    }
  }
}
