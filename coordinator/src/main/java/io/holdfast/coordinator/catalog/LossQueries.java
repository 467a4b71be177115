package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;

/** The newest losses: what was established before one of them is no longer believed. */
public final class LossQueries {
  private final Reads reads;

  LossQueries(Reads reads) {
    this.reads = reads;
  }

  /** Seq of the newest loss that undoes every host's page checks; 0 if there was none. */
  public long newestForAll() {
    return seq(Keys.ANY_HOSTS_LOSS);
  }

  /**
   * Seq of the newest loss that undoes page checks of {@code host}, be it everybody's or a failed
   * proof of what {@code host} uploaded; 0 if there was none. A check made at that seq or later
   * holds.
   */
  public long newestFor(HostId host) {
    return Math.max(newestForAll(), seq(Keys.loss(host)));
  }

  /**
   * Seq of the newest record that undoes page checks of {@code host}: a loss as in {@link
   * #newestFor}, or a Condemn.
   */
  public long newestUndoing(HostId host) {
    return Math.max(newestFor(host), seq(Keys.ANY_CONDEMN));
  }

  private long seq(byte[] key) {
    return reads.get(Families.LOSSES, key).map(row -> ByteBuffer.wrap(row).getLong()).orElse(0L);
  }
}
