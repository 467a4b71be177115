package io.holdfast.common.id;

import java.util.UUID;

/** Somebody who may act on the fleet, whatever he is called: random, never given again. */
public record PersonId(UUID value) implements Comparable<PersonId> {
  public static PersonId of(byte[] bytes) {
    return new PersonId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static PersonId parse(String hex) {
    return new PersonId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(PersonId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
