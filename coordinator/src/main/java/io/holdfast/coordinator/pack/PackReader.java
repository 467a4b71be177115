package io.holdfast.coordinator.pack;

import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.ObjectReader;
import io.holdfast.coordinator.vault.Vault;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** Reads ranges of packs; keeps the packs used last open. Any thread; closed by its creator. */
public final class PackReader implements AutoCloseable {
  /** Bytes between two wanted chunks that are rather read than skipped. */
  public static final int GAP_BYTES = 64 << 10;

  /**
   * Most bytes of one read of several chunks. Of 4 MiB the array would be a humongous object to G1,
   * even in the coordinator's regions of 8.
   */
  public static final int RUN_BYTES = 2 << 20;

  /** Packs kept open. */
  private static final int OPEN_LIMIT = 64;

  private final Vault vault;
  private final LinkedHashMap<PackId, Handle> open = new LinkedHashMap<>(16, 0.75f, true);

  public PackReader(Vault vault) {
    this.vault = vault;
  }

  /** Exactly {@code length} bytes of {@code pack} from {@code offset}; errors as ObjectReader's. */
  public byte[] read(PackId pack, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    Handle handle = acquire(pack);
    try {
      handle.reader.read(offset, bytes);
    } finally {
      release(handle);
    }
    return bytes.array();
  }

  /** Lets go of a pack whose object is deleted: its space is free only then. */
  public synchronized void forget(PackId pack) {
    Handle handle = open.remove(pack);
    if (handle != null) {
      handle.retire();
    }
  }

  public static int crc32c(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private synchronized Handle acquire(PackId pack) {
    Handle handle = open.get(pack);
    if (handle == null) {
      handle = new Handle(vault.open(ObjectName.of(PackLayout.objectName(pack))));
      open.put(pack, handle);
      evict();
    }
    handle.users++;
    return handle;
  }

  private void evict() {
    while (open.size() > OPEN_LIMIT) {
      Map.Entry<PackId, Handle> oldest = open.pollFirstEntry();
      oldest.getValue().retire();
    }
  }

  private synchronized void release(Handle handle) {
    handle.users--;
    handle.closeIfUnused();
  }

  @Override
  public synchronized void close() {
    open.values().forEach(Handle::retire);
    open.clear();
  }

  /** Guarded by this reader: closed when retired and no longer used. */
  private static final class Handle {
    private final ObjectReader reader;
    private int users;
    private boolean retired;

    Handle(ObjectReader reader) {
      this.reader = reader;
    }

    void retire() {
      retired = true;
      closeIfUnused();
    }

    void closeIfUnused() {
      if (retired && users == 0) {
        reader.close();
      }
    }
  }
}
