package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.HostQuotaSet;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Effects on how much of the vault each host fills: the sealed bytes of its entries in packs, until
 * a pack as a whole is gone.
 */
final class HostBytes {
  private HostBytes() {}

  /** A pack of {@code owners} was registered. */
  static void add(byte[] packNumber, List<HostId> owners, long[] shares, Effects effects) {
    ByteBuffer row = ByteBuffer.allocate(shares.length * Long.BYTES);
    for (int owner = 0; owner < shares.length; owner++) {
      row.putLong(shares[owner]);
      change(owners.get(owner), shares[owner], effects);
    }
    effects.put(Families.PACK_SHARES, packNumber, row.array());
  }

  /** The pack isn't there any more. */
  static void forget(RegisteredPack pack, Effects effects) {
    byte[] number = Keys.number(pack.number());
    effects
        .get(Families.PACK_SHARES, number)
        .ifPresent(row -> {
          ByteBuffer shares = ByteBuffer.wrap(row);
          pack.owners().forEach(owner -> change(owner, -shares.getLong(), effects));
          effects.delete(Families.PACK_SHARES, number);
        });
  }

  private static void change(HostId host, long by, Effects effects) {
    byte[] key = host.toByteArray();
    long before =
        effects.get(Families.HOST_BYTES, key).map(row -> ByteBuffer.wrap(row).getLong()).orElse(0L);
    if (before + by == 0) {
      effects.delete(Families.HOST_BYTES, key);
    } else {
      effects.put(Families.HOST_BYTES, key, Keys.seq(before + by));
    }
  }

  static void setQuota(HostQuotaSet change, Effects effects) {
    byte[] host = Fields.host(change.getHost()).toByteArray();
    if (!effects.has(Families.HOSTS, host)) {
      effects.ignore();
    } else if (change.getBytes() == 0) {
      effects.delete(Families.HOST_QUOTAS, host);
    } else {
      effects.put(Families.HOST_QUOTAS, host, Keys.seq(change.getBytes()));
    }
  }
}
