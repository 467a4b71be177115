package io.holdfast.deploy.sim;

import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.PowerLoss;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.LastAttempt;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.coordinator.schedule.plan.Series;
import io.holdfast.coordinator.vault.DirectoryVault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A site under one seed whose jobs are all ordered: two coordinators that follow policies and what
 * operators ask for, three hosts with agents. Wall clocks leap over hours in which nothing happens,
 * the ticker that waits are measured by does not.
 */
final class ScheduledWorld implements AutoCloseable {
  /** From when a run is due until it is in the journal: a round of the schedule, and its record. */
  private static final Duration ORDERED_WITHIN = Duration.ofSeconds(3);

  /** For some rounds after a leap, in the time of those who wait. */
  private static final long ROUNDS = 10_000_000_000L;

  private static final int COORDINATORS = 2;
  private static final long SECOND = 1_000_000_000L;
  private static final int STEPS_MAX = 400;

  /** Times after the first of March: none special, and the eves of both clock changes in Europe. */
  private static final List<Duration> BEGINNINGS =
      List.of(Duration.ofHours(9), Duration.ofHours(27 * 24 + 20), Duration.ofHours(237 * 24 + 20));

  private final Site site;
  private final RandomGenerator random;
  private final List<SimCoordinator> coordinators = new ArrayList<>();
  private final List<SimHost> hosts = new ArrayList<>();
  private final List<SimAgent> agents = new ArrayList<>();
  private final Map<String, PolicySpec> policies = new LinkedHashMap<>();
  private final Map<Path, Restore> restores = new LinkedHashMap<>();
  private final Invariants invariants;
  private final ScheduleClaims claims;
  private final int[] checkedAcks = new int[SimFleet.HOSTS];
  private final List<String> history = new ArrayList<>();
  private boolean calm;

  /** A restore that was ordered and hasn't been seen to come to its end. */
  private record Restore(int reader, SimHost.Acknowledged of) {}

