package io.holdfast.coordinator.metrics;

import io.holdfast.common.error.HoldfastException;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What may need an operator's hand: room in the vault, certificates, a journal that can't be led.
 * Any thread.
 */
public final class NodeGauges extends Collector {
  private final Supplier<List<CertificateLife>> certificates;
  private final Supplier<Optional<HoldfastException>> blocked;
  private final long warnFreeBytes;
  private final long reserveBytes;

  /**
   * Asks at each scrape.
   *
   * @param certificates those that this coordinator depends on
   * @param blocked why the journal can't be followed, if it can't
   * @param warnFreeBytes free space of the vault below which operators are warned
   * @param reserveBytes free space below which no backup begins
   */
  public NodeGauges(
      Supplier<List<CertificateLife>> certificates,
      Supplier<Optional<HoldfastException>> blocked,
      long warnFreeBytes,
      long reserveBytes) {
    this.certificates = certificates;
    this.blocked = blocked;
    this.warnFreeBytes = warnFreeBytes;
    this.reserveBytes = reserveBytes;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(expiries());
    families.add(journalBlocked());
    families.add(
        new GaugeMetricFamily(
            "holdfast_vault_warn_free_bytes",
            "Free bytes of the vault below which an operator should enlarge it.",
            (double) warnFreeBytes));
    families.add(
        new GaugeMetricFamily(
            "holdfast_vault_reserve_bytes",
            "Free bytes of the vault below which no backup begins.",
            (double) reserveBytes));
    return families;
  }

  private GaugeMetricFamily expiries() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_certificate_expiry_timestamp_seconds",
            "When a certificate that this coordinator depends on runs out, seconds since 1970.",
            List.of("certificate"));
    certificates
        .get()
        .forEach(
            one -> family.addMetric(List.of(one.name()), (double) one.until().getEpochSecond()));
    return family;
  }

  /** Absent while all is well: an alert on it needs no threshold, and its label says why. */
  private GaugeMetricFamily journalBlocked() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_journal_blocked",
            "1 while the journal can't be followed or led, by the error that says why.",
            List.of("error"));
    blocked.get().ifPresent(why -> family.addMetric(List.of(why.code().name()), 1));
    return family;
  }
}
