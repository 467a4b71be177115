package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;

/**
 * SHA-256 over everything the catalog holds, so that two can be compared: for each family in the
 * order of numbers, number (1), then for each row in the order of keys 1 (1), length of key (4),
 * length of value (4), key, value, then 0 (1).
 *
 * <p>Left out are index rows of packs lost as a whole: nobody sees them, and a catalog rebuilt
 * after the loss never had the footer to make them from.
 */
final class CatalogDigest {
  private final MessageDigest digest = Digests.newSha256();
  private final Reads reads;
  private final BitSet lostPacks;

  private CatalogDigest(Reads reads) {
    this.reads = reads;
    this.lostPacks = lostPacks(reads);
  }

  static Bytes32 of(Reads reads) {
    CatalogDigest digest = new CatalogDigest(reads);
    Families.ALL.forEach(digest::add);
    return Bytes32.of(digest.digest.digest());
  }

  private void add(Family family) {
    digest.update((byte) family.number());
    try (Cursor cursor = reads.cursor(family)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        byte[] key = cursor.key();
        if (!isLeftOut(family, key)) {
          add(key, cursor.value());
        }
      }
    }
    digest.update((byte) 0);
  }

  private void add(byte[] key, byte[] value) {
    digest.update(
        ByteBuffer.allocate(9).put((byte) 1).putInt(key.length).putInt(value.length).flip());
    digest.update(key);
    digest.update(value);
  }

  private boolean isLeftOut(Family family, byte[] key) {
    return family.equals(Families.INDEX)
        ? lostPacks.get(packNumber(key))
        : family.equals(Families.META) && Arrays.equals(key, Keys.JOURNAL_STATE);
  }

  private static int packNumber(byte[] indexKey) {
    return ByteBuffer.wrap(indexKey).getInt(Keys.INDEX_PREFIX_BYTES);
  }

  private static BitSet lostPacks(Reads reads) {
    BitSet lost = new BitSet();
    new PackQueries(reads)
        .forEach(known -> {
          if (known.state().isLost()) {
            lost.set(known.pack().number());
          }
        });
    return lost;
  }
}
