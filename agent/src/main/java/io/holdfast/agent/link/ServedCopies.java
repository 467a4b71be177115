package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.proto.wire.v1.CopyPlace;
import io.holdfast.proto.wire.v1.SealedChunk;
import io.holdfast.proto.wire.v1.UnopenedCopy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which copies of the chunks of one request were served, and which of them didn't open. Bounded by
 * the request. One thread.
 */
final class ServedCopies {
  /** Copies of one chunk that are given up before the chunk is. */
  static final int UNOPENED_MAX = 16;

  private final Map<ChunkRef, CopyPlace> served = new HashMap<>();
  private final Map<ChunkRef, List<CopyPlace>> unopened = new HashMap<>();

  /** Another request begins. */
  void clear() {
    served.clear();
    unopened.clear();
  }

  void served(ChunkRef chunk, SealedChunk copy) {
    if (copy.hasPlace()) {
      served.put(chunk, ownCopy(copy.getPlace()));
    }
  }

  /** The message's own field is a part of the array that also holds the chunk. */
  private static CopyPlace ownCopy(CopyPlace place) {
    return place.toBuilder().setPack(ByteString.copyFrom(place.getPack().toByteArray())).build();
  }

  /** The copy of {@code chunk} served last didn't open; false if no other can be asked for. */
  boolean didNotOpen(ChunkRef chunk) {
    CopyPlace last = served.remove(chunk);
    List<CopyPlace> bad = unopened.computeIfAbsent(chunk, one -> new ArrayList<>());
    if (last == null || bad.size() >= UNOPENED_MAX) {
      return false;
    }
    bad.add(last);
    return true;
  }

  /** The copies of {@code chunk} that are not wanted again, for a request. */
  List<UnopenedCopy> unopened(ChunkRef chunk) {
    return unopened.getOrDefault(chunk, List.of()).stream()
        .map(place ->
            UnopenedCopy.newBuilder()
                .setKindValue(chunk.kind().number())
                .setId(ByteString.copyFrom(chunk.id().toByteArray()))
                .setPlace(place)
                .build())
        .toList();
  }
}
