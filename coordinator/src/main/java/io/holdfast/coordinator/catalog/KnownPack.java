package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.store.Family;
import java.util.Optional;
import java.util.function.BiFunction;

/** A registered pack and what has become of it. */
public record KnownPack(RegisteredPack pack, PackState state) {

  /** The pack of that number, which some other row names; CATALOG_DAMAGED if it isn't there. */
  static KnownPack get(BiFunction<Family, byte[], Optional<byte[]>> reads, int number) {
    byte[] key = Keys.number(number);
    Optional<byte[]> pack = reads.apply(Families.PACKS, key);
    Optional<byte[]> state = reads.apply(Families.PACK_STATES, key);
    if (pack.isEmpty() || state.isEmpty()) {
      throw missing(number);
    }
    return new KnownPack(RegisteredPack.of(number, pack.get()), PackState.of(state.get()));
  }

  static HoldfastException missing(int number) {
    return new HoldfastException(
        ErrorCode.CATALOG_DAMAGED,
        "the catalog names pack number " + number + " but has no row of it; rebuild the catalog");
  }
}
