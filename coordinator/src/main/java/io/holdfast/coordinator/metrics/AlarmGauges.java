package io.holdfast.coordinator.metrics;

import io.holdfast.coordinator.alarm.Alarm;
import io.prometheus.client.Collector;
import io.prometheus.client.GaugeMetricFamily;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which alarms are up, and what waits to be told. Any thread. */
public final class AlarmGauges extends Collector {
  private record Row(String kind, String severity) {}

  private final Supplier<List<Alarm>> alarms;
  private final Supplier<Map<String, Integer>> waiting;

  /**
   * Asks at each scrape.
   *
   * @param alarms those up
   * @param waiting notices by channel
   */
  public AlarmGauges(Supplier<List<Alarm>> alarms, Supplier<Map<String, Integer>> waiting) {
    this.alarms = alarms;
    this.waiting = waiting;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    GaugeMetricFamily up =
        new GaugeMetricFamily(
            "holdfast_alarms",
            "Alarms that are up, by kind and severity; absent where there are none.",
            List.of("kind", "severity"));
    alarms.get().stream()
        .collect(Collectors.groupingBy(AlarmGauges::row, Collectors.counting()))
        .forEach((row, count) -> up.addMetric(List.of(row.kind(), row.severity()), (double) count));
    GaugeMetricFamily queue =
        new GaugeMetricFamily(
            "holdfast_notifications_waiting",
            "Notices that a channel hasn't taken yet.",
            List.of("channel"));
    waiting.get().forEach((channel, count) -> queue.addMetric(List.of(channel), (double) count));
    return List.of(up, queue);
  }

  private static Row row(Alarm alarm) {
    return new Row(alarm.kind().word(), alarm.severity().name().toLowerCase(Locale.ROOT));
  }
}
