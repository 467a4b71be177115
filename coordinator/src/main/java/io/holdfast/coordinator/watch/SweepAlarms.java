package io.holdfast.coordinator.watch;

import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.sweep.Waiting;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Why space doesn't come back, one alarm a reason. Any thread.
 *
 * @param waiting what the last sweep left; empty before the first one
 */
record SweepAlarms(Supplier<Optional<List<Waiting>>> waiting) implements AlarmSource {
  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.SWEEP_WAITING);
  }

  @Override
  public Look look(Instant now) {
    Optional<List<Waiting>> found = waiting.get();
    List<Alarm> alarms =
        found.orElse(List.of()).stream()
            .collect(
                Collectors.toMap(Waiting::reason, each -> alarm(each, now), (first, _) -> first))
            .values()
            .stream()
            .toList();
    return new Look(alarms, found.isPresent());
  }

  private static Alarm alarm(Waiting waiting, Instant now) {
    return new Alarm(
        AlarmKind.SWEEP_WAITING,
        waiting.reason().name().toLowerCase(Locale.ROOT),
        waiting.reason() == Waiting.Reason.STILL_NEEDED ? Severity.ALARM : Severity.WARNING,
        waiting.reason().name(),
        now,
        waiting.what(),
        "see holdfast gc status",
        Affected.NONE);
  }
}
