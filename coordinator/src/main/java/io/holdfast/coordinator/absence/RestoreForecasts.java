package io.holdfast.coordinator.absence;

import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.RestoreSpeed;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What policies promise of restores, held against what there is: those in force or others. */
public final class RestoreForecasts {
  private final AbsencePorts ports;

  public RestoreForecasts(AbsencePorts ports) {
    this.ports = ports;
  }

  /**
   * Of the data classes that {@code host} is in and that promise a time, by the names of policy and
   * data class. Reads all of the host's snapshots, if there is any such class. Any thread; errors
   * of the catalog.
   */
  public Map<String, RestoreForecast> of(NamedHost host, List<StoredPolicy> policies, Instant now) {
    Expectations expectations =
        new Expectations(
            policies.stream().map(each -> new Expectations.Versions(List.of(each))).toList());
    List<Expectation> expected =
        expectations.of(host).stream().filter(each -> each.rto().isPresent()).toList();
    return expected.isEmpty() ? Map.of() : forecasts(host, expected, now);
  }

  private Map<String, RestoreForecast> forecasts(
      NamedHost host, List<Expectation> expected, Instant now) {
    EvidenceBook book = new EvidenceBook(ports.health(), ports.mutations(), ports.proofWithin());
    Map<String, RestoreForecast> found = new HashMap<>();
    try (CatalogView view = ports.views().get()) {
      Optional<RestoreSpeed> speed = ports.speeds().of(view, host.id());
      List<Evidence> evidence = book.of(view, host.id(), expected, now);
      for (int i = 0; i < expected.size(); i++) {
        String name = expected.get(i).target().name();
        of(expected.get(i), evidence.get(i), speed).ifPresent(each -> found.put(name, each));
      }
    }
    return found;
  }

  static Optional<RestoreForecast> of(
      Expectation expectation, Evidence evidence, Optional<RestoreSpeed> speed) {
    return expectation.rto().map(rto -> new RestoreForecast(rto, evidence.good(), speed));
  }
}
