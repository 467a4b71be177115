package io.holdfast.coordinator.proof;

import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;
import java.util.List;
import java.util.Optional;

/**
 * Something that isn't as it should be.
 *
 * @param pack where; empty if the chunk is nowhere any more
 * @param offset bytes from the pack's start; 0 for what concerns the whole pack
 * @param chunk which; empty for what concerns the whole pack
 * @param error what is wrong and what to do
 * @param files files that need the chunk, at most {@link FaultFiles#FILES_LIMIT}; for a page, the
 *     first path that it held
 */
public record Fault(
    Optional<PackId> pack,
    long offset,
    Optional<ChunkRef> chunk,
    HoldfastException error,
    List<EntryPath> files) {
  public Fault {
    files = List.copyOf(files);
  }

  static Fault ofPack(PackId pack, long offset, HoldfastException error) {
    return new Fault(Optional.of(pack), offset, Optional.empty(), error, List.of());
  }

  /** Something is wrong that has no place in a pack. */
  public static Fault of(HoldfastException error) {
    return new Fault(Optional.empty(), 0, Optional.empty(), error, List.of());
  }

  Fault withFiles(List<EntryPath> found) {
    return new Fault(pack, offset, chunk, error, found);
  }
}
