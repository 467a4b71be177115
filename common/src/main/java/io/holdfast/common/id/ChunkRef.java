package io.holdfast.common.id;

/** What the index is keyed by: a chunk's kind and id together. */
public record ChunkRef(ChunkKind kind, ChunkId id) implements Comparable<ChunkRef> {
  /** Bytes of the stored form: the kind's number, then the id. */
  public static final int LENGTH = 1 + Bytes32.LENGTH;

  /** The same in every process, so that what iterates over hashed references is repeatable. */
  @Override
  public int hashCode() {
    return 31 * id.hashCode() + kind.number();
  }

  @Override
  public int compareTo(ChunkRef other) {
    int order = Integer.compare(kind.number(), other.kind.number());
    return order != 0 ? order : id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT) + ":" + id;
  }
}
