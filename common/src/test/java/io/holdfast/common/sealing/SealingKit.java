package io.holdfast.common.sealing;

import io.holdfast.common.golden.Content;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.seam.Randomness;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Keys, references and randomness that the tests of this package share. */
final class SealingKit {
  static final RepositoryId REPOSITORY = new RepositoryId(new UUID(1, 2));
  static final Bytes32 ID_ROOT = new Bytes32(1, 2, 3, 4);
  static final ChunkKeys KEYS = ChunkKeys.derive(REPOSITORY, 1, ID_ROOT, Bytes32.ZERO);

  private SealingKit() {}

  static Randomness seeded(long seed) {
    return new Random(seed)::nextBytes;
  }

  static ChunkSealer sealer(SealCheck check) {
    return new ChunkSealer(KEYS, new SealOptions(1, check), seeded(1));
  }

  static ChunkSealer sealer(SealOptions options, BodyCompressor compressor) {
    return new ChunkSealer(KEYS, options, seeded(1), compressor, new ChunkCipher(REPOSITORY));
  }

  static ChunkOpener opener() {
    return new ChunkOpener(List.of(KEYS));
  }

  static ChunkKey key(ChunkSealer sealer, ChunkKind kind, byte[] plain) {
    return sealer.key(kind, plain, 0, plain.length);
  }

  static SealedChunk seal(ChunkSealer sealer, ChunkKind kind, byte[] plain) {
    return sealer.seal(key(sealer, kind, plain), plain, 0, plain.length);
  }

  static List<ChunkRef> references(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> {
          ChunkKind kind = ChunkKind.of(i % 4 + 1);
          return new ChunkRef(kind, ChunkId.of(Content.random(i + 1, 32)));
        })
        .toList();
  }
}
