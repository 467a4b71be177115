package io.holdfast.coordinator.catalog.store;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** A store that treats its batches wrongly, for tests that must notice. */
public final class FaultyStore implements KeyValueStore {
  private final KeyValueStore target;
  private final BiConsumer<KeyValueStore, List<Batch.Write>> writing;

  private FaultyStore(KeyValueStore target, BiConsumer<KeyValueStore, List<Batch.Write>> writing) {
    this.target = target;
    this.writing = writing;
  }

  /** Forgets every row of the family of that name. */
  public static KeyValueStore forgetting(KeyValueStore target, String family) {
    return new FaultyStore(
        target,
        (store, writes) ->
            store.write(batch(writes.stream().filter(write -> !isOf(write, family)).toList())));
  }

  /** Keeps one row for each of the first {@code prefixBytes} of a family's keys: the last one. */
  public static KeyValueStore replacing(KeyValueStore target, String family, int prefixBytes) {
    return new FaultyStore(
        target,
        (store, writes) -> {
          Batch batch = new Batch();
          for (Batch.Write write : writes) {
            if (isOf(write, family) && write.value() != null) {
              deleteOthers(store, write, prefixBytes, batch);
            }
            add(batch, write);
          }
          store.write(batch);
        });
  }

  private static void deleteOthers(
      KeyValueStore store, Batch.Write write, int prefixBytes, Batch batch) {
    byte[] prefix = Arrays.copyOf(write.key(), prefixBytes);
    try (Cursor cursor = store.cursor(write.family())) {
      for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
        batch.delete(write.family(), cursor.key());
      }
    }
  }

  /** Makes the rows of one family durable before the rest of their batch. */
  public static KeyValueStore hurrying(KeyValueStore target, String family) {
    return new FaultyStore(
        target,
        (store, writes) -> {
          store.write(batch(writes.stream().filter(write -> isOf(write, family)).toList()));
          store.flush();
          store.write(batch(writes.stream().filter(write -> !isOf(write, family)).toList()));
        });
  }

  private static boolean isOf(Batch.Write write, String family) {
    return write.family().name().equals(family);
  }

  private static Batch batch(List<Batch.Write> writes) {
    Batch batch = new Batch();
    writes.forEach(write -> add(batch, write));
    return batch;
  }

  private static void add(Batch batch, Batch.Write write) {
    if (write.value() == null) {
      batch.delete(write.family(), write.key());
    } else {
      batch.put(write.family(), write.key(), write.value());
    }
  }

  @Override
  public Optional<byte[]> get(Family family, byte[] key) {
    return target.get(family, key);
  }

  @Override
  public List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys) {
    return target.multiGet(family, keys);
  }

  @Override
  public Cursor cursor(Family family) {
    return target.cursor(family);
  }

  @Override
  public StoreView view() {
    return target.view();
  }

  @Override
  public void write(Batch batch) {
    writing.accept(target, batch.writes());
  }

  @Override
  public void flush() {
    target.flush();
  }

  @Override
  public void checkpoint(Path directory) {
    target.checkpoint(directory);
  }

  @Override
  public void close() {
    target.close();
  }
}
