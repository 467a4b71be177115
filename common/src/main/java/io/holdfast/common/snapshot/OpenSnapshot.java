package io.holdfast.common.snapshot;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.sealing.ChunkKeys;
import java.util.List;

/**
 * A snapshot that can be read: who has this has everything that opens it.
 *
 * @param root what leads to all pages; a secret
 * @param keys all key generations that its chunks may be of, at least one
 */
public record OpenSnapshot(SnapshotContent content, Reference root, List<ChunkKeys> keys)
    implements AutoCloseable {
  public OpenSnapshot {
    keys = List.copyOf(keys);
  }

  @Override
  public void close() {
    content.close();
  }
}
