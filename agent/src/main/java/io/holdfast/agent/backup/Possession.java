package io.holdfast.agent.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.holdfast.common.entry.Reference;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a page's uploader shows: the clear references, and {@code own} of each, back to back, in the
 * same order.
 */
record Possession(List<ChunkRef> references, ByteString owns) {
  static Possession of(List<Reference> references) {
    List<ChunkRef> ids = new ArrayList<>(references.size());
    byte[] owns = new byte[references.size() * Bytes32.LENGTH];
    for (int i = 0; i < references.size(); i++) {
      ChunkKey key = new ChunkKey(references.get(i).kind(), references.get(i).key());
      ids.add(key.ref());
      key.own().write(owns, i * Bytes32.LENGTH);
    }
    return new Possession(ids, UnsafeByteOperations.unsafeWrap(owns));
  }
}
