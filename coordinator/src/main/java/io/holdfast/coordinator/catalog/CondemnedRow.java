package io.holdfast.coordinator.catalog;

import java.nio.ByteBuffer;

/**
 * What is condemned of a pack: seq (8) and time (8) of the newest record that condemned any of its
 * entries, and the sealed bytes (8) of all that are.
 */
record CondemnedRow(long seq, long timeMillis, long sealedBytes) {
  static CondemnedRow of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new CondemnedRow(in.getLong(), in.getLong(), in.getLong());
  }

  /**
   * Entries of a pack are condemned as of this record.
   *
   * @param entries how many that weren't before
   * @param sealedBytes of those
   */
  static void add(KnownPack known, int entries, long sealedBytes, Effects effects) {
    if (entries == 0) {
      return;
    }
    byte[] number = Keys.number(known.pack().number());
    long before =
        effects.get(Families.CONDEMNED_PACKS, number).map(row -> of(row).sealedBytes()).orElse(0L);
    ByteBuffer row = ByteBuffer.allocate(3 * Long.BYTES);
    row.putLong(effects.seq()).putLong(effects.timeMillis()).putLong(before + sealedBytes);
    effects.put(Families.CONDEMNED_PACKS, number, row.array());
    effects.count(Total.CONDEMNED_ENTRIES, entries);
    effects.count(Total.CONDEMNED_BYTES, sealedBytes);
  }

  /** The pack isn't there any more. */
  static void forget(KnownPack known, Effects effects) {
    byte[] number = Keys.number(known.pack().number());
    effects
        .get(Families.CONDEMNED_PACKS, number)
        .ifPresent(row -> {
          effects.delete(Families.CONDEMNED_PACKS, number);
          effects.count(Total.CONDEMNED_ENTRIES, -known.state().condemnedEntries());
          effects.count(Total.CONDEMNED_BYTES, -of(row).sealedBytes());
        });
  }
}
