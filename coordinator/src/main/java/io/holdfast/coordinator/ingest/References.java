package io.holdfast.coordinator.ingest;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import java.util.ArrayList;
import java.util.List;

/** Lists of chunk references on the wire: kind (1) and id (32) of each, back to back. */
public final class References {
  private References() {}

  /** MALFORMED if the bytes aren't whole references, MESSAGE_TOO_LARGE beyond {@code limit}. */
  public static List<ChunkRef> parse(ByteString bytes, int limit) {
    if (bytes.size() % ChunkRef.LENGTH != 0) {
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          "a list of references has " + bytes.size() + " bytes, not whole ones");
    }
    int count = bytes.size() / ChunkRef.LENGTH;
    if (count > limit) {
      throw new HoldfastException(
          ErrorCode.MESSAGE_TOO_LARGE, count + " references in one message, " + limit + " allowed");
    }
    byte[] in = bytes.toByteArray();
    List<ChunkRef> references = new ArrayList<>(count);
    for (int at = 0; at < in.length; at += ChunkRef.LENGTH) {
      references.add(new ChunkRef(ChunkKind.of(in[at]), ChunkId.read(in, at + 1)));
    }
    return references;
  }

  /** MALFORMED unless {@code keys} holds one K for each of {@code references}. */
  static void requireKeys(List<ChunkRef> references, ByteString keys) {
    if (keys.size() != references.size() * Bytes32.LENGTH) {
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          keys.size() + " bytes of keys came with " + references.size() + " references");
    }
  }

  /** The key that came with the reference at {@code at}. */
  static ChunkKey key(List<ChunkRef> references, ByteString keys, int at) {
    int from = at * Bytes32.LENGTH;
    byte[] k = keys.substring(from, from + Bytes32.LENGTH).toByteArray();
    return new ChunkKey(references.get(at).kind(), Bytes32.of(k));
  }

  public static ByteString encode(List<ChunkRef> references) {
    ByteString.Output out = ByteString.newOutput(references.size() * ChunkRef.LENGTH);
    for (ChunkRef reference : references) {
      out.write(reference.kind().number());
      byte[] id = reference.id().toByteArray();
      out.write(id, 0, id.length);
    }
    return out.toByteString();
  }
}
