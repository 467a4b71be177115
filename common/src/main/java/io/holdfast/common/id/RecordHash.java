package io.holdfast.common.id;

/** SHA-256 over all bytes of one journal record. */
public record RecordHash(Bytes32 value) implements Comparable<RecordHash> {
  public static RecordHash of(byte[] bytes) {
    return new RecordHash(Bytes32.of(bytes));
  }

  public static RecordHash read(byte[] bytes, int offset) {
    return new RecordHash(Bytes32.read(bytes, offset));
  }

  public static RecordHash parse(String hex) {
    return new RecordHash(Bytes32.parse(hex));
  }

  public byte[] toByteArray() {
    return value.toByteArray();
  }

  @Override
  public int compareTo(RecordHash other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
