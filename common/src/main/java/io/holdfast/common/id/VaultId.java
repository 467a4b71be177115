package io.holdfast.common.id;

import java.util.UUID;

/**
 * Name of a vault: random, written into its marker when it is made, told from every other by it.
 */
public record VaultId(UUID value) implements Comparable<VaultId> {
  public static VaultId of(byte[] bytes) {
    return new VaultId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static VaultId parse(String hex) {
    return new VaultId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(VaultId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
