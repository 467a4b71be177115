package io.holdfast.common.sealing;

import io.holdfast.common.id.RepositoryId;
import java.util.List;

/** Where a planted bug takes the place of a part of sealing; as it stands here, none does. */
interface Sealing {
  Sealing HONEST = new Sealing() {};

  /** What encrypts and authenticates, on both sides. */
  default ChunkCipher cipher(RepositoryId repository) {
    return new ChunkCipher(repository);
  }

  /** Seals by the shared test keys. */
  default ChunkSealer sealer() {
    SealOptions options = new SealOptions(1, SealCheck.NONE);
    return new ChunkSealer(
        SealingKit.KEYS,
        options,
        SealingKit.seeded(1),
        new BodyCompressor(options),
        cipher(SealingKit.REPOSITORY));
  }

  default ChunkOpener opener(ChunkKeys keys) {
    return new ChunkOpener(List.of(keys), cipher(keys.repository()));
  }
}
