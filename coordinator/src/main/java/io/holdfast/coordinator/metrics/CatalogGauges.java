package io.holdfast.coordinator.metrics;

import com.google.common.primitives.UnsignedLong;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.browse.NewestSnapshot;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.catalog.SweepQueries.LastSweep;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.proto.stored.v1.HostShare;
import io.holdfast.proto.stored.v1.SpaceShares;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What catalog and node tell at each scrape. A figure that can't be had is left out, and the others
 * are shown. Costs one look-up a host and no walk over snapshots. Any thread.
 */
public final class CatalogGauges extends Collector {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogGauges.class);
  private static final double MILLIS = 1_000;

  private final GaugeSources sources;
  private final Map<HostId, Long> newestMillis = new HashMap<>();

  public CatalogGauges(GaugeSources sources) {
    this.sources = sources;
  }

  @Override
  public synchronized List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    attempt(() -> addCatalog(families));
    attempt(() ->
        families.add(
            gauge(
                "holdfast_vault_free_bytes",
                "Bytes that may still be written to the vault.",
                (double) sources.vault().usableBytes())));
    families.add(
        gauge(
            "holdfast_leader",
            "1 if this coordinator leads, else 0.",
            sources.leader().getAsBoolean() ? 1 : 0));
    families.add(
        gauge(
            "holdfast_leader_term",
            "Term of this coordinator's leadership, 0 if it doesn't lead; it rises with each"
                + " change.",
            (double) sources.term().getAsLong()));
    families.add(
        gauge(
            "holdfast_jobs_running", "Jobs that haven't ended.", sources.jobsRunning().getAsInt()));
    families.add(
        gauge(
            "holdfast_hosts_connected",
            "Hosts whose agents are connected.",
            sources.hostsConnected().getAsInt()));
    families.add(
        gauge(
            "holdfast_gc_waiting",
            "Reasons for which the last sweep left something.",
            sources.sweepWaits().getAsInt()));
    families.add(
        gauge(
            "holdfast_snapshots_damaged",
            "Snapshots known to lack something that is lost.",
            sources.health().damagedCount()));
    return families;
  }

  private static void attempt(Runnable add) {
    try {
      add.run();
    } catch (HoldfastException e) {
      LOG.warn("some figures are missing: {}", e.getMessage());
    }
  }

  private void addCatalog(List<MetricFamilySamples> families) {
    try (CatalogView view = sources.views().get()) {
      List<EnrolledHost> hosts =
          view.fleet().hosts().stream().filter(host -> host.revokedSeq().isEmpty()).toList();
      Map<HostId, String> labels = labels(hosts);
      GaugeMetricFamily newest = newest(view, labels);
      families.add(gauge("holdfast_hosts", "Hosts enrolled and not revoked.", hosts.size()));
      families.add(
          gauge("holdfast_snapshots", "Snapshots.", (double) view.totals().of(Total.SNAPSHOTS)));
      families.add(
          gauge(
              "holdfast_vault_stored_bytes",
              "Bytes of all packs.",
              (double) view.totals().of(Total.STORED_BYTES)));
      addSweeps(families, view, labels);
      families.add(
          gauge(
              "holdfast_chunks_lost",
              "Stored chunks recorded as lost since the repository began.",
              (double) view.totals().of(Total.LOST_ENTRIES)));
      families.add(
          gauge(
              "holdfast_catalog_sequence",
              "Slot of the journal up to which the catalog is applied.",
              (double) view.appliedSeq()));
      families.add(
          new CounterMetricFamily(
              "holdfast_leader_changes",
              "How often another coordinator than before began to lead, since the repository"
                  + " began.",
              (double) view.leaderChanges()));
      families.add(dedupRatio(view));
      families.add(lastRestore(view));
      families.add(newest);
      families.add(stored(view, labels));
      families.add(quotas(labels));
      sources
          .absence()
          .get()
          .ifPresent(report ->
              families.addAll(
                  new SeriesGauges()
                      .take(report, host -> Optional.ofNullable(labels.get(host)), newest)
                      .families()));
    }
  }

  private static GaugeMetricFamily dedupRatio(CatalogView view) {
    double plain = (double) view.totals().of(Total.PLAIN_BYTES);
    double logical = (double) view.totals().of(Total.LOGICAL_BYTES);
    return gauge(
        "holdfast_dedup_ratio",
        "Bytes of the files in all snapshots for each byte that is kept of them, before"
            + " compression; 0 while nothing is kept.",
        plain == 0 ? 0 : logical / plain);
  }

  private static GaugeMetricFamily lastRestore(CatalogView view) {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_restore_last_success_timestamp_seconds",
            "When a restore that was ordered ended complete last; absent before the first.",
            List.of());
    view.jobs()
        .lastRestoreMillis()
        .ifPresent(millis -> family.addMetric(List.of(), millis / MILLIS));
    return family;
  }

  private static void addSweeps(
      List<MetricFamilySamples> families, CatalogView view, Map<HostId, String> labels) {
    Optional<LastSweep> last = view.sweeps().lastSweep();
    families.add(
        gauge(
            "holdfast_gc_condemned_bytes",
            "Sealed bytes that nothing references, in packs that aren't deleted yet.",
            (double) view.totals().of(Total.CONDEMNED_BYTES)));
    families.add(
        gauge(
            "holdfast_gc_surplus_bytes",
            "Of the condemned bytes, those of second copies of chunks.",
            (double) view.totals().of(Total.SURPLUS_BYTES)));
    families.add(
        gauge(
            "holdfast_gc_unnamed_bytes",
            "Bytes of objects of packs that no record names, as the last sweep found them.",
            last.map(sweep ->
                    (double)
                        (sweep.completed().getUnnamedBytes() + view.totals().of(Total.VOID_BYTES)))
                .orElse(0.0)));
    families.add(
        gauge(
            "holdfast_gc_deleted_packs",
            "Packs that sweeps deleted since the repository began.",
            (double) view.totals().of(Total.DELETED_PACKS)));
    families.add(
        gauge(
            "holdfast_gc_deleted_bytes",
            "Bytes of the packs that sweeps deleted.",
            (double) view.totals().of(Total.DELETED_BYTES)));
    families.add(
        gauge(
            "holdfast_gc_last_sweep_timestamp_seconds",
            "When the last sweep came to its end; 0 if none did.",
            last.map(sweep -> sweep.timeMillis() / MILLIS).orElse(0.0)));
    addShares(families, last.map(sweep -> sweep.completed().getShares()), labels);
  }

  private static void addShares(
      List<MetricFamilySamples> families,
      Optional<SpaceShares> shares,
      Map<HostId, String> labels) {
    families.add(
        gauge(
            "holdfast_vault_shared_bytes",
            "Live sealed bytes that snapshots of several hosts reference, as a sweep measured them"
                + " last.",
            shares.map(each -> (double) each.getSharedBytes()).orElse(0.0)));
    GaugeMetricFamily own =
        new GaugeMetricFamily(
            "holdfast_host_own_bytes",
            "Live sealed bytes that snapshots of this host alone reference, as a sweep measured"
                + " them last.",
            List.of("host"));
    for (HostShare share : shares.map(SpaceShares::getHostsList).orElse(List.of())) {
      String label = labels.get(HostId.of(share.getHost().toByteArray()));
      if (label != null) {
        own.addMetric(List.of(label), (double) share.getOwnBytes());
      }
    }
    families.add(own);
  }

  /** Names aren't unique: the second host of a name bears its id as well. */
  private Map<HostId, String> labels(List<EnrolledHost> hosts) {
    Map<HostId, String> labels = new LinkedHashMap<>();
    Set<String> used = new HashSet<>();
    for (EnrolledHost host : hosts) {
      String name = sources.hosts().name(host.id());
      String label = used.add(name) ? name : name + " (" + host.id() + ")";
      used.add(label);
      labels.put(host.id(), label);
    }
    return labels;
  }

  private GaugeMetricFamily newest(CatalogView view, Map<HostId, String> labels) {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_backup_last_success_timestamp_seconds",
            "When the newest good snapshot was committed, seconds since 1970; with an empty policy"
                + " the host's newest of all.",
            List.of("host", "policy"));
    labels.forEach((host, label) ->
        newestMillis(view, host)
            .ifPresent(millis -> family.addMetric(List.of(label, ""), millis / MILLIS)));
    return family;
  }

  private static GaugeMetricFamily stored(CatalogView view, Map<HostId, String> labels) {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_host_stored_bytes",
            "Sealed bytes that a host uploaded and that are in the vault.",
            List.of("host"));
    labels.forEach(
        (host, label) -> family.addMetric(List.of(label), (double) view.fleet().storedBytes(host)));
    return family;
  }

  private GaugeMetricFamily quotas(Map<HostId, String> labels) {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "holdfast_host_quota_bytes",
            "Bytes of the vault that a host may fill; absent where it may fill any number.",
            List.of("host"));
    labels.forEach((host, label) -> {
      long quota = sources.quota().applyAsLong(host);
      if (quota != 0) {
        family.addMetric(List.of(label), UnsignedLong.fromLongBits(quota).doubleValue());
      }
    });
    return family;
  }

  private Optional<Long> newestMillis(CatalogView view, HostId host) {
    Long known = newestMillis.get(host);
    boolean newer = known == null || !view.snapshots().ofHost(host, known + 1, 1).isEmpty();
    if (newer) {
      NewestSnapshot.find(view, host, Long.MAX_VALUE)
          .map(StoredSnapshot::timeMillis)
          .ifPresent(millis -> newestMillis.put(host, millis));
    }
    return Optional.ofNullable(newestMillis.get(host));
  }

  private static GaugeMetricFamily gauge(String name, String help, double value) {
    return new GaugeMetricFamily(name, help, value);
  }
}
