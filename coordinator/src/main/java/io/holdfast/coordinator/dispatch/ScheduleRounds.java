package io.holdfast.coordinator.dispatch;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.JobQueries;
import io.holdfast.coordinator.catalog.LastAttempt;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.coordinator.job.ScheduledBackup;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.coordinator.schedule.plan.DueRun;
import io.holdfast.coordinator.schedule.plan.Duty;
import io.holdfast.coordinator.schedule.plan.LastRun;
import io.holdfast.coordinator.schedule.plan.Plan;
import io.holdfast.coordinator.schedule.plan.Planner;
import io.holdfast.coordinator.schedule.plan.RunningJob;
import io.holdfast.coordinator.schedule.plan.Series;
import io.holdfast.coordinator.schedule.plan.Situation;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.wire.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Begins what policies ask for. One thread makes a round every second; {@link #queue} may be asked
 * by any.
 *
 * <p>Nothing is kept from round to round but the queue that is shown: what is due is found again
 * from policies, time, and the journalled last attempt of each series.
 */
public final class ScheduleRounds {
  /** Orders in one record of the journal. */
  private static final int BATCH = 256;

  private final FleetPorts ports;
  private final Jobs jobs;
  private final Orders orders;
  private final Assignments assignments;
  private final Planner planner;
  private volatile List<Job> queue = List.of();

  public ScheduleRounds(
      FleetPorts ports,
      HostDirectory hosts,
      PolicyBook policies,
      Jobs jobs,
      Orders orders,
      Caps caps) {
    this.ports = ports;
    this.jobs = jobs;
    this.orders = orders;
    this.assignments = new Assignments(policies, hosts);
    this.planner = new Planner(caps);
  }

  /** Runs that are due and can't begin yet, as of the last round: the first in turn first. */
  public List<Job> queue() {
    return queue;
  }

  /** Errors of the journal and of the catalog; the next round makes up for a failed one. */
  public void round() throws InterruptedException {
    if (!mayOrder()) {
      queue = List.of();
      return;
    }
    Instant now = ports.time().now();
    Map<Series, Assignment> bySeries = new LinkedHashMap<>();
    Map<SeriesId, Assignment> byId = new HashMap<>();
    for (Assignment each : assignments.at(now)) {
      bySeries.put(each.duty().series(), each);
      byId.put(each.id(), each);
    }
    List<Jobs.Running> running = jobs.running();
    Plan plan = plan(now, bySeries, places(running, byId));
    queue =
        plan.waiting().stream()
            .map(run -> QueuedRuns.view(run, bySeries.get(run.run().duty().series())))
            .toList();
    begin(plan.begin(), bySeries, now);
    limit(running, byId, now);
  }

  private boolean mayOrder() {
    try {
      return !jobs.isDraining() && ports.authority().get().getSeq() > 0;
    } catch (HoldfastException e) {
      return false; // another one leads, or nobody yet
    }
  }

  private Plan plan(Instant now, Map<Series, Assignment> all, Collection<RunningJob> running) {
    Set<HostId> connected = jobs.connected();
    List<Duty> duties = all.values().stream().map(Assignment::duty).toList();
    try (CatalogView view = ports.views().get()) {
      JobQueries recorded = view.jobs();
      return planner.plan(
          now,
          duties,
          new Situation(
              series -> recorded.last(all.get(series).id()).map(ScheduleRounds::lastRun),
              running,
              connected::contains));
    }
  }

  private static LastRun lastRun(LastAttempt attempt) {
    return new LastRun(
        Instant.ofEpochSecond(attempt.run().getNominalSeconds()),
        attempt.run().getAttempt(),
        switch (attempt.state()) {
          case OPEN -> LastRun.State.ORDERED;
          case ENDED -> LastRun.State.ENDED;
          case FAILED -> LastRun.State.FAILED;
          case VANISHED -> LastRun.State.VANISHED;
        },
        Instant.ofEpochMilli(attempt.timeMillis()));
  }

  /** What operators began takes a place, too. */
  private static List<RunningJob> places(
      List<Jobs.Running> running, Map<SeriesId, Assignment> byId) {
    return running.stream()
        .map(job ->
            new RunningJob(
                job.host(),
                Assignments.VAULT,
                job.series()
                    .flatMap(series -> Optional.ofNullable(byId.get(series)))
                    .flatMap(assignment -> assignment.duty().group())))
        .toList();
  }

  private void begin(List<DueRun> runs, Map<Series, Assignment> bySeries, Instant now)
      throws InterruptedException {
    List<ScheduledBackup> batch = new ArrayList<>();
    for (DueRun run : runs) {
      ports.meter().runBegun(Duration.between(run.since(), now));
      batch.add(backup(run, bySeries.get(run.duty().series()), now));
      if (batch.size() == BATCH) {
        orders.startScheduled(batch);
        batch.clear();
      }
    }
    orders.startScheduled(batch);
  }

  private static ScheduledBackup backup(DueRun run, Assignment assignment, Instant now) {
    return new ScheduledBackup(
        assignment.host(),
        run.job(),
        ScheduledRun.newBuilder()
            .setPolicy(ByteString.copyFrom(run.duty().series().policy().toByteArray()))
            .setSeries(ByteString.copyFrom(assignment.id().toByteArray()))
            .setNominalSeconds(run.key().nominal().getEpochSecond())
            .setAttempt(run.attempt())
            .build(),
        BackupOrders.of(assignment.dataClass(), run.key().run(), now),
        assignment.sourceSet(),
        assignment.policy(),
        assignment.dataClass().name(),
        BackupOrders.shown(assignment.dataClass().source()));
  }

  /** The limits of what runs follow the time of day. */
  private void limit(List<Jobs.Running> running, Map<SeriesId, Assignment> byId, Instant now) {
    for (Jobs.Running job : running) {
      job.series()
          .flatMap(series -> Optional.ofNullable(byId.get(series)))
          .ifPresent(it -> jobs.limit(job.job(), BackupOrders.rate(it.dataClass(), now)));
    }
  }
}
