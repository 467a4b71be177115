package io.holdfast.coordinator.ingest;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.unit.DataSize;
import io.holdfast.coordinator.catalog.CatalogView;
import java.util.function.Supplier;

/**
 * How much of the vault a host may fill. Nothing is ever deleted to make room: a host that has
 * filled its quota begins no backup, and one that comes to it in the middle of a backup ends there;
 * what is stored can be restored. Any thread.
 *
 * @param byDefault bytes for hosts without a quota of their own; 0 for none
 */
public record HostQuotas(Supplier<CatalogView> views, long byDefault) {
  /** What a quota is that was lifted. */
  public static final long UNLIMITED = -1; // the highest, unsigned

  /** Bytes that {@code host} may fill; 0 for no quota. */
  public long of(HostId host) {
    try (CatalogView view = views.get()) {
      long own = view.fleet().quota(host).orElse(byDefault);
      return own == UNLIMITED ? 0 : own;
    }
  }

  /** QUOTA_EXCEEDED if {@code host} has filled its quota. */
  void require(HostId host) {
    long quota = of(host);
    if (quota == 0) {
      return;
    }
    long stored;
    try (CatalogView view = views.get()) {
      stored = view.fleet().storedBytes(host);
    }
    if (Long.compareUnsigned(stored, quota) >= 0) {
      throw new HoldfastException(
          ErrorCode.QUOTA_EXCEEDED,
          "host "
              + host
              + " fills "
              + new DataSize(stored)
              + " of the vault, and its quota is "
              + new DataSize(quota)
              + ": nothing more is taken, what is stored can be restored. Raise the quota (holdfast"
              + " host quota), or let snapshots of it go");
    }
  }
}
