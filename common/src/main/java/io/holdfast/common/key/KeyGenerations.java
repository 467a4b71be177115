package io.holdfast.common.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import java.util.ArrayList;
import java.util.List;

/**
 * The generations a repository has or a host was granted: at least one, ascending. The highest is
 * current: new chunks use it, older ones stay for reading. Immutable but for {@code close}.
 */
public final class KeyGenerations implements AutoCloseable {
  private static final int COUNT_MAX = 1024;

  private final List<KeyGeneration> ascending;

  private KeyGenerations(List<KeyGeneration> ascending) {
    this.ascending = List.copyOf(ascending);
  }

  /** A first generation, number 1. */
  public static KeyGenerations generate(Randomness randomness) {
    return new KeyGenerations(List.of(KeyGeneration.generate(1, randomness)));
  }

  /** These and a new current one. Shares the old generations with this object. */
  public KeyGenerations withNext(Randomness randomness) {
    List<KeyGeneration> longer = new ArrayList<>(ascending);
    longer.add(KeyGeneration.generate(current().number() + 1, randomness));
    return new KeyGenerations(longer);
  }

  public KeyGeneration current() {
    return ascending.getLast();
  }

  public List<KeyGeneration> all() {
    return ascending;
  }

  /** KEY_UNAVAILABLE if generation {@code number} isn't here. */
  public KeyGeneration get(int number) {
    return ascending.stream()
        .filter(generation -> generation.number() == number)
        .findFirst()
        .orElseThrow(() -> missing(number));
  }

  private HoldfastException missing(int number) {
    return new HoldfastException(
        ErrorCode.KEY_UNAVAILABLE,
        "key generation "
            + Integer.toUnsignedString(number)
            + " is not known here; the newest known"
            + " is "
            + current().number()
            + ": fetch the repository's newer keys, then try again");
  }

  List<io.holdfast.proto.stored.v1.KeyGeneration> toProto() {
    return ascending.stream().map(KeyGenerations::toProto).toList();
  }

  private static io.holdfast.proto.stored.v1.KeyGeneration toProto(KeyGeneration generation) {
    return io.holdfast.proto.stored.v1.KeyGeneration.newBuilder()
        .setNumber(generation.number())
        .setIdRoot(ByteString.copyFrom(generation.idRoot().open()))
        .setGearSecret(ByteString.copyFrom(generation.gearSecret().open()))
        .build();
  }

  /** MALFORMED unless there is at least one, ascending, with keys of the right length. */
  static KeyGenerations ofProto(List<io.holdfast.proto.stored.v1.KeyGeneration> stored) {
    if (stored.isEmpty() || stored.size() > COUNT_MAX) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "a list of keys holds " + stored.size() + " generations");
    }
    List<KeyGeneration> ascending = new ArrayList<>(stored.size());
    for (io.holdfast.proto.stored.v1.KeyGeneration one : stored) {
      if (!ascending.isEmpty() && one.getNumber() <= ascending.getLast().number()) {
        throw new HoldfastException(ErrorCode.MALFORMED, "key generations are out of order");
      }
      ascending.add(
          new KeyGeneration(
              one.getNumber(),
              Secret.take(one.getIdRoot().toByteArray()),
              Secret.take(one.getGearSecret().toByteArray())));
    }
    return new KeyGenerations(ascending);
  }

  @Override
  public void close() {
    ascending.forEach(KeyGeneration::close);
  }

  @Override
  public String toString() {
    return "KeyGenerations" + ascending;
  }
}
