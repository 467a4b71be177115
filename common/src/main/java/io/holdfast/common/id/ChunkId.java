package io.holdfast.common.id;

/** Name of a chunk: SHA-256 of its own value. Lies in clear; proves nothing and opens nothing. */
public record ChunkId(Bytes32 value) implements Comparable<ChunkId> {
  public static ChunkId of(byte[] bytes) {
    return new ChunkId(Bytes32.of(bytes));
  }

  public static ChunkId read(byte[] bytes, int offset) {
    return new ChunkId(Bytes32.read(bytes, offset));
  }

  public static ChunkId parse(String hex) {
    return new ChunkId(Bytes32.parse(hex));
  }

  public byte[] toByteArray() {
    return value.toByteArray();
  }

  @Override
  public int compareTo(ChunkId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
