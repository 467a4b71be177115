package io.holdfast.common.id;

/** Name of a snapshot: hash of (host, run id, root). */
public record SnapshotId(Bytes32 value) implements Comparable<SnapshotId> {
  public static SnapshotId of(byte[] bytes) {
    return new SnapshotId(Bytes32.of(bytes));
  }

  public static SnapshotId read(byte[] bytes, int offset) {
    return new SnapshotId(Bytes32.read(bytes, offset));
  }

  public static SnapshotId parse(String hex) {
    return new SnapshotId(Bytes32.parse(hex));
  }

  public byte[] toByteArray() {
    return value.toByteArray();
  }

  @Override
  public int compareTo(SnapshotId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
