package io.holdfast.agent.restore;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.sealing.ChunkKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything of one window that comes out of one chunk. Each place holds its file until it is done.
 */
final class ChunkWants {
  private record Place(FileRestore file, long position, int offset, int length) {}

  private final ChunkKey key;
  private final List<Place> places = new ArrayList<>(1);

  ChunkWants(ChunkKey key) {
    this.key = key;
  }

  ChunkKey key() {
    return key;
  }

  void add(FileRestore file, long position, int offset, int length) {
    file.hold();
    places.add(new Place(file, position, offset, length));
  }

  /** Writes the chunk's plaintext to all its places. */
  void write(byte[] plaintext, int plainLength) {
    for (Place place : places) {
      if (place.length > plainLength - place.offset) {
        place.file.fail(beyondChunk(place, plainLength));
      } else {
        place.file.write(place.position, plaintext, place.offset, place.length);
      }
      place.file.release();
    }
  }

  void fail(HoldfastException cause) {
    for (Place place : places) {
      place.file.fail(cause);
      place.file.release();
    }
  }

  private static HoldfastException beyondChunk(Place place, int plainLength) {
    return new HoldfastException(
        ErrorCode.PAGE_CORRUPT,
        "'%s' wants %d bytes at %d of a chunk that has %d; restore it from another snapshot"
            .formatted(place.file.path(), place.length, place.offset, plainLength));
  }
}
