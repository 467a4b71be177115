package io.holdfast.coordinator.retention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many snapshots a decision concerns, by rank: of one source set, or added up, of a host.
 *
 * @param live not deleted
 * @param expiring of these
 * @param awaiting deleted, with an undo
 * @param dropping deleted, without one any more
 * @param undeleting deleted by the rules, which would keep them now
 */
public record RetentionTotals(
    Map<Rank, Long> live, Map<Rank, Long> expiring, long awaiting, long dropping, long undeleting) {
  public static final RetentionTotals NONE = new RetentionTotals(Map.of(), Map.of(), 0, 0, 0);

  public RetentionTotals {
    live = byRank(live);
    expiring = byRank(expiring);
  }

  public RetentionTotals plus(RetentionTotals other) {
    return new RetentionTotals(
        sum(live, other.live),
        sum(expiring, other.expiring),
        awaiting + other.awaiting,
        dropping + other.dropping,
        undeleting + other.undeleting);
  }

  public long liveCount() {
    return upTo(Rank.UNSCHEDULED_ELSEWHERE, live);
  }

  public long expiringCount() {
    return upTo(Rank.UNSCHEDULED_ELSEWHERE, expiring);
  }

  /**
   * The falls among them that nobody approved. What lower ranks have is looked at by itself: a
   * thousand fakes must not make the loss of all others look like little.
   */
  public List<Brake> falls(Approval approval) {
    List<Brake> falls = new ArrayList<>();
    for (Rank rank : Rank.values()) {
      long there = upTo(rank, live);
      long going = upTo(rank, expiring);
      boolean more = live.get(rank) > 0;
      if (more && going > there - going && going > approval.expiring()) {
        falls.add(new Brake.Fall(rank, going, there));
      }
    }
    return falls;
  }

  private static long upTo(Rank rank, Map<Rank, Long> counts) {
    long sum = 0;
    for (Map.Entry<Rank, Long> count : counts.entrySet()) {
      sum += count.getKey().compareTo(rank) <= 0 ? count.getValue() : 0;
    }
    return sum;
  }

  private static Map<Rank, Long> sum(Map<Rank, Long> a, Map<Rank, Long> b) {
    Map<Rank, Long> sum = new EnumMap<>(a);
    b.forEach((rank, count) -> sum.merge(rank, count, Long::sum));
    return sum;
  }

  private static Map<Rank, Long> byRank(Map<Rank, Long> counts) {
    Map<Rank, Long> all = new EnumMap<>(Rank.class);
    for (Rank rank : Rank.values()) {
      all.put(rank, counts.getOrDefault(rank, 0L));
    }
    return Collections.unmodifiableMap(all);
  }
}
