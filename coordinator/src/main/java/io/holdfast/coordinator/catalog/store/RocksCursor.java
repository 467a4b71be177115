package io.holdfast.coordinator.catalog.store;

import java.util.Arrays;
import java.util.function.Supplier;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * Two iterators behind one cursor: seeks with at least the family's filtered prefix go to one that
 * asks the prefix filter first, shorter ones to one in total order. Each is made when first needed.
 */
final class RocksCursor implements Cursor {
  private final RocksHandles handles;
  private final Family family;
  private final Supplier<ReadOptions> options;
  private final Lease lease;
  private final Iterator[] iterators = new Iterator[2];
  private Iterator current;
  private byte[] prefix;
  private boolean closed;

  /** Holds {@code lease} until closed. */
  RocksCursor(RocksHandles handles, Family family, Supplier<ReadOptions> options, Lease lease) {
    lease.enter();
    this.handles = handles;
    this.family = family;
    this.options = options;
    this.lease = lease;
  }

  @Override
  public boolean seek(byte[] wanted) {
    return seek(wanted, wanted);
  }

  @Override
  public boolean seek(byte[] wanted, byte[] from) {
    prefix = wanted;
    current = iterator(family.prefixBytes() > 0 && wanted.length >= family.prefixBytes());
    current.rows.seek(from);
    return isInside();
  }

  @Override
  public boolean next() {
    current.rows.next();
    return isInside();
  }

  @Override
  public byte[] key() {
    return current.rows.key();
  }

  @Override
  public byte[] value() {
    return current.rows.value();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (Iterator iterator : iterators) {
      if (iterator != null) {
        iterator.close();
      }
    }
    lease.leave();
  }

  private boolean isInside() {
    if (current.rows.isValid()) {
      byte[] key = current.rows.key();
      return key.length >= prefix.length
          && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
    try {
      current.rows.status();
      return false;
    } catch (RocksDBException e) {
      throw RocksErrors.whileRunning("scanning the catalog", e);
    }
  }

  private Iterator iterator(boolean filtered) {
    int slot = filtered ? 1 : 0;
    if (iterators[slot] == null) {
      iterators[slot] = new Iterator(filtered);
    }
    return iterators[slot];
  }

  /** A native iterator and the options it was made with, which must outlive it. */
  private final class Iterator implements AutoCloseable {
    private final ReadOptions readOptions;
    private final RocksIterator rows;

    private Iterator(boolean filtered) {
      readOptions = options.get().setTotalOrderSeek(!filtered).setPrefixSameAsStart(filtered);
      rows = handles.database().newIterator(handles.family(family), readOptions);
    }

    @Override
    public void close() {
      rows.close();
      readOptions.close();
    }
  }
}
