package io.holdfast.coordinator.metrics;

import io.holdfast.coordinator.prune.PruneRounds.Frozen;
import io.holdfast.coordinator.retention.clock.ClockDoubt;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What waits for somebody to say so: retention, the clock, acts. Any thread. */
public final class WaitingGauges extends Collector {
  private final Supplier<Optional<List<Frozen>>> frozen;
  private final Supplier<Optional<ClockDoubt>> doubt;
  private final LongSupplier approvals;

  /**
   * Asks at each scrape.
   *
   * @param frozen hosts of which nothing expires; empty before the first round of retention
   * @param doubt of the clock
   * @param approvals acts that wait for a second person
   */
  public WaitingGauges(
      Supplier<Optional<List<Frozen>>> frozen,
      Supplier<Optional<ClockDoubt>> doubt,
      LongSupplier approvals) {
    this.frozen = frozen;
    this.doubt = doubt;
    this.approvals = approvals;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    GaugeMetricFamily hosts =
        new GaugeMetricFamily(
            "holdfast_retention_frozen_hosts",
            "Hosts of which something stays that the rules let go, as of the last round; absent"
                + " before the first.",
            List.of());
    frozen.get().ifPresent(found -> hosts.addMetric(List.of(), found.size()));
    families.add(hosts);
    families.add(clock());
    families.add(
        new GaugeMetricFamily(
            "holdfast_approvals_waiting",
            "Acts that wait for a second person.",
            (double) approvals.getAsLong()));
    return families;
  }

  /** Absent while all is well. */
  private GaugeMetricFamily clock() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_clock_doubted",
            "1 while the clock is doubted, by why, so that nothing expires.",
            List.of("cause"));
    doubt
        .get()
        .map(why -> why.cause().name().toLowerCase(Locale.ROOT))
        .ifPresent(cause -> family.addMetric(List.of(cause), 1));
    return family;
  }
}
