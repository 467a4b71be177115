package io.holdfast.coordinator.dispatch;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.JobQueries;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.coordinator.job.ScheduledBackup;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.coordinator.schedule.plan.DueRun;
import io.holdfast.coordinator.schedule.plan.LastRun;
import io.holdfast.coordinator.schedule.plan.Plan;
import io.holdfast.coordinator.schedule.plan.Planner;
import io.holdfast.coordinator.schedule.plan.RunningJob;
import io.holdfast.coordinator.schedule.plan.Situation;
import io.holdfast.coordinator.schedule.plan.WaitingRun;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.wire.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Begins what policies ask for. One thread makes a round every second, and sooner when a job has
 * ended for whose place another one waits; {@link #queue} and {@link #isAnyWaiting} may be asked by
 * any.
 *
 * <p>What is due is found again in each round, from policies, time, and the journalled last attempt
 * of each series. What was found out about an attempt that has ended is kept for some seconds, and
 * read again before anything is begun.
 */
public final class ScheduleRounds {
  /** Orders in one record of the journal. */
  private static final int BATCH = 256;

  /** What waited as of one round. */
  private record Queue(List<WaitingRun> runs, Roster roster) {}

  private final FleetPorts ports;
  private final Jobs jobs;
  private final Orders orders;
  private final Assignments assignments;
  private final Planner planner;
  private LastRuns lastRuns = new LastRuns(new Roster(List.of()));
  private volatile Queue queue = new Queue(List.of(), new Roster(List.of()));

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
    this.assignments = new Assignments(ports, policies, hosts);
    this.planner = new Planner(caps);
  }

  /** Runs that are due and can't begin yet, as of the last round: the first in turn first. */
  public List<Job> queue() {
    Queue now = queue;
    return now.runs().stream()
        .map(run -> QueuedRuns.view(run, now.roster().get(run.run().duty().series())))
        .toList();
  }

  /** Whether anything was due and couldn't begin, as of the last round. */
  public boolean isAnyWaiting() {
    return !queue.runs().isEmpty();
  }

  /** Errors of the journal and of the catalog; the next round makes up for a failed one. */
  public void round() throws InterruptedException {
    Instant now = ports.time().now();
    if (!mayOrder()) {
      queue = new Queue(List.of(), new Roster(List.of()));
      lastRuns = new LastRuns(new Roster(List.of())); // another leader orders meanwhile
      return;
    }
    Roster roster = assignments.at(now);
    if (!lastRuns.areOf(roster)) {
      lastRuns = new LastRuns(roster);
    }
    List<Jobs.Running> running = jobs.running();
    Plan plan = plan(now, roster, running);
    queue = new Queue(plan.waiting(), roster);
    begin(plan.begin(), roster, now);
    limit(running, roster, now);
  }

  private boolean mayOrder() {
    try {
      return !jobs.isDraining() && ports.authority().get().getSeq() > 0;
    } catch (HoldfastException e) {
      return false; // another one leads, or nobody yet
    }
  }

  /**
   * Made again as long as what it begins rests on something old. What was given up by record and
   * claimed by its host after all goes on, whatever the record says.
   */
  private Plan plan(Instant now, Roster roster, List<Jobs.Running> running) {
    Set<HostId> connected = jobs.connected();
    Set<SeriesId> live =
        running.stream().flatMap(job -> job.series().stream()).collect(Collectors.toSet());
    try (CatalogView view = ports.views().get()) {
      JobQueries recorded = view.jobs();
      Situation situation =
          new Situation(
              series -> {
                Optional<LastRun> last = lastRuns.of(series, recorded);
                return live.contains(roster.get(series).id()) ? last.map(LastRun::goingOn) : last;
              },
              places(running, roster),
              connected::contains);
      Plan plan = planner.plan(now, roster.duties(), situation);
      while (lastRuns.isNewsOf(plan.begin(), recorded)) {
        plan = planner.plan(now, roster.duties(), situation);
      }
      return plan;
    }
  }

  /** What operators began takes a place, too. */
  private static List<RunningJob> places(List<Jobs.Running> running, Roster roster) {
    return running.stream()
        .map(job ->
            new RunningJob(
                job.host(),
                Assignments.VAULT,
                job.series()
                    .flatMap(roster::find)
                    .flatMap(assignment -> assignment.duty().group())))
        .toList();
  }

  private void begin(List<DueRun> runs, Roster roster, Instant now) throws InterruptedException {
    List<ScheduledBackup> batch = new ArrayList<>();
    for (DueRun run : runs) {
      ports.meter().runBegun(Duration.between(run.since(), now));
      lastRuns.begun(run.duty().series());
      batch.add(backup(run, roster.get(run.duty().series()), now));
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
  private void limit(List<Jobs.Running> running, Roster roster, Instant now) {
    for (Jobs.Running job : running) {
      job.series()
          .flatMap(roster::find)
          .ifPresent(it -> jobs.limit(job.job(), BackupOrders.rate(it.dataClass(), now)));
    }
  }
}
