package io.holdfast.coordinator.watch;

import io.holdfast.common.id.HostId;
import io.holdfast.common.unit.DataSize;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.ingest.HostQuotas.Filled;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hosts that fill their quota, or nearly. Any thread.
 *
 * @param names what people call hosts
 */
record QuotaAlarms(Supplier<List<Filled>> filled, Function<HostId, String> names)
    implements AlarmSource {
  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.HOST_QUOTA);
  }

  @Override
  public Look look(Instant now) {
    return Look.certain(filled.get().stream().map(host -> alarm(host, now)).toList());
  }

  private Alarm alarm(Filled host, Instant now) {
    String name = HostWords.printable(names.apply(host.host()));
    return new Alarm(
        AlarmKind.HOST_QUOTA,
        host.host().toString(),
        host.isFull() ? Severity.ALARM : Severity.WARNING,
        "",
        now,
        "host "
            + name
            + " fills "
            + new DataSize(host.storedBytes())
            + " of the vault, and its quota is "
            + new DataSize(host.quotaBytes())
            + (host.isFull() ? ": nothing more of it is taken" : ""),
        "raise it (holdfast host quota " + name + " SIZE), or let snapshots of it go",
        Affected.host(host.host().toString(), name));
  }
}
