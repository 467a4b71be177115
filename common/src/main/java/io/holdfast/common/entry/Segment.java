package io.holdfast.common.entry;

import io.holdfast.common.id.ChunkKind;
import java.util.Objects;
import java.util.Optional;

/**
 * A stretch of a file's content.
 *
 * @param offsetBytes where in the file it begins
 * @param extents where its bytes lie, in order
 * @param blockMap the fingerprints of its blocks, for a file that is changed in place
 */
public record Segment(long offsetBytes, Extents extents, Optional<Reference> blockMap) {
  /** The first segment of an empty file, or of one of which nothing could be read. */
  public static final Segment EMPTY = new Segment(0, Extents.EMPTY, Optional.empty());

  /** Most content of a segment that has a block map. */
  public static final long MAX_BLOCK_MAPPED_BYTES = 1L << 30;

  public Segment {
    Objects.requireNonNull(extents, "extents");
    if (offsetBytes < 0 || offsetBytes > Long.MAX_VALUE - extents.totalBytes()) {
      throw new IllegalArgumentException("segment at " + offsetBytes + " ends beyond 63 bits");
    }
    if (blockMap.isPresent()) {
      checkBlockMapped(blockMap.get(), extents.totalBytes());
    }
  }

  private static void checkBlockMapped(Reference map, long lengthBytes) {
    if (map.kind() != ChunkKind.BLOCK_MAP) {
      throw new IllegalArgumentException("a " + map + " can't be a block map");
    }
    if (lengthBytes > MAX_BLOCK_MAPPED_BYTES) {
      throw new IllegalArgumentException(
          "a block-mapped segment has " + lengthBytes + " bytes, and 1 GiB is allowed");
    }
  }

  /** A stretch without a block map. */
  public static Segment of(long offsetBytes, Extents extents) {
    return new Segment(offsetBytes, extents, Optional.empty());
  }

  public long lengthBytes() {
    return extents.totalBytes();
  }

  /** The byte of the file after the last one of this segment. */
  public long endBytes() {
    return offsetBytes + extents.totalBytes();
  }
}
