package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.catalog.store.Batch;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.RecordBody;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one record does to the catalog, gathered before any of it is written: a later change of the
 * record sees what an earlier one did, and a record that turns out to be unreadable leaves nothing
 * behind. For one thread.
 */
final class Effects {
  private final Reads store;
  private final Statement statement;
  private final Batch batch = new Batch();
  private final Map<Family, Map<ByteBuffer, Optional<byte[]>>> written = new HashMap<>();
  private CatalogTotals totals;

  /** Of {@code body}; MALFORMED if it doesn't say who wrote it. */
  Effects(Reads store, RecordBody body) {
    this.store = store;
    this.statement = Statement.of(body);
    this.totals =
        store.get(Families.META, Keys.TOTALS).map(CatalogTotals::of).orElse(CatalogTotals.none());
  }

  /** Slot of the record. */
  long seq() {
    return statement.seq();
  }

  /** Time of the record, milliseconds since 1970. */
  long timeMillis() {
    return statement.timeMillis();
  }

  /** The record, as what its writer says. */
  Statement statement() {
    return statement;
  }

  /** A mutation of the record as a row that keeps it as it came. */
  byte[] recorded(Mutation mutation) {
    return new Recorded(seq(), timeMillis(), mutation).toRow();
  }

  /** The value as the changes so far leave it. */
  Optional<byte[]> get(Family family, byte[] key) {
    Optional<byte[]> own = written(family).get(ByteBuffer.wrap(key));
    return own != null ? own : store.get(family, key);
  }

  boolean has(Family family, byte[] key) {
    return get(family, key).isPresent();
  }

  void put(Family family, byte[] key, byte[] value) {
    written(family).put(ByteBuffer.wrap(key), Optional.of(value));
    batch.put(family, key, value);
  }

  void delete(Family family, byte[] key) {
    written(family).put(ByteBuffer.wrap(key), Optional.empty());
    batch.delete(family, key);
  }

  /** Puts a row that no later change of this record asks for: index rows are too many to keep. */
  void append(Family family, byte[] key, byte[] value) {
    batch.put(family, key, value);
  }

  /** Deletes a row that no later change of this record asks for. */
  void erase(Family family, byte[] key) {
    batch.delete(family, key);
  }

  /** Deletes every row of a small family. */
  void deleteAll(Family family) {
    keys(family, new byte[0]).forEach(key -> delete(family, key));
  }

  /** The keys of a small family, or part of one, as the changes so far leave it. In order. */
  List<byte[]> keys(Family family, byte[] prefix) {
    TreeMap<byte[], Boolean> keys = new TreeMap<>(Arrays::compareUnsigned);
    try (Cursor cursor = store.cursor(family)) {
      for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
        keys.put(cursor.key(), true);
      }
    }
    written(family)
        .forEach((key, row) -> {
          byte[] bytes = new byte[key.remaining()];
          key.duplicate().get(bytes);
          int differs = Arrays.mismatch(prefix, bytes);
          if (differs < 0 || differs == prefix.length) {
            keys.put(bytes, row.isPresent());
          }
        });
    keys.values().removeIf(isThere -> !isThere);
    return List.copyOf(keys.keySet());
  }

  /** Rows as they were before the record, for who looks whether they still {@link #has}. */
  Cursor stored(Family family) {
    return store.cursor(family);
  }

  /** A total as the changes so far leave it. */
  long total(Total total) {
    return totals.of(total);
  }

  void count(Total total, long change) {
    if (change != 0) {
      totals = totals.plus(total, change);
    }
  }

  /** Counts a change that the leader should never have let through. */
  void ignore() {
    count(Total.IGNORED_CHANGES, 1);
  }

  /** All of it, with the totals, the new head and the journal's state: one batch. */
  Batch finish(CatalogHead head, ByteString journalState) {
    batch.put(Families.META, Keys.TOTALS, totals.toRow());
    batch.put(Families.META, Keys.HEAD, head.toRow());
    batch.put(Families.META, Keys.JOURNAL_STATE, journalState.toByteArray());
    return batch;
  }

  private Map<ByteBuffer, Optional<byte[]>> written(Family family) {
    return written.computeIfAbsent(family, f -> new HashMap<>());
  }
}
