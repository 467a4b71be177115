package io.holdfast.coordinator.watch;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.alarm.Affected;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Look;
import io.holdfast.coordinator.alarm.Severity;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Hosts that tell what stored snapshots may go by. Any thread.
 *
 * @param waiting since when
 * @param names what people call hosts
 */
record FactsAlarms(Supplier<Map<HostId, Instant>> waiting, Function<HostId, String> names)
    implements AlarmSource {
  @Override
  public Set<AlarmKind> kinds() {
    return Set.of(AlarmKind.HOST_FACTS_WAITING);
  }

  @Override
  public Look look(Instant now) {
    return Look.certain(
        waiting.get().entrySet().stream()
            .map(each -> alarm(each.getKey(), each.getValue()))
            .toList());
  }

  private Alarm alarm(HostId host, Instant since) {
    String name = HostWords.printable(names.apply(host));
    return new Alarm(
        AlarmKind.HOST_FACTS_WAITING,
        host.toString(),
        Severity.WARNING,
        "",
        since,
        "host "
            + name
            + " tells other facts of itself, which don't count yet: stored snapshots may go by"
            + " them",
        "see what they change (holdfast host facts "
            + name
            + "), and let them count by --take, or see who is on that host",
        Affected.host(host.toString(), name));
  }
}
