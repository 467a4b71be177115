package io.holdfast.coordinator.watch;

import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.prune.PruneRounds.Frozen;
import io.holdfast.coordinator.retention.Brake;
import io.holdfast.coordinator.retention.clock.ClockDoubt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What keeps snapshots that the rules let go: a brake on a host, or a clock that isn't believed,
 * which is one alarm and not one for each host. Any thread.
 *
 * @param frozen what the last round of retention found; empty before the first one
 * @param doubt of the clock
 */
record RetentionAlarms(
    Supplier<Optional<List<Frozen>>> frozen, Supplier<Optional<ClockDoubt>> doubt)
    implements AlarmSource {
  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.RETENTION_FROZEN, AlarmKind.CLOCK_DOUBTED);
  }

  @Override
  public Look look(Instant now) {
    Optional<List<Frozen>> found = frozen.get();
    List<Frozen> hosts = found.orElse(List.of());
    List<Alarm> alarms = new ArrayList<>();
    doubt
        .get()
        .filter(why -> matters(why, hosts))
        .map(why -> doubted(why, now))
        .ifPresent(alarms::add);
    for (Frozen host : hosts) {
      List<Brake> brakes = host.brakes().stream().filter(brake -> !isOfClock(brake)).toList();
      if (!brakes.isEmpty()) {
        alarms.add(frozen(host, brakes, now));
      }
    }
    return new Look(alarms, found.isPresent());
  }

  /** Every coordinator's clock is new at first, when there is nothing to expire anyway. */
  private static boolean matters(ClockDoubt doubt, List<Frozen> hosts) {
    return doubt.cause() != ClockDoubt.Cause.NEW
        || hosts.stream()
            .anyMatch(host -> host.brakes().stream().anyMatch(brake -> isOfClock(brake)));
  }

  private static boolean isOfClock(Brake brake) {
    return brake instanceof Brake.ClockDoubted;
  }

  private static Alarm doubted(ClockDoubt doubt, Instant now) {
    return new Alarm(
        AlarmKind.CLOCK_DOUBTED,
        "clock",
        Severity.WARNING,
        doubt.cause().name().toLowerCase(Locale.ROOT) + " " + doubt.since(),
        doubt.since().isBefore(now) ? doubt.since() : now,
        doubt.words() + ", so nothing expires",
        "compare it with another clock and say that it is right: holdfast clock confirm",
        Affected.NONE);
  }

  private static Alarm frozen(Frozen host, List<Brake> brakes, Instant now) {
    String name = HostWords.printable(host.host().name());
    String id = host.host().id().toString();
    return new Alarm(
        AlarmKind.RETENTION_FROZEN,
        id,
        Severity.WARNING,
        brakes.stream()
            .map(RetentionAlarms::word)
            .distinct()
            .sorted()
            .collect(Collectors.joining(" ")),
        now,
        "nothing of host "
            + name
            + " expires: "
            + brakes.stream().map(Brake::wrong).collect(Collectors.joining("; ")),
        brakes.stream().map(Brake::settledBy).distinct().collect(Collectors.joining("; "))
            + ": holdfast retention plan --host "
            + name
            + ", holdfast retention approve "
            + name,
        Affected.host(id, name));
  }

  private static String word(Brake brake) {
    return switch (brake) {
      case Brake.ClockDoubted _ -> "clock";
      case Brake.Flood _ -> "flood";
      case Brake.Fall _ -> "fall";
    };
  }
}
