package io.holdfast.coordinator.retention;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one reading of a history leaves behind: for each rule and rank the buckets in reach with who
 * stands for them, and the newest good snapshot of each rank. Its size depends on the rules alone,
 * but for a number a day in {@link Floods}.
 */
final class Survey {
  private final Standard standard;
  private final BucketCalendar calendar;
  private final List<Lane> lanes = new ArrayList<>();
  private final Map<Rank, Keeper> newestGood = new EnumMap<>(Rank.class);
  private final Floods floods = new Floods();

  /** The table of one rule for each rank. */
  private record Lane(Period period, Map<Rank, BucketTable> tables) {
    static Lane of(Period period, int count) {
      Map<Rank, BucketTable> tables = new EnumMap<>(Rank.class);
      for (Rank rank : Rank.values()) {
        tables.put(rank, new BucketTable(count));
      }
      return new Lane(period, tables);
    }

    BucketTable of(Rank rank) {
      return tables.get(rank);
    }
  }

  Survey(Standard standard) {
    this.standard = standard;
    this.calendar = BucketCalendar.of(standard.rules().zone());
    for (Period period : Period.values()) {
      int count = standard.rules().count(period);
      if (count > 0) {
        lanes.add(Lane.of(period, count));
      }
    }
  }

  void add(SnapshotFacts snapshot) {
    floods.add(snapshot);
    if (standard.flawOf(snapshot).isEmpty()) {
      addGood(snapshot, Keeper.of(snapshot));
    }
  }

  /** It counts for its own rank and for all that give way to it. */
  private void addGood(SnapshotFacts snapshot, Keeper keeper) {
    List<Rank> concerned = keeper.rank().andHigher();
    for (Lane lane : lanes) {
      long bucket = calendar.bucket(lane.period(), snapshot.time());
      for (Rank rank : concerned) {
        lane.of(rank).offer(bucket, keeper);
      }
    }
    for (Rank rank : concerned) {
      newestGood.merge(rank, keeper, (a, b) -> Keeper.BY_AGE.compare(a, b) >= 0 ? a : b);
    }
  }

  Optional<Brake.Flood> flood() {
    return floods.worst(standard.situation().approval());
  }

  /** The newest good one of all that snapshots of {@code rank} give way to. */
  Optional<Keeper> newestGood(Rank rank) {
    return Optional.ofNullable(newestGood.get(rank));
  }

  /** For each rule that keeps a good snapshot because it stands for its bucket: that reason. */
  void whereItStands(SnapshotFacts snapshot, List<Reason> reasons) {
    Keeper keeper = Keeper.of(snapshot);
    for (Lane lane : lanes) {
      long bucket = calendar.bucket(lane.period(), snapshot.time());
      if (lane.of(keeper.rank()).isKept(bucket, keeper)) {
        reasons.add(new Reason.Stands(lane.period(), snapshot.time(), calendar.zone()));
      }
    }
  }

  /** For each rule in whose reach nothing stands in the place of one that doesn't count. */
  void whereNothingStands(SnapshotFacts snapshot, Flaw flaw, List<Reason> reasons) {
    for (Lane lane : lanes) {
      BucketTable table = lane.of(snapshot.rank());
      long bucket = calendar.bucket(lane.period(), snapshot.time());
      if (table.reaches(bucket) && !table.isTaken(bucket)) {
        reasons.add(
            new Reason.NothingBetter(lane.period(), snapshot.time(), calendar.zone(), flaw));
      }
    }
  }

  /** For each rule that reaches back to its arrival, whoever stands there. */
  void sinceItArrived(SnapshotFacts snapshot, Origin.Imported origin, List<Reason> reasons) {
    for (Lane lane : lanes) {
      long bucket = calendar.bucket(lane.period(), origin.arrived());
      if (lane.of(snapshot.rank()).reaches(bucket)) {
        reasons.add(new Reason.ArrivedLate(lane.period(), origin.arrived()));
      }
    }
  }
}
