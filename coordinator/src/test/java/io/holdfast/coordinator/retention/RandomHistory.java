package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Histories and rules from a seed, dense enough that everything meets everything. */
final class RandomHistory {
  private static final List<ZoneId> ZONES =
      List.of(
          ZoneId.of("UTC"),
          ZoneId.of("Europe/Berlin"),
          ZoneId.of("America/Sao_Paulo"),
          ZoneId.of("Australia/Lord_Howe"),
          ZoneId.of("Pacific/Apia"),
          ZoneId.of("Asia/Kathmandu"));

  /**
   * Ends with the hour that Berlin repeats, not far behind the one that Lord Howe skips half of.
   */
  static final Instant NOW = Instant.parse("2026-10-25T03:00:00Z");

  private final Random random;
  private final Duration grid;
  private long ids;

  RandomHistory(Random random) {
    this.random = random;
    this.grid =
        List.of(Duration.ofMinutes(10), Duration.ofHours(3), Duration.ofHours(30))
            .get(random.nextInt(3));
  }

  List<SnapshotFacts> snapshots(int most) {
    List<SnapshotFacts> history = new ArrayList<>();
    for (int count = random.nextInt(most + 1); count > 0; count--) {
      history.add(any());
    }
    return history;
  }

  /** Good ones that the schedule here ordered, now and then two for one time. */
  List<SnapshotFacts> goodOnes(int count) {
    List<SnapshotFacts> history = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      history.add(Taken.scheduled(nextId(), time()).facts());
    }
    return history;
  }

  SnapshotFacts any() {
    Taken taken = random.nextInt(10) < 7 ? scheduled() : Taken.unscheduled(nextId(), time());
    if (random.nextInt(3) == 0) {
      taken = flawed(taken);
    }
    if (random.nextInt(6) == 0) {
      Instant arrived = taken.facts().committed().plus(grid.multipliedBy(random.nextInt(-1, 20)));
      taken = taken.imported(arrived, random.nextInt(3) == 0);
    }
    return taken.facts();
  }

  /** What a host can make: unscheduled, or not good. */
  SnapshotFacts fake() {
    return random.nextBoolean()
        ? Taken.unscheduled(nextId(), time()).facts()
        : notGood(scheduled()).facts();
  }

  private Taken scheduled() {
    Instant nominal = time();
    return Taken.scheduled(
        nextId(), nominal, nominal.plus(grid.multipliedBy(random.nextInt(4)).dividedBy(3)));
  }

  private Taken flawed(Taken taken) {
    return switch (random.nextInt(4)) {
      case 0 -> taken.held("hold");
      case 1 ->
          taken.with(
              new Life.Deleted(
                  NOW.plus(grid.multipliedBy(random.nextInt(-3, 4))),
                  random.nextBoolean() ? Life.Cause.OPERATOR : Life.Cause.RETENTION));
      case 2 -> taken.with(new Life.Live(Optional.of(time())));
      default -> notGood(taken);
    };
  }

  private Taken notGood(Taken taken) {
    return switch (random.nextInt(5)) {
      case 0 -> taken.with(Taken.MANY_GAPS);
      case 1 -> taken.with(SnapshotHealth.State.STORED);
      case 2 -> taken.with(SnapshotHealth.State.CHECKED);
      case 3 -> taken.with(SnapshotHealth.State.DAMAGED);
      default -> taken.suspect();
    };
  }

  /** A few may lie ahead of now. */
  private Instant time() {
    return NOW.minus(grid.multipliedBy(random.nextInt(-2, 60)));
  }

  private long nextId() {
    ids++;
    return random.nextLong(1 << 20) << 20 | ids;
  }

  RetentionRules rules() {
    RetentionRules rules =
        RetentionRules.in(ZONES.get(random.nextInt(ZONES.size())))
            .keepWithin(Duration.ofHours(24 + 12L * random.nextInt(4)));
    for (Period period : Period.values()) {
      rules = rules.keep(period, random.nextInt(3) == 0 ? 0 : random.nextInt(6));
    }
    return rules;
  }

  /** Rules that keep at least as much. */
  RetentionRules looser(RetentionRules rules) {
    RetentionRules looser = rules.keepWithin(rules.within().plus(grid));
    for (Period period : Period.values()) {
      looser = looser.keep(period, looser.count(period) + random.nextInt(3));
    }
    return looser;
  }
}
