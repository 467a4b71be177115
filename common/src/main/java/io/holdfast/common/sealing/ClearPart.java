package io.holdfast.common.sealing;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import java.nio.ByteBuffer;
import java.util.List;

/** What a sealer says in clear, and how it is written; {@link SealedHeader} reads it. */
record ClearPart(ChunkKind kind, Codec codec, int generation, int plainLength, int bodyLength) {

  /** A sealed chunk's array with the clear part in place and room for body and tag. */
  byte[] begin(byte[] nonce, List<ChunkRef> references) {
    int clear = SealedHeader.FIXED_LENGTH + references.size() * ChunkRef.LENGTH;
    ByteBuffer out = ByteBuffer.allocate(clear + bodyLength + SealedHeader.TAG_LENGTH);
    out.put((byte) SealedHeader.VERSION);
    out.put((byte) kind.number());
    out.put((byte) codec.number());
    out.put((byte) 0);
    out.putInt(generation);
    out.putInt(plainLength);
    out.putInt(bodyLength);
    out.putInt(references.size());
    out.put(nonce);
    for (ChunkRef reference : references) {
      out.put((byte) reference.kind().number());
      reference.id().value().write(out.array(), out.position());
      out.position(out.position() + ChunkRef.LENGTH - 1);
    }
    return out.array();
  }
}
