package io.holdfast.common.id;

import java.util.UUID;

/** Name of a fleet: random, made with its root certificate and carried in every certificate. */
public record FleetId(UUID value) implements Comparable<FleetId> {
  public static FleetId of(byte[] bytes) {
    return new FleetId(Bytes16.of(bytes));
  }

  /** Parses the 32 hexadecimal digits that {@link #toString} prints. */
  public static FleetId parse(String hex) {
    return new FleetId(Bytes16.parse(hex));
  }

  public byte[] toByteArray() {
    return Bytes16.toByteArray(value);
  }

  @Override
  public int compareTo(FleetId other) {
    return Bytes16.compare(value, other.value);
  }

  @Override
  public String toString() {
    return Bytes16.toHex(value);
  }
}
