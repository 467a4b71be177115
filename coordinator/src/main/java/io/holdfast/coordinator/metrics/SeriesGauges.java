package io.holdfast.coordinator.metrics;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.absence.AbsenceReport;
import io.holdfast.coordinator.absence.GoodSnapshot;
import io.holdfast.coordinator.absence.HostState;
import io.holdfast.coordinator.absence.Protection;
import io.holdfast.coordinator.absence.RestoreForecast;
import io.holdfast.coordinator.absence.SeriesState;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What a report says of hosts, and of what each policy promises them. For one scrape. */
final class SeriesGauges {
  private static final double MILLIS = 1_000;
  private static final List<String> LABELS = List.of("host", "policy");

  private final GaugeMetricFamily protection =
      new GaugeMetricFamily(
          "holdfast_hosts_by_protection",
          "Hosts by how they are protected; the worst of a host's policies counts.",
          List.of("protection"));
  private final GaugeMetricFamily away =
      new GaugeMetricFamily(
          "holdfast_hosts_away",
          "Hosts that haven't been connected for longer than alarms.host_away.",
          List.of());
  private final GaugeMetricFamily overdue =
      family("holdfast_backup_overdue", "1 if a good snapshot was due and isn't there, else 0.");
  private final GaugeMetricFamily due =
      family(
          "holdfast_backup_due_timestamp_seconds",
          "When the next good snapshot has to be there, or had to be, seconds since 1970.");
  private final GaugeMetricFamily duration =
      family("holdfast_backup_last_duration_seconds", "How long the newest good snapshot took.");
  private final GaugeMetricFamily files =
      family("holdfast_backup_last_files", "Files in the newest good snapshot.");
  private final GaugeMetricFamily bytes =
      new GaugeMetricFamily(
          "holdfast_backup_last_bytes",
          "Bytes of the newest good snapshot: read, new to the repository, stored for it.",
          List.of("host", "policy", "kind"));

  private final GaugeMetricFamily restore =
      family(
          "holdfast_restore_estimate_seconds",
          "How long a full restore of the newest good snapshot would take, where an rto is promised"
              + " and a restore was measured.");
  private final GaugeMetricFamily rto =
      family("holdfast_restore_objective_seconds", "How long a restore may take: the rto.");

  private static GaugeMetricFamily family(String name, String help) {
    return new GaugeMetricFamily(name, help, LABELS);
  }

  /**
   * Takes {@code report} in.
   *
   * @param labels of hosts
   * @param lastSuccess when the newest good snapshot of each was committed, to be added to
   */
  SeriesGauges take(
      AbsenceReport report,
      Function<HostId, Optional<String>> labels,
      GaugeMetricFamily lastSuccess) {
    for (Protection each : Protection.values()) {
      protection.addMetric(
          List.of(each.name().toLowerCase(Locale.ROOT)), (double) report.count(each));
    }
    away.addMetric(List.of(), (double) report.countAway());
    for (HostState host : report.hosts().values()) {
      labels
          .apply(host.id())
          .ifPresent(label -> host.series().forEach(series -> take(label, series, lastSuccess)));
    }
    return this;
  }

  private void take(String host, SeriesState series, GaugeMetricFamily lastSuccess) {
    List<String> labels = List.of(host, series.expectation().target().name());
    overdue.addMetric(labels, series.protection().isBad() ? 1 : 0);
    due.addMetric(labels, series.due().toEpochMilli() / MILLIS);
    series.restore().ifPresent(forecast -> take(labels, forecast));
    series
        .evidence()
        .good()
        .ifPresent(good -> {
          lastSuccess.addMetric(labels, good.committed().toEpochMilli() / MILLIS);
          take(labels, good);
        });
  }

  private void take(List<String> labels, RestoreForecast forecast) {
    rto.addMetric(labels, forecast.rto().toMillis() / MILLIS);
    forecast.takes().ifPresent(time -> restore.addMetric(labels, time.toMillis() / MILLIS));
  }

  private void take(List<String> labels, GoodSnapshot good) {
    duration.addMetric(labels, good.took().toMillis() / MILLIS);
    files.addMetric(labels, (double) good.amount().files());
    addBytes(labels, "read", good.amount().readBytes());
    addBytes(labels, "new", good.amount().newBytes());
    addBytes(labels, "stored", good.amount().storedBytes());
  }

  private void addBytes(List<String> labels, String kind, long amount) {
    bytes.addMetric(List.of(labels.get(0), labels.get(1), kind), (double) amount);
  }

  List<MetricFamilySamples> families() {
    return List.of(protection, away, overdue, due, duration, files, bytes, restore, rto);
  }
}
