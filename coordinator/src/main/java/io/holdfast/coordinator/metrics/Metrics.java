package io.holdfast.coordinator.metrics;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.fleet.FleetMeter;
import io.holdfast.coordinator.ingest.IngestMeter;
import io.holdfast.coordinator.notify.NotifyMeter;
import io.holdfast.coordinator.proof.ProofMeter;
import io.holdfast.coordinator.serve.ReadMeter;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Everything this process counts, in a registry of its own. Counters begin at 0 with the process;
 * what the catalog knows is asked of it at each scrape ({@link CatalogGauges}), so that a new
 * leader shows the same figures as the one before. Labels take few values: results, causes, hosts.
 * Any thread.
 */
public final class Metrics {
  private static final String COMPLETE = "complete";
  private static final String COMPLETE_WITH_GAPS = "complete with gaps";
  private static final String FAILED = "failed";
  private static final double MILLIS = 1_000;

  private final CollectorRegistry registry = new CollectorRegistry();

  private final Counter backups =
      counter("holdfast_backups", "Backups that ended, by result.", "result");
  private final Counter restores =
      counter("holdfast_restores", "Restores that were ordered and ended, by result.", "result");
  private final Counter restoredBytes =
      counter("holdfast_restore_bytes", "Bytes of files that ordered restores wrote.");
  private final Histogram restoreDuration =
      Histogram.build(
              "holdfast_restore_duration_seconds",
              "How long ordered restores took that didn't fail.")
          .buckets(1, 5, 15, 60, 300, 900, 3_600, 14_400, 43_200, 172_800)
          .register(registry);
  private final Counter uploadedBytes =
      counter("holdfast_uploaded_bytes", "Sealed bytes that hosts uploaded.");
  private final Counter protectedBytes =
      counter("holdfast_backup_logical_bytes", "Sum of the sizes of files in committed backups.");
  private final Counter commitsRefused =
      counter("holdfast_commits_refused", "Commits refused because chunks were missing.");
  private final Counter readBytes =
      counter("holdfast_read_bytes", "Sealed bytes served to hosts that restore.");
  private final Counter readRefused =
      counter("holdfast_read_refused", "Reads of something that isn't the asker's.");
  private final Counter readDamaged =
      counter("holdfast_read_damaged", "Stored chunks found damaged while they were served.");
  private final Counter readUnopened =
      counter("holdfast_read_unopened", "Served copies of which a reader says they don't open.");
  private final Counter enrolments =
      counter(
          "holdfast_certificates_issued", "Certificates issued to hosts, by occasion.", "occasion");
  private final Counter callsRefused =
      counter("holdfast_calls_refused", "Calls and enrolments refused, by error.", "error");
  private final Counter callsEnded =
      counter("holdfast_calls_ended", "Open calls ended because their host is no longer welcome.");
  private final Counter alarms =
      counter("holdfast_identity_alarms", "Signs of a stolen or copied identity, by kind.", "kind");
  private final Histogram scheduleDelay =
      Histogram.build(
              "holdfast_schedule_delay_seconds",
              "How long after its time a run by schedule was ordered; waiting for its host or a"
                  + " place counts.")
          .buckets(0.5, 1, 2, 5, 15, 60, 300, 1_800, 7_200, 43_200)
          .register(registry);
  private final Counter provenBytes =
      counter("holdfast_proof_bytes", "Sealed bytes that were re-read and found good.");
  private final Counter corruptChunks =
      counter("holdfast_verify_corrupt_chunks", "Stored chunks found bad, by cause.", "cause");
  private final Counter untold =
      counter("holdfast_proof_postponed", "Chunks that could not be judged when re-read.");
  private final Counter notifications =
      counter(
          "holdfast_notifications",
          "Notifications by channel: delivered, attempts that failed, given up.",
          "channel",
          "result");
  private final Gauge unproven =
      Gauge.build("holdfast_snapshots_unproven", "Snapshots that wait to be proven.").create();
  private final Gauge oldestUnproven =
      Gauge.build(
              "holdfast_snapshots_unproven_oldest_timestamp_seconds",
              "When the oldest snapshot that waits to be proven was committed, seconds since 1970;"
                  + " 0 if none waits.")
          .create();
  private final AtomicBoolean unprovenKnown = new AtomicBoolean();

  /** Counts from 0; {@code jvm} adds the figures of the Java machine, once a process. */
  public Metrics(boolean jvm) {
    for (String result : new String[] {COMPLETE, COMPLETE_WITH_GAPS, FAILED}) {
      backups.labels(result);
      restores.labels(result);
    }
    if (jvm) {
      DefaultExports.register(registry);
    }
  }

  private Counter counter(String name, String help, String... labels) {
    return Counter.build(name, help).labelNames(labels).register(registry);
  }

  /** Adds what is asked at each scrape. */
  public void add(Collector collector) {
    registry.register(collector);
  }

