package io.holdfast.coordinator.watch;

import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What was stored and not read again in time: told by the pack that was read longest ago, which is
 * one look-up. Any thread.
 *
 * @param within all of the vault is to be read again within that time
 */
record RereadAlarms(Supplier<CatalogView> views, Duration within) implements AlarmSource {
  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.REREAD_OVERDUE);
  }

  @Override
  public Look look(Instant now) {
    return Look.certain(
        oldest()
            .filter(pack -> now.isAfter(due(pack)))
            .map(pack -> List.of(overdue(pack)))
            .orElse(List.of()));
  }

  private Optional<LastRead> oldest() {
    try (CatalogView view = views.get()) {
      return view.packs().leastRecentlyRead();
    }
  }

  private Instant due(LastRead pack) {
    return Instant.ofEpochMilli(pack.readMillis()).plus(within);
  }

  private Alarm overdue(LastRead pack) {
    return new Alarm(
        AlarmKind.REREAD_OVERDUE,
        "vault",
        Severity.WARNING,
        "",
        due(pack),
        "the vault isn't read again in time: pack "
            + pack.pack().pack().id()
            + " was "
            + (pack.isRead() ? "read" : "written, and not read since,")
            + " at "
            + Instant.ofEpochMilli(pack.readMillis())
            + ", longer ago than the "
            + Durations.exact(within)
            + " of proof.reread_within",
        "raise proof.rate_limit; the coordinator's log says what can't be read",
        Affected.NONE);
  }
}
