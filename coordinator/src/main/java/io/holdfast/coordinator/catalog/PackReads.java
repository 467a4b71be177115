package io.holdfast.coordinator.catalog;

/** Effects of reading packs from end to end: which one was read longest ago. */
final class PackReads {
  private PackReads() {}

  /** All of pack {@code number} was read, or written, as of this record. */
  static void read(byte[] number, Effects effects) {
    forget(number, effects);
    byte[] now = Keys.seq(effects.timeMillis() ^ Long.MIN_VALUE);
    effects.put(Families.PACK_READS, number, now);
    effects.put(Families.READ_ORDER, Keys.readOrder(now, number), new byte[0]);
  }

  /** It isn't there any more. */
  static void forget(byte[] number, Effects effects) {
    effects
        .get(Families.PACK_READS, number)
        .ifPresent(last -> {
          effects.delete(Families.READ_ORDER, Keys.readOrder(last, number));
          effects.delete(Families.PACK_READS, number);
        });
  }
}
