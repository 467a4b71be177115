package io.holdfast.coordinator.metrics;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When what is stored was read and proven, beside the times in which it is to be, so that alerts
 * follow the configuration. Any thread.
 */
public final class ProofGauges extends Collector {
  private static final Logger LOG = LoggerFactory.getLogger(ProofGauges.class);
  private static final double MILLIS = 1_000;

  private final Supplier<CatalogView> views;
  private final Optional<Duration> provenWithin;
  private final Duration readWithin;

  /**
   * Asks at each scrape.
   *
   * @param provenWithin new snapshots are to be proven; empty where nobody proves
   * @param readWithin everything is to be read again
   */
  public ProofGauges(
      Supplier<CatalogView> views, Optional<Duration> provenWithin, Duration readWithin) {
    this.views = views;
    this.provenWithin = provenWithin;
    this.readWithin = readWithin;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    GaugeMetricFamily proven =
        new GaugeMetricFamily(
            "holdfast_proof_within_seconds",
            "The time in which a snapshot is to be proven, alarms.proof_within; absent where nobody"
                + " proves.",
            List.of());
    provenWithin.ifPresent(within -> proven.addMetric(List.of(), within.toMillis() / MILLIS));
    families.add(proven);
    families.add(
        new GaugeMetricFamily(
            "holdfast_proof_reread_within_seconds",
            "The time in which every byte of the vault is to be read again, proof.reread_within.",
            readWithin.toMillis() / MILLIS));
    try (CatalogView view = views.get()) {
      families.add(oldest(view));
      families.add(verified(view));
    } catch (HoldfastException e) {
      LOG.warn("figures of proofs are missing: {}", e.getMessage());
    }
    return families;
  }

  private static GaugeMetricFamily oldest(CatalogView view) {
    return new GaugeMetricFamily(
        "holdfast_proof_oldest_read_timestamp_seconds",
        "When the pack that was read longest ago was read from end to end, or written; 0 without"
            + " packs.",
        view.packs().leastRecentlyRead().map(pack -> pack.readMillis() / MILLIS).orElse(0.0));
  }

  private static GaugeMetricFamily verified(CatalogView view) {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_verify_last_success_timestamp_seconds",
            "When a verification of everything found nothing wrong last, at that level or farther;"
                + " absent before the first.",
            List.of("level"));
    add(view, ProofLevel.PROOF_LEVEL_CHECKED, "checked", family);
    add(view, ProofLevel.PROOF_LEVEL_PROVEN, "proven", family);
    return family;
  }

  private static void add(
      CatalogView view, ProofLevel level, String label, GaugeMetricFamily family) {
    view.proofs()
        .lastVerification(level)
        .ifPresent(
            last -> family.addMetric(List.of(label), last.statement().timeMillis() / MILLIS));
  }
}
