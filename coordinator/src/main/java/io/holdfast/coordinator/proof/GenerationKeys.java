package io.holdfast.coordinator.proof;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.key.KeyGeneration;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.sealing.ChunkKeys;
import java.util.Arrays;
import java.util.List;

/** From the key ring to what opens chunks. */
public final class GenerationKeys {
  private GenerationKeys() {}

  /** The chunk keys of every generation that {@code ring} holds; derive once and keep them. */
  public static List<ChunkKeys> of(RepositoryKeys ring) {
    return ring.generations().all().stream().map(generation -> derive(ring, generation)).toList();
  }

  private static ChunkKeys derive(RepositoryKeys ring, KeyGeneration generation) {
    byte[] idRoot = generation.idRoot().toByteArray();
    byte[] gearSecret = generation.gearSecret().toByteArray();
    ChunkKeys keys =
        ChunkKeys.derive(
            ring.repository(), generation.number(), Bytes32.of(idRoot), Bytes32.of(gearSecret));
    Arrays.fill(idRoot, (byte) 0);
    Arrays.fill(gearSecret, (byte) 0);
    return keys;
  }
}
