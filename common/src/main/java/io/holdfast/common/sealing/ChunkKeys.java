package io.holdfast.common.sealing;

import io.holdfast.common.chunking.GearTable;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.KeyGeneration;
import io.holdfast.common.key.KeyGenerations;
import io.holdfast.common.key.Secret;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;

/**
 * What one key generation of a repository derives from its two roots (FORMAT.md, section 1). Chunks
 * deduplicate inside one generation only. Immutable, any thread; doesn't print its secrets.
 */
public final class ChunkKeys {
  private static final byte[] BLOCK_MAP = Expand.label("holdfast v1 block map");
  private static final byte[] CONTENT_TAG = Expand.label("holdfast v1 content tag");

  private final RepositoryId repository;
  private final int generation;
  private final Map<ChunkKind, byte[]> idKeys = new EnumMap<>(ChunkKind.class);
  private final Bytes32 mapKey;
  private final Bytes32 tagKey;
  private final GearTable gear;

  private ChunkKeys(
      RepositoryId repository,
      int generation,
      Map<ChunkKind, byte[]> idKeys,
      Bytes32 mapKey,
      Bytes32 tagKey,
      GearTable gear) {
    this.repository = repository;
    this.generation = generation;
    this.idKeys.putAll(idKeys);
    this.mapKey = mapKey;
    this.tagKey = tagKey;
    this.gear = gear;
  }

  /** Those of every generation of a key ring or grant; derive once and keep them. */
  public static List<ChunkKeys> allOf(RepositoryId repository, KeyGenerations generations) {
    return generations.all().stream().map(generation -> of(repository, generation)).toList();
  }

  /** The keys of one generation of a key ring or grant; copies what it needs. */
  public static ChunkKeys of(RepositoryId repository, KeyGeneration generation) {
    Map<ChunkKind, byte[]> idKeys = new EnumMap<>(ChunkKind.class);
    for (ChunkKind kind : ChunkKind.values()) {
      try (Secret key = generation.idKey(kind)) {
        idKeys.put(kind, key.toByteArray());
      }
    }
    try (Secret mapKey = generation.mapKey();
        Secret tagKey = generation.tagKey()) {
      return new ChunkKeys(
          repository,
          generation.number(),
          idKeys,
          Bytes32.of(mapKey.toByteArray()),
          Bytes32.of(tagKey.toByteArray()),
          GearTable.derive(Bytes32.of(generation.gearSecret().toByteArray())));
    }
  }

  /**
   * Derives all keys of a generation.
   *
   * @param generation as stored in each sealed chunk, 0 and up
   */
  public static ChunkKeys derive(
      RepositoryId repository, int generation, Bytes32 idRoot, Bytes32 gearSecret) {
    if (generation < 0) {
      throw new IllegalArgumentException("key generation " + generation + " is negative");
    }
    Expand expand = new Expand();
    byte[] root = idRoot.toByteArray();
    Map<ChunkKind, byte[]> idKeys = new EnumMap<>(ChunkKind.class);
    for (ChunkKind kind : ChunkKind.values()) {
      String name = kind.name().toLowerCase(Locale.ROOT);
      idKeys.put(kind, expand.expand(root, Expand.label("holdfast v1 id " + name)));
    }
    return new ChunkKeys(
        repository,
        generation,
        idKeys,
        Bytes32.of(expand.expand(root, BLOCK_MAP)),
        Bytes32.of(expand.expand(root, CONTENT_TAG)),
        GearTable.derive(gearSecret));
  }

  public RepositoryId repository() {
    return repository;
  }

  public int generation() {
    return generation;
  }

  /** Key of the fingerprints in block maps. */
  public Bytes32 mapKey() {
    return mapKey;
  }

  /** Key of the content tags of small files. */
  public Bytes32 tagKey() {
    return tagKey;
  }

  /** Table of the rolling hash that decides where content is cut. */
  public GearTable gear() {
    return gear;
  }

  /** A MAC under the id key of a kind, ready for a first plaintext. */
  Mac idMac(ChunkKind kind) {
    return Expand.newMac(idKeys.get(kind));
  }

  @Override
  public String toString() {
    return "ChunkKeys[repository " + repository + ", generation " + generation + "]";
  }
}