  ScheduledWorld(long seed, Seams seams, Path scratch) {
    this.random = new SplittableRandom(seed ^ 0x5343484544L);
    io.holdfast.deploy.sim.Schedule schedule =
        new io.holdfast.deploy.sim.Schedule(new SplittableRandom(random.nextLong()));
    this.site =
        new Site(
            schedule,
            random,
            new SeededRandomness(random.nextLong()),
            LossyDisk.seeded(random.nextLong()),
            scratch,
            seams);
    found();
    Duration beginning = BEGINNINGS.get(random.nextInt(BEGINNINGS.size()));
    Caps caps =
        new Caps(2 + random.nextInt(4), 1 + random.nextInt(2), Map.of(), Map.of("branch", 1));
    for (int i = 0; i < COORDINATORS; i++) {
      SimCoordinator coordinator = new SimCoordinator(site, i, Optional.of(caps));
      coordinators.add(coordinator);
      coordinator.time().jump(beginning);
      coordinator.hint(i == 0);
      coordinator.start();
    }
    for (int i = 0; i < SimFleet.HOSTS; i++) {
      SimHost host = new SimHost(site, i);
      hosts.add(host);
      host.time().jump(beginning);
      host.tree().change(random);
      SimAgent agent = new SimAgent(site, host, coordinators);
      agents.add(agent);
      agent.start();
    }
    this.invariants = new Invariants(site, new Damage());
    this.claims = new ScheduleClaims(site, invariants.witness(), caps, policies);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      PolicySpec drawn = PolicySpec.drawn("p" + i, random);
      policies.put(drawn.name(), drawn);
    }
  }

  private void found() {
    SimTime time = new SimTime(site.schedule());
    try (DirectoryVault vault =
        DirectoryVault.create(
            site.disk().mount(), site.randomness(), Site.VAULT, SimFleet.REPOSITORY)) {
      SimFleet.found(vault, time, site.randomness(), site.seams().isPrivate());
    }
  }

  /** What came of a world. */
  record Outcome(
      long trace,
      long ordered,
      long committedRuns,
      long restores,
      long restored,
      long raisedAlarms,
      long deletedPacks,
      long foreignWakeUps) {
    static final Outcome NONE = new Outcome(0, 0, 0, 0, 0, 0, 0, 0);

    Outcome plus(Outcome other) {
      return new Outcome(
          trace * 31 + other.trace,
          ordered + other.ordered,
          committedRuns + other.committedRuns,
          restores + other.restores,
          restored + other.restored,
          raisedAlarms + other.raisedAlarms,
          deletedPacks + other.deletedPacks,
          foreignWakeUps + other.foreignWakeUps);
    }
  }

  Outcome outcome() {
    long deleted;
    try (CatalogView view = invariants.witness().view()) {
      deleted = view.totals().of(Total.DELETED_PACKS);
    }
    return new Outcome(
        site.schedule().trace(),
        claims.ordered(),
        claims.committedRuns(),
        claims.restores(),
        invariants.restored(),
        claims.raisedAlarms(),
        deleted,
        site.schedule().foreignWakeUps());
  }

  /** What happened, for people. */
  String story() {
    return String.join("\n", history);
  }

  void run(int events) {
    site.schedule().runUntil("a new site gets a leader", 60 * SECOND, () -> leader().isPresent());
    operate("policies are applied: " + policies.values(), parts -> applyAll(parts.dispatch));
    site.schedule().pass(2 * SECOND);
    for (int i = 0; i < events; i++) {
      event();
      check();
    }
  }

  private void applyAll(SimDispatch dispatch) throws InterruptedException {
    for (PolicySpec policy : List.copyOf(policies.values())) {
      dispatch.apply(policy.text());
    }
  }

  private Optional<SimCoordinator> leader() {
    return coordinators.stream().filter(SimCoordinator::isOrdering).findFirst();
  }

  private void operate(String what, SimCoordinator.Operation operation) {
    happens(
        what,
        () ->
            leader()
                .ifPresent(one ->
                    one.operate(
                        what,
                        parts -> {
                          if (parts.dispatch != null) {
                            operation.run(parts);
                          }
                        })));
  }

  private void happens(String what, Runnable event) {
    history.add(site.schedule().nanos() / 1_000_000 + " ms, " + now() + ": " + what);
    event.run();
  }

  private Instant now() {
    return coordinators.getFirst().time().now();
  }

  // What happens.

  private void event() {
    int dice = random.nextInt(100);
    SimCoordinator coordinator = coordinators.get(random.nextInt(COORDINATORS));
    SimAgent agent = agents.get(random.nextInt(SimFleet.HOSTS));
    if (dice < 38) {
      timePasses(Duration.ofSeconds(random.nextInt(60 * 60)), 1 + random.nextInt(5));
    } else if (dice < 54) {
      agentsStop(dice, agent);
    } else if (dice < 74) {
      machinesStop(dice, coordinator);
    } else if (dice < 84) {
      operatorsAct(dice);
    } else if (dice < 94) {
      restore();
    } else {
      prune();
    }
    site.schedule().run(random.nextInt(STEPS_MAX));
  }

  private void timePasses(Duration by, int seconds) {
    happens(
        by + " pass",
        () -> {
          coordinators.forEach(one -> one.time().jump(by));
          hosts.forEach(one -> one.time().jump(by));
          hosts.get(random.nextInt(hosts.size())).tree().change(random);
          site.schedule().pass(seconds * SECOND);
        });
  }

  private void agentsStop(int dice, SimAgent agent) {
    String who = "agent " + agents.indexOf(agent);
    if (dice < 44) {
      happens(who + (agent.isRunning() ? " dies" : " starts"), () -> killOrStart(agent));
    } else if (dice < 49) {
      happens(
          who + " is cut off",
          () -> {
            if (agent.isRunning()) {
              agent.cutOff();
            }
          });
    } else {
      int failing = random.nextInt(4);
      Duration slowness = Duration.ofMillis(random.nextInt(30_000));
      happens(who + " fares otherwise", () -> agent.mood(new SimAgent.Mood(failing, slowness)));
    }
  }

  private void killOrStart(SimAgent agent) {
    if (agent.isRunning()) {
      agent.kill();
      if (random.nextInt(3) > 0) {
        agent.start();
      }
    } else {
      agent.start();
    }
  }

  private void machinesStop(int dice, SimCoordinator coordinator) {
    int number = coordinators.indexOf(coordinator);
    if (dice < 61) {
      happens("kill " + number + " " + coordinator.state(), () -> killOrStart(coordinator));
    } else if (dice < 63) {
      happens("catalog of " + number + " lost", () -> loseCatalog(coordinator));
    } else if (dice < 65) {
      happens("power cut", this::cutPower);
    } else if (dice < 68) {
      happens("hint moves", () -> coordinators.forEach(one -> one.hint(one.equals(coordinator))));
    } else if (dice < 70) {
      happens("mischief", () -> coordinator.mischief(random.nextInt(3) > 0));
    } else {
      Duration by = Duration.ofMinutes(random.nextInt(-180, 240));
      happens("clock of " + number + " jumps by " + by, () -> coordinator.time().jump(by));
    }
  }

  private void killOrStart(SimCoordinator coordinator) {
    if (coordinator.isRunning()) {
      coordinator.crash();
      if (random.nextInt(3) == 0) {
        agents.stream().filter(SimAgent::isRunning).findFirst().ifPresent(SimAgent::kill);
      }
      if (random.nextBoolean()) {
        coordinator.start();
      }
    } else {
      coordinator.start();
    }
  }

  private void loseCatalog(SimCoordinator coordinator) {
    if (coordinator.isRunning()) {
      coordinator.crash();
    }
    coordinator.loseCatalog();
    coordinator.start();
  }

  private void cutPower() {
    coordinators.stream().filter(SimCoordinator::isRunning).forEach(SimCoordinator::crash);
    site.disk().cutPower(random.nextBoolean() ? PowerLoss.SOME : PowerLoss.ALL);
    coordinators.forEach(SimCoordinator::start);
  }

  private void operatorsAct(int dice) {
    if (dice < 77) {
      operate("a job is cancelled", parts -> cancelAny(parts.dispatch));
    } else if (dice < 79) {
      boolean on = random.nextInt(3) == 0;
      operate("draining " + on, parts -> parts.dispatch.jobs.drain(on));
    } else if (dice < 82) {
      HostId host = hosts.get(random.nextInt(hosts.size())).member().id();
      operate("a backup is ordered", parts -> parts.dispatch.backup(host));
    } else {
      changePolicy();
    }
  }

  private void cancelAny(SimDispatch dispatch) {
    var running = dispatch.jobs.running();
    if (!running.isEmpty()) {
      dispatch.jobs.cancel(running.get(random.nextInt(running.size())).job());
    }
  }

  private void changePolicy() {
    PolicySpec before = List.copyOf(policies.values()).get(random.nextInt(policies.size()));
    PolicySpec after =
        random.nextBoolean() ? before.described() : before.scheduled(PolicySpec.cron(random));
    policies.put(after.name(), after);
    operate("policy becomes " + after, parts -> parts.dispatch.apply(after.text()));
  }

  private void restore() {
    Optional<Path> again = restores.keySet().stream().filter(_ -> random.nextBoolean()).findFirst();
    if (again.isPresent()) {
      order(again.get());
      return;
    }
    List<SimHost.Acknowledged> live =
        hosts.stream()
            .flatMap(host -> host.acknowledged().stream())
            .filter(invariants::isLive)
            .toList();
    if (!live.isEmpty()) {
      Path target = site.scratch().resolve("restored-" + history.size());
      restores.put(
          target,
          new Restore(random.nextInt(SimFleet.HOSTS), live.get(random.nextInt(live.size()))));
      order(target);
    }
  }

  private void order(Path target) {
    Restore restore = restores.get(target);
    agents.get(restore.reader()).expect(target, restore.of());
    operate(
        "restore of " + restore.of().snapshot() + " on " + restore.reader() + " to " + target,
        parts ->
            parts.dispatch.restore(
                hosts.get(restore.reader()).member().id(), restore.of().snapshot(), target));
  }

  private void prune() {
    switch (random.nextInt(5)) {
      case 0, 1 ->
          operate(
              "snapshots are deleted", parts -> parts.prune.delete(random, invariants.deleted()));
      case 2 -> operate("a sweep", parts -> parts.sweeper.sweep());
      case 3 ->
          operate(
              "a checkpoint and a sweep",
              parts -> {
                parts.checkpoint();
                parts.sweeper.sweep();
              });
      default -> {
        timePasses(SimPrune.UNDO.plusHours(1), 1);
        operate("deleted ones are forgotten", parts -> parts.prune.drop());
      }
    }
  }

  // What must hold.

  private void check() {
    invariants.check(coordinators, hosts, checkedAcks);
    claims.check(coordinators, agents);
    for (SimHost host : hosts) {
      for (SimHost.Restored restored : host.takeRestored()) {
        invariants.restoredIsIdenticalOrNamed(restored, calm);
        if (restored.result().findings().failures().isEmpty()) {
          restores.remove(restored.directory()); // which stays: the same may be under way once more
        }
      }
    }
  }

  /**
   * Everything works from here on: what is due runs, once; every job ends; every restore comes to
   * its end; whoever is late is alarmed, and called off when it is not any more.
   */
  void settle() {
    happens("calm", this::mend);
    site.schedule().runUntil("a quiet site gets a leader", 60 * SECOND, () -> leader().isPresent());
    SimCoordinator leader = coordinators.getFirst();
    site.schedule()
        .runUntil(
            "a quiet site has its hosts",
            120 * SECOND,
            () -> agents.stream().allMatch(SimAgent::isConnected));
    check();
    site.schedule().pass(20 * SECOND); // who lost a job has been waited for
    operate("policies are applied again", parts -> applyAll(parts.dispatch));
    calm = true;
    for (int i = 0; i < 3; i++) {
      quietTime(Duration.ofMinutes(20 + random.nextInt(100)));
      everyDueRunHasRun(leader);
    }
    resumeRestores();
    grantsAreOver(leader);
    hostStaysAway(leader);
    claims.everyJobHasEnded();
    check();
  }

  private void mend() {
    coordinators.stream().filter(SimCoordinator::isRunning).forEach(SimCoordinator::crash);
    site.disk().heal();
    site.disk().cutPower(PowerLoss.ALL);
    Instant latest =
        coordinators.stream().map(one -> one.time().now()).max(Instant::compareTo).orElseThrow();
    coordinators.forEach(one -> one.time().jump(Duration.between(one.time().now(), latest)));
    coordinators.forEach(SimCoordinator::start);
    coordinators.forEach(one -> one.hint(coordinators.indexOf(one) == 0));
    for (SimAgent agent : agents) {
      agent.mood(SimAgent.Mood.GOOD);
      if (agent.isRunning() && random.nextBoolean()) {
        agent.kill(); // what it was told of, nobody remembers but the journal
      }
      if (!agent.isRunning()) {
        agent.start();
      }
    }
  }

  /** So much time passes, and after it as much as failed attempts need to be made again. */
  private void quietTime(Duration by) {
    timePasses(by, 6);
    check();
    for (int i = 0; i < 3; i++) {
      timePasses(Duration.ofMinutes(5), 4);
      site.schedule().runUntil("jobs end", 120 * SECOND, () -> !isBusy());
      check();
    }
    site.schedule().pass(ROUNDS); // the last leap made runs due that rounds have still to see
    site.schedule().runUntil("jobs end", 120 * SECOND, () -> !isBusy());
    check();
  }

  private boolean isBusy() {
    return leader().map(SimCoordinator::parts).map(parts -> isBusy(parts.dispatch)).orElse(true);
  }

  /** Also while one waits for a place that has just become free. */
  private static boolean isBusy(SimDispatch dispatch) {
    return dispatch.jobs.runningJobs() > 0 || dispatch.rounds.isAnyWaiting();
  }

  /** Found out from the timetables alone. */
  private void everyDueRunHasRun(SimCoordinator leader) {
    Instant now = leader.time().now();
    try (CatalogView view = invariants.witness().view()) {
      for (StoredPolicy policy : leader.parts().dispatch.policies.all()) {
        for (SimHost host : hosts) {
          for (DataClass dataClass : policy.policy().dataClasses()) {
            Series series = new Series(policy.id(), dataClass.name(), host.member().id());
            EnrolledHost enrolled = view.fleet().host(host.member().id()).orElseThrow();
            Instant since =
                Instant.ofEpochMilli(Math.max(policy.timeMillis(), enrolled.timeMillis()));
            dueRunHasRun(view, series, dataClass.schedule(), since, now);
          }
        }
      }
    }
  }

  private void dueRunHasRun(
      CatalogView view, Series series, Schedule schedule, Instant since, Instant now) {
    Timetable timetable = schedule.timetable();
    Slot slot = latestDue(timetable, series, now);
    Instant start = slot.start(series.place());
    boolean isOpen = timetable.windows().next(now, timetable.zone()).opens().equals(now);
    Optional<LastAttempt> last = view.jobs().last(series.id());
    boolean isHandled =
        last.filter(one -> one.run().getNominalSeconds() >= slot.nominal().getEpochSecond())
            .isPresent();
    boolean isMissed = start.isBefore(since) || !schedule.catchUp().allows(start, now);
    Claims.claim(
        "everyDueRunIsOrdered",
        isHandled || isMissed || !isOpen,
        slot
            + " of "
            + series
            + " from "
            + start
            + " at "
            + now
            + "; last "
            + claims.last(series.id()));
    boolean isOver =
        last.isEmpty()
            || last.get().state() == LastAttempt.State.ENDED
            || last.get().run().getNominalSeconds() < slot.nominal().getEpochSecond()
            || !isOpen
            || (last.get().state() == LastAttempt.State.FAILED
                && !schedule.retries().hasAfter(last.get().run().getAttempt()));
    Claims.claim(
        "everyRunComesToItsEnd", isOver || justEnded(last.get(), now), claims.last(series.id()));
  }

  private static Slot latestDue(Timetable timetable, Series series, Instant now) {
    Slot slot = timetable.latest(now);
    return slot.start(series.place()).isAfter(now.minus(ORDERED_WITHIN))
        ? timetable.before(slot)
        : slot;
  }

  /** The wait before the next attempt isn't over. */
  private static boolean justEnded(LastAttempt last, Instant now) {
    return Instant.ofEpochMilli(last.timeMillis()).plus(Duration.ofMinutes(5)).isAfter(now);
  }

  private void resumeRestores() {
    for (int i = 0; i < 3 && !restores.isEmpty(); i++) {
      restores
          .entrySet()
          .removeIf(each -> !invariants.isLive(each.getValue().of())); // deleted meanwhile
      List.copyOf(restores.keySet()).forEach(this::order);
      site.schedule().pass(4 * SECOND);
      site.schedule().runUntil("restores end", 120 * SECOND, () -> !isBusy());
      check();
    }
    Claims.claim("aRestoreOrderedAgainComesToItsEnd", restores.isEmpty(), restores + "");
  }

  /** No restore runs: what was granted for one is of no use any more. */
  private void grantsAreOver(SimCoordinator leader) {
    for (SimAgent agent : agents) {
      for (SimHost.Wanted wanted : agent.granted()) {
        SimHost.Activity again = hosts.get(agents.indexOf(agent)).restoreAgain(leader, wanted);
        site.schedule().runUntil("somebody reads again", 60 * SECOND, again::isDone);
        Claims.claim(
            "aGrantEndsWithItsRestore (I6)",
            again.failure().isPresent(),
            wanted.of().snapshot() + "");
      }
    }
  }

  /** An agent is away until its host is late, and comes back. */
  private void hostStaysAway(SimCoordinator leader) {
    if (policies.values().stream().noneMatch(PolicySpec::hasRpo)) {
      return;
    }
    SimAgent away = agents.get(random.nextInt(agents.size()));
    String host = hosts.get(agents.indexOf(away)).member().id().toString();
    awaitNobodyLate(leader);
    happens("agent " + agents.indexOf(away) + " is away", away::kill);
    timePasses(Duration.ofHours(6), 20);
    check();
    Claims.claim(
        "aLateHostIsAlarmed",
        late(leader).stream().anyMatch(key -> key.subject().startsWith(host)),
        host + " isn't in " + claims.up(leader));
    happens("and comes back", away::start);
    site.schedule().runUntil("it comes back", 120 * SECOND, away::isConnected);
    awaitNobodyLate(leader);
  }

  /** Time passes in steps within which every missed run is made up for. */
  private void awaitNobodyLate(SimCoordinator leader) {
    for (int i = 0; i < 8 && !late(leader).isEmpty(); i++) {
      timePasses(Duration.ofMinutes(20), 6);
      check();
    }
    Claims.claim("anAlarmIsCalledOff", late(leader).isEmpty(), claims.up(leader) + "");
  }

  /** Alarms of late hosts under policies that promise something. */
  private List<Alarm.Key> late(SimCoordinator leader) {
    return claims.up(leader).stream()
        .filter(key ->
            key.kind() == AlarmKind.HOST_OVERDUE || key.kind() == AlarmKind.HOST_NEVER_PROTECTED)
        .filter(
            key -> policies.get(key.subject().substring(key.subject().indexOf('/') + 1)).hasRpo())
        .toList();
  }

  @Override
  public void close() {
    coordinators.stream().filter(SimCoordinator::isRunning).forEach(SimCoordinator::crash);
    agents.stream().filter(SimAgent::isRunning).forEach(SimAgent::kill);
    site.schedule().run(20_000);
  }
}