  public IngestMeter ingest() {
    return new IngestMeter() {
      @Override
      public void uploaded(long sealedBytes) {
        uploadedBytes.inc((double) sealedBytes);
      }

      @Override
      public void committed(long logicalBytes, boolean withGaps) {
        backups.labels(withGaps ? COMPLETE_WITH_GAPS : COMPLETE).inc();
        protectedBytes.inc((double) logicalBytes);
      }

      @Override
      public void commitRefused() {
        commitsRefused.inc();
      }
    };
  }

  /** The fleet's door: who came in, who was refused, and what ought to alarm somebody. */
  public FleetMeter fleet() {
    return new FleetMeter() {
      @Override
      public void enrolled() {
        enrolments.labels("enrolled").inc();
      }

      @Override
      public void renewed() {
        enrolments.labels("renewed").inc();
      }

      @Override
      public void refused(ErrorCode code) {
        callsRefused.labels(code.name()).inc();
      }

      @Override
      public void tokenReused(Optional<HostId> letIn) {
        alarms.labels("token reused").inc();
      }

      @Override
      public void cloneRefused(HostId host) {
        alarms.labels("host cloned").inc();
      }

      @Override
      public void runBegun(Duration late) {
        scheduleDelay.observe(late.toMillis() / MILLIS);
      }

      @Override
      public void backupFailed() { // sessions can't tell, jobs can
        backups.labels(FAILED).inc();
      }

      @Override
      public void restoreEnded(JobOutcome outcome, long bytes, Duration took) {
        restores.labels(label(outcome)).inc();
        restoredBytes.inc((double) Math.max(0, bytes)); // hosts say what they like
        if (!label(outcome).equals(FAILED)) {
          restoreDuration.observe(Math.max(0, took.toMillis()) / MILLIS);
        }
      }

      @Override
      public void callsEnded(int calls) {
        callsEnded.inc(calls);
      }
    };
  }

  public ReadMeter reads() {
    return new ReadMeter() {
      @Override
      public void served(long sealedBytes) {
        readBytes.inc((double) sealedBytes);
      }

      @Override
      public void refused() {
        readRefused.inc();
      }

      @Override
      public void damaged() {
        readDamaged.inc();
      }

      @Override
      public void unopened() {
        readUnopened.inc();
      }
    };
  }

  /**
   * What this coordinator reads for itself: damage counts as everywhere, the rest is no service.
   */
  public ReadMeter ownReads() {
    return new ReadMeter() {
      @Override
      public void served(long sealedBytes) {
        // proof and browsing have figures of their own
      }

      @Override
      public void refused() {
        // nobody asked
      }

      @Override
      public void damaged() {
        readDamaged.inc();
      }

      @Override
      public void unopened() {
        readUnopened.inc();
      }
    };
  }

  /** The backlog appears with the first look at it: where nobody proves, nobody claims 0. */
  public ProofMeter proof() {
    return new ProofMeter() {
      @Override
      public void good(long sealedBytes) {
        provenBytes.inc((double) sealedBytes);
      }

      @Override
      public void bad(LossCause cause) {
        corruptChunks.labels(label(cause)).inc();
      }

      @Override
      public void untold() {
        untold.inc();
      }

      @Override
      public void backlog(long due, long snapshots, long oldestMillis) {
        unproven.set((double) due);
        oldestUnproven.set(oldestMillis / MILLIS);
        if (unprovenKnown.compareAndSet(false, true)) {
          registry.register(unproven);
          registry.register(oldestUnproven);
        }
      }
    };
  }

  /** What is told of alarms, and what isn't taken. */
  public NotifyMeter notifications() {
    return new NotifyMeter() {
      @Override
      public void delivered(String channel) {
        notifications.labels(channel, "delivered").inc();
      }

      @Override
      public void failed(String channel) {
        notifications.labels(channel, "failed").inc();
      }

      @Override
      public void dropped(String channel) {
        notifications.labels(channel, "dropped").inc();
      }
    };
  }

  private static String label(JobOutcome outcome) {
    return switch (outcome) {
      case JOB_OUTCOME_COMPLETE -> COMPLETE;
      case JOB_OUTCOME_COMPLETE_WITH_GAPS -> COMPLETE_WITH_GAPS;
      case JOB_OUTCOME_FAILED, JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> FAILED;
    };
  }

  private static String label(LossCause cause) {
    return switch (cause) {
      case LOSS_CAUSE_PACK_MISSING -> "pack missing";
      case LOSS_CAUSE_BYTES_DAMAGED -> "bytes damaged";
      case LOSS_CAUSE_PROOF_FAILED -> "proof failed";
      case LOSS_CAUSE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  /** All figures as text of {@code contentType}, which {@link MetricsServer} chose. */
  String scrape(String contentType) {
    StringWriter text = new StringWriter();
    try {
      io.prometheus.client.exporter.common.TextFormat.writeFormat(
          contentType, text, registry.metricFamilySamples());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
