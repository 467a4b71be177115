package io.holdfast.coordinator.catalog.store;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * A store in sorted maps, for the simulation and as a second opinion on RocksDB. Forgets what
 * wasn't flushed when it is closed, as RocksDB may. Given a directory, a flush writes all rows into
 * one file there, and opening reads it.
 *
 * <p>Views are cheap: they share the maps, and the next write to a shared map copies it first.
 */
public final class MemoryStore implements KeyValueStore {
  private static final String ROWS = "rows";

  private final Path directory;
  private final Map<Integer, Shared> families = new TreeMap<>();
  private boolean closed;

  private MemoryStore(Path directory) {
    this.directory = directory;
  }

  /** A store that lives in {@code directory}, or, where that is null, nowhere. */
  public static MemoryStore open(Path directory) {
    MemoryStore store = new MemoryStore(directory);
    if (directory != null) {
      store.load();
    }
    return store;
  }

  @Override
  public synchronized Optional<byte[]> get(Family family, byte[] key) {
    return get(rows(family).map, key);
  }

  @Override
  public synchronized List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys) {
    return keys.stream().map(key -> get(family, key)).toList();
  }

  @Override
  public synchronized Cursor cursor(Family family) {
    return new MapCursor(rows(family).share());
  }

  @Override
  public synchronized StoreView view() {
    refuseIfClosed();
    Map<Integer, NavigableMap<byte[], byte[]>> shared = new TreeMap<>();
    families.forEach((number, rows) -> shared.put(number, rows.share()));
    return new View(shared);
  }

  @Override
  public synchronized void write(Batch batch) {
    for (Batch.Write write : batch.writes()) {
      NavigableMap<byte[], byte[]> rows = rows(write.family()).toChange();
      if (write.value() == null) {
        rows.remove(write.key());
      } else {
        rows.put(write.key().clone(), write.value().clone());
      }
    }
  }

  @Override
  public synchronized void flush() {
    refuseIfClosed();
    if (directory != null) {
      save(directory);
    }
  }

  @Override
  public synchronized void checkpoint(Path target) {
    flush();
    save(target);
  }

  @Override
  public synchronized void close() {
    closed = true;
    families.clear();
  }

  private Shared rows(Family family) {
    refuseIfClosed();
    return families.computeIfAbsent(family.number(), number -> new Shared());
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new HoldfastException(ErrorCode.UNAVAILABLE, "the store in memory is closed");
    }
  }

  private static Optional<byte[]> get(NavigableMap<byte[], byte[]> rows, byte[] key) {
    return Optional.ofNullable(rows.get(key)).map(byte[]::clone);
  }

  private void save(Path target) {
    try {
      Files.createDirectories(target);
      Path next = target.resolve(ROWS + ".next");
      byte[] rows = encode();
      Files.write(next, ByteBuffer.allocate(rows.length + 8).put(rows).putLong(crc(rows)).array());
      Files.move(next, target.resolve(ROWS), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] encode() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (var family : families.entrySet()) {
      for (var row : family.getValue().map.entrySet()) {
        out.writeInt(family.getKey());
        writeBytes(out, row.getKey());
        writeBytes(out, row.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private void load() {
    Path file = directory.resolve(ROWS);
    if (!Files.exists(file)) {
      return;
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length - 8;
      if (length < 0 || ByteBuffer.wrap(bytes).getLong(length) != crc(bytes, length)) {
        throw new HoldfastException(ErrorCode.CATALOG_DAMAGED, "rows don't read: " + file);
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 0, length));
      while (in.available() > 0) {
        Shared rows = families.computeIfAbsent(in.readInt(), n -> new Shared());
        byte[] key = readBytes(in);
        rows.map.put(key, readBytes(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long crc(byte[] bytes) {
    return crc(bytes, bytes.length);
  }

  private static long crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  /** A map that is copied before the first change after it was shared. */
  private static final class Shared {
    private NavigableMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
    private boolean shared;

    NavigableMap<byte[], byte[]> share() {
      shared = true;
      return map;
    }

    NavigableMap<byte[], byte[]> toChange() {
      if (shared) {
        map = new TreeMap<>(map);
        shared = false;
      }
      return map;
    }
  }

  private static final class View implements StoreView {
    private final Map<Integer, NavigableMap<byte[], byte[]>> families;
    private boolean closed;

    private View(Map<Integer, NavigableMap<byte[], byte[]>> families) {
      this.families = families;
    }

    @Override
    public Optional<byte[]> get(Family family, byte[] key) {
      return MemoryStore.get(rows(family), key);
    }

    @Override
    public List<Optional<byte[]>> multiGet(Family family, List<byte[]> keys) {
      List<Optional<byte[]>> values = new ArrayList<>();
      keys.forEach(key -> values.add(get(family, key)));
      return values;
    }

    @Override
    public Cursor cursor(Family family) {
      return new MapCursor(rows(family));
    }

    @Override
    public void close() {
      closed = true;
    }

    private NavigableMap<byte[], byte[]> rows(Family family) {
      if (closed) {
        throw new IllegalStateException("the view is closed");
      }
      return families.getOrDefault(family.number(), new TreeMap<>(Arrays::compareUnsigned));
    }
  }

  private static final class MapCursor implements Cursor {
    private final NavigableMap<byte[], byte[]> map;
    private Iterator<Map.Entry<byte[], byte[]>> rest;
    private Map.Entry<byte[], byte[]> current;
    private byte[] prefix;

    private MapCursor(NavigableMap<byte[], byte[]> map) {
      this.map = map;
    }

    @Override
    public boolean seek(byte[] wanted) {
      return seek(wanted, wanted);
    }

    @Override
    public boolean seek(byte[] wanted, byte[] from) {
      prefix = wanted;
      rest = map.tailMap(from, true).entrySet().iterator();
      return next();
    }

    @Override
    public boolean next() {
      current = rest.hasNext() ? rest.next() : null;
      if (current == null) {
        return false;
      }
      byte[] key = current.getKey();
      return key.length >= prefix.length
          && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    @Override
    public byte[] key() {
      return current.getKey().clone();
    }

    @Override
    public byte[] value() {
      return current.getValue().clone();
    }

    @Override
    public void close() {
      rest = null;
    }
  }
}
