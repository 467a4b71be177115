package io.holdfast.coordinator.catalog;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What is condemned of a pack: seq (8) and time (8) of the newest record that condemned any of its
 * entries, the sealed bytes (8) of all that are, and of those the bytes (8) of surplus.
 */
record CondemnedRow(long seq, long timeMillis, long sealedBytes, long surplusBytes) {
  static CondemnedRow of(byte[] row) {
    ByteBuffer in = ByteBuffer.wrap(row);
    return new CondemnedRow(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /**
   * Entries of a pack are condemned as of this record.
   *
   * @param entries how many that weren't before
   * @param sealedBytes of those
   */
  static void add(KnownPack known, int entries, long sealedBytes, Effects effects) {
    add(known, entries, sealedBytes, 0, effects);
  }

  /** As the other one, of second copies. */
  static void addSurplus(KnownPack known, int entries, long sealedBytes, Effects effects) {
    add(known, entries, sealedBytes, sealedBytes, effects);
  }

  private static void add(
      KnownPack known, int entries, long sealedBytes, long surplusBytes, Effects effects) {
    if (entries == 0) {
      return;
    }
    byte[] number = Keys.number(known.pack().number());
    Optional<CondemnedRow> before =
        effects.get(Families.CONDEMNED_PACKS, number).map(row -> of(row));
    CondemnedRow after =
        new CondemnedRow(
            effects.seq(),
            effects.timeMillis(),
            before.map(CondemnedRow::sealedBytes).orElse(0L) + sealedBytes,
            before.map(CondemnedRow::surplusBytes).orElse(0L) + surplusBytes);
    effects.put(Families.CONDEMNED_PACKS, number, after.toRow());
    effects.count(Total.CONDEMNED_ENTRIES, entries);
    effects.count(Total.CONDEMNED_BYTES, sealedBytes);
    effects.count(Total.SURPLUS_BYTES, surplusBytes);
  }

  private byte[] toRow() {
    ByteBuffer row = ByteBuffer.allocate(4 * Long.BYTES);
    return row.putLong(seq).putLong(timeMillis).putLong(sealedBytes).putLong(surplusBytes).array();
  }

  /** The pack isn't there any more. */
  static void forget(KnownPack known, Effects effects) {
    byte[] number = Keys.number(known.pack().number());
    effects
        .get(Families.CONDEMNED_PACKS, number)
        .map(CondemnedRow::of)
        .ifPresent(row -> {
          effects.delete(Families.CONDEMNED_PACKS, number);
          effects.count(Total.CONDEMNED_ENTRIES, -known.state().condemnedEntries());
          effects.count(Total.CONDEMNED_BYTES, -row.sealedBytes());
          effects.count(Total.SURPLUS_BYTES, -row.surplusBytes());
        });
  }
}
