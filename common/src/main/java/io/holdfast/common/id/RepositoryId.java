package io.holdfast.common.id;

import java.util.UUID;

/** Name of a repository: random, fixed at genesis, the same at every site. */
public record RepositoryId(UUID value) implements Comparable<RepositoryId> {
  public static RepositoryId of(byte[] bytes) {
    return new RepositoryId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static RepositoryId parse(String hex) {
    return new RepositoryId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(RepositoryId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
