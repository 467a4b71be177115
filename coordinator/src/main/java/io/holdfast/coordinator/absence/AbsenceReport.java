package io.holdfast.coordinator.absence;

import io.holdfast.common.id.HostId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the fleet stands at one time.
 *
 * @param policies names of those in force
 * @param hosts all but the revoked ones, in the order of ids
 */
public record AbsenceReport(Instant at, List<String> policies, Map<HostId, HostState> hosts) {
  public AbsenceReport {
    policies = List.copyOf(policies);
  }

  static AbsenceReport of(Instant at, List<String> policies, List<HostState> hosts) {
    Map<HostId, HostState> byId = new LinkedHashMap<>();
    hosts.forEach(host -> byId.put(host.id(), host));
    return new AbsenceReport(at, policies, byId);
  }

  public Optional<HostState> host(HostId id) {
    return Optional.ofNullable(hosts.get(id));
  }

  public long count(Protection protection) {
    return hosts.values().stream().filter(host -> host.protection() == protection).count();
  }

  public long countAway() {
    return hosts.values().stream().filter(host -> host.awaySince().isPresent()).count();
  }

  /** Data classes of hosts of which a full restore would take longer than is promised. */
  public long countRestoresTooSlow() {
    return forecasts().filter(RestoreForecast::isTooSlow).count();
  }

  /** Those of which nobody can tell, since no restore was measured yet. */
  public long countRestoresUnmeasured() {
    return forecasts().filter(RestoreForecast::isUnmeasured).count();
  }

  private Stream<RestoreForecast> forecasts() {
    return hosts.values().stream()
        .flatMap(host -> host.series().stream())
        .flatMap(series -> series.restore().stream());
  }
}
