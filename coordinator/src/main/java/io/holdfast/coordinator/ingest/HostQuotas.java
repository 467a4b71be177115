package io.holdfast.coordinator.ingest;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.unit.DataSize;
import io.holdfast.coordinator.catalog.CatalogView;
import java.util.List;
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

  /** Of a quota's parts so many are left when operators are warned. (tune) */
  private static final int WARNED_AT_PARTS = 10;

  /**
   * A host that fills its quota, or nearly.
   *
   * @param storedBytes unsigned, like the quota
   */
  public record Filled(HostId host, long storedBytes, long quotaBytes) {
    public boolean isFull() {
      return Long.compareUnsigned(storedBytes, quotaBytes) >= 0;
    }

    private boolean isNear() {
      long left = Long.divideUnsigned(quotaBytes, WARNED_AT_PARTS);
      return Long.compareUnsigned(storedBytes, quotaBytes - left) >= 0;
    }
  }

  /** Bytes that {@code host} may fill; 0 for no quota. */
  public long of(HostId host) {
    try (CatalogView view = views.get()) {
      return of(host, view);
    }
  }

  private long of(HostId host, CatalogView view) {
    long own = view.fleet().quota(host).orElse(byDefault);
    return own == UNLIMITED ? 0 : own;
  }

  /** The hosts, except revoked ones, that have a tenth of their quota left, or less. */
  public List<Filled> nearlyFilled() {
    try (CatalogView view = views.get()) {
      return view.fleet().hosts().stream()
          .filter(host -> host.revokedSeq().isEmpty())
          .map(host ->
              new Filled(host.id(), view.fleet().storedBytes(host.id()), of(host.id(), view)))
          .filter(filled -> filled.quotaBytes() != 0 && filled.isNear())
          .toList();
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
