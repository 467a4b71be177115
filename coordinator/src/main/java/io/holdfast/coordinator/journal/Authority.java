package io.holdfast.coordinator.journal;

import io.holdfast.common.id.IncarnationId;
import java.util.Comparator;

/**
 * In whose name something is done. Compares as (site epoch, incarnation, term); the order of
 * incarnations is their number in the journal, 1 at genesis, since their ids are random.
 */
public record Authority(
    SiteEpoch epoch, int incarnationNumber, IncarnationId incarnation, long term)
    implements Comparable<Authority> {
  private static final Comparator<Authority> ORDER =
      Comparator.comparingLong((Authority authority) -> authority.epoch.number())
          .thenComparingInt(Authority::incarnationNumber)
          .thenComparingLong(Authority::term);

  @Override
  public int compareTo(Authority other) {
    return ORDER.compare(this, other);
  }
}
