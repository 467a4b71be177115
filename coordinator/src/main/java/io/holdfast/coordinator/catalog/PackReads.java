package io.holdfast.coordinator.catalog;

/** Effects of reading packs from end to end: which one was read longest ago, and by whose word. */
final class PackReads {
  private PackReads() {}

  /** All of pack {@code number} was read, or written, as of this record. */
  static void read(byte[] number, Effects effects) {
    forget(number, effects);
    Statement now = effects.statement();
    effects.put(Families.PACK_READS, number, now.toRow());
    effects.put(Families.READ_ORDER, order(now, number), new byte[0]);
  }

  /** It isn't there any more. */
  static void forget(byte[] number, Effects effects) {
    effects
        .get(Families.PACK_READS, number)
        .map(Statement::of)
        .ifPresent(last -> {
          effects.delete(Families.READ_ORDER, order(last, number));
          effects.delete(Families.PACK_READS, number);
        });
  }

  static byte[] order(Statement read, byte[] number) {
    return Keys.readOrder(Keys.seq(read.timeMillis() ^ Long.MIN_VALUE), number);
  }
}
