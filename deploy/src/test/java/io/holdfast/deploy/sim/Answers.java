package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkSealer;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.proto.wire.v1.ReadAnswer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How a coordinator answers one who reads. */
enum Answers {
  /** As what it holds says. */
  HONEST {
    @Override
    ReadAnswer of(ReadAnswer honest) {
      return honest;
    }
  },
  /**
   * With garbage in place of contents that a hostile host has too: it knows their K, so the garbage
   * is sealed as well as the content was.
   */
  FORGED {
    @Override
    ReadAnswer of(ReadAnswer honest) {
      return Optional.of(honest)
          .filter(ReadAnswer::hasChunk)
          .map(answer -> Forgeries.BY_CHUNK.get(chunk(answer)))
          .map(garbage ->
              honest.toBuilder().setChunk(honest.getChunk().toBuilder().setSealed(garbage)).build())
          .orElse(honest);
    }
  };

  abstract ReadAnswer of(ReadAnswer honest);

  private static ChunkRef chunk(ReadAnswer answer) {
    return new ChunkRef(
        ChunkKind.of(answer.getChunk().getKindValue()),
        ChunkId.of(answer.getChunk().getId().toByteArray()));
  }

  /** Made once: nothing depends on what the garbage is. */
  private static final class Forgeries {
    private static final Map<ChunkRef, ByteString> BY_CHUNK = make();

    private static Map<ChunkRef, ByteString> make() {
      Randomness randomness = new SeededRandomness(20_260_302);
      Map<ChunkRef, ByteString> made = new HashMap<>();
      try (ChunkSealer sealer =
          new ChunkSealer(SimFleet.GENERATIONS.getLast(), SealOptions.STANDARD, randomness)) {
        for (int i = 0; i < SimTree.LARGE_KINDS; i++) {
          byte[] content = SimTree.content(i);
          ChunkKey key = sealer.key(ChunkKind.DATA, content, 0, content.length);
          byte[] garbage = randomness.bytes(content.length);
          byte[] sealed = sealer.seal(key, garbage, 0, garbage.length).bytes();
          made.put(sealer.ref(key), ByteString.copyFrom(sealed));
        }
      }
      return Map.copyOf(made);
    }
  }
}
