package io.holdfast.coordinator.schedule.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.schedule.CatchUp;
import io.holdfast.coordinator.schedule.Recurrence;
import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import io.holdfast.coordinator.schedule.Window;
import io.holdfast.coordinator.schedule.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A coordinator that follows the planner and is stopped between all steps, hosts that come and go,
 * runs that fail or outlast the next. The journal is a list; what isn't in it is forgotten at each
 * stop. One seed is replayed by leaving only it in the list of seeds.
 */
class PlannerSimulationTest {
  private static final Instant BEGIN = Instant.parse("2026-03-27T00:00:00Z"); // with a clock change
  private static final Duration LENGTH = Duration.ofDays(4);
  private static final Caps CAPS = new Caps(6, 2, Map.of("main", 5), Map.of("branch", 2));

  private record Order(RunKey key, int attempt, Instant at) {}

  private record OnHost(Duty duty, Order order, Instant ends, boolean fails) {}

  private final List<Order> orders = new ArrayList<>();
  private final Map<Series, LastRun> journal = new HashMap<>();
  private final Map<JobId, OnHost> jobs = new LinkedHashMap<>();
  private final Set<HostId> away = new HashSet<>();
  private final List<Duty> duties = new ArrayList<>();
  private Random random;
  private Instant now = BEGIN;
  private Instant upAgain = BEGIN;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noRunIsLostNoneIsDoubled(long seed) {
    random = new Random(seed);
    for (int n = 0; n < 12; n++) {
      duties.add(duty(n));
    }
    while (now.isBefore(BEGIN.plus(LENGTH))) {
      hosts();
      if (!now.isBefore(upAgain)) {
        coordinator("seed " + seed + " at " + now);
      }
      now = now.plusSeconds(20 + random.nextInt(200));
    }
    assertTrue(orders.size() > 100, orders.size() + " orders");
    assertDistinct(seed);
    assertRising(seed);
  }

  private Duty duty(int number) {
    String[] crons = {"30 2 * * *", "@hourly", "@every 90m", "*/20 1-3 * * *"};
    List<Window> windows =
        random.nextInt(3) == 0 ? List.of(Window.parse("20:00-07:00")) : List.of();
    Timetable timetable =
        new Timetable(
            Recurrence.parse(crons[random.nextInt(crons.length)]),
            ZoneId.of("Europe/Berlin"),
            new Windows(windows),
            Duration.ofMinutes(random.nextInt(40)));
    CatchUp catchUp = random.nextInt(3) == 0 ? CatchUp.parse("30m") : CatchUp.ALWAYS;
    Retries retries = new Retries(random.nextInt(3), Duration.ofMinutes(4), Duration.ofHours(1));
    return new Duty(
        new Series(
            new PolicyId(new UUID(3, 1)),
            "class-" + number % 2,
            new HostId(new UUID(7, number / 2))),
        new Schedule(timetable, catchUp, retries),
        BEGIN,
        "main",
        random.nextBoolean() ? Optional.of("branch") : Optional.empty(),
        random.nextInt(3));
  }

  /** Hosts come, go, and end their jobs whether or not a coordinator listens. */
  private void hosts() {
    HostId host = duties.get(random.nextInt(duties.size())).series().host();
    if (random.nextInt(40) == 0) {
      away.add(host);
    } else if (random.nextInt(4) == 0) {
      away.remove(host);
    }
  }

  private void coordinator(String when) {
    if (random.nextInt(60) == 0) {
      stop();
      return;
    }
    takeResults();
    Situation situation =
        new Situation(
            series -> Optional.ofNullable(journal.get(series)),
            jobs.values().stream().map(OnHost::duty).map(this::job).toList(),
            host -> !away.contains(host));
    Plan plan = new Planner(CAPS).plan(now, duties, situation);
    for (DueRun run : plan.begin()) {
      append(run);
      if (random.nextInt(25) == 0) {
        stop(); // journalled, never sent
        return;
      }
      send(run);
    }
    assertCaps(when);
    if (random.nextInt(3) == 0) {
      assertNothingForgotten(plan, when);
    }
  }

  private RunningJob job(Duty duty) {
    return new RunningJob(duty.series().host(), duty.vault(), duty.group());
  }

  private void stop() {
    upAgain = now.plusSeconds(random.nextInt(20_000));
  }

  private void append(DueRun run) {
    orders.add(new Order(run.key(), run.attempt(), now));
    journal.put(
        run.duty().series(),
        new LastRun(run.key().nominal(), run.attempt(), LastRun.State.ORDERED, now));
  }

  private void send(DueRun run) {
    Order order = new Order(run.key(), run.attempt(), now);
    Instant ends = now.plusSeconds(60 + random.nextInt(random.nextInt(8) == 0 ? 9_000 : 900));
    OnHost before =
        jobs.put(run.job(), new OnHost(run.duty(), order, ends, random.nextInt(4) == 0));
    assertEquals(null, before, "two orders of one name");
  }

  /** What ended is journalled; what was journalled and never arrived has vanished. */
  private void takeResults() {
    for (Duty duty : duties) {
      LastRun last = journal.get(duty.series());
      if (last != null && last.state() == LastRun.State.ORDERED) {
        JobId id = new RunKey(duty.series(), last.nominal()).job(last.attempt());
        OnHost job = jobs.get(id);
        if (job == null || !job.ends().isAfter(now)) {
          jobs.remove(id);
          boolean failed = job == null || job.fails();
          LastRun.State state = failed ? LastRun.State.FAILED : LastRun.State.ENDED;
          journal.put(duty.series(), new LastRun(last.nominal(), last.attempt(), state, now));
        }
      }
    }
  }

  private void assertCaps(String when) {
    assertTrue(jobs.size() <= 5, when);
    assertTrue(
        jobs.values().stream().filter(job -> job.duty().group().isPresent()).count() <= 2, when);
    Map<HostId, Integer> hosts = new HashMap<>();
    Set<Series> series = new HashSet<>();
    for (OnHost job : jobs.values()) {
      assertTrue(series.add(job.duty().series()), when + ": twice at one time " + job);
      assertTrue(hosts.merge(job.duty().series().host(), 1, Integer::sum) <= 2, when);
    }
  }

  /** Whoever could run and isn't in the plan has run already, runs, or may wait no longer. */
  private void assertNothingForgotten(Plan plan, String when) {
    Set<Series> planned = new HashSet<>();
    plan.begin().forEach(run -> planned.add(run.duty().series()));
    plan.waiting().forEach(run -> planned.add(run.run().duty().series()));
    for (Duty duty : duties) {
      Timetable timetable = duty.schedule().timetable();
      Slot slot = timetable.latest(now);
      long place = duty.series().place();
      slot = slot.start(place).isAfter(now) ? timetable.before(slot) : slot;
      LastRun last = journal.get(duty.series());
      boolean handled =
          last != null
              && (last.state() == LastRun.State.ORDERED
                  || !last.nominal().isBefore(slot.nominal()));
      boolean open = timetable.windows().next(now, timetable.zone()).contains(now);
      boolean allowed =
          !slot.start(place).isBefore(duty.since())
              && duty.schedule().catchUp().allows(slot.start(place), now);
      assertTrue(
          handled || !open || !allowed || planned.contains(duty.series()),
          when + ": " + duty.series() + " forgot " + slot);
    }
    assertTrue(plan.lookAgain().stream().allMatch(again -> again.isAfter(now)), when);
  }

  private void assertDistinct(long seed) {
    Set<JobId> ids = new HashSet<>();
    for (Order order : orders) {
      assertTrue(ids.add(order.key().job(order.attempt())), "seed " + seed + ": twice " + order);
    }
  }

  private void assertRising(long seed) {
    Map<Series, Order> last = new HashMap<>();
    for (Order order : orders) {
      Order before = last.put(order.key().series(), order);
      if (before != null) {
        int rise = order.key().nominal().compareTo(before.key().nominal());
        assertTrue(
            (rise > 0 && order.attempt() == 1)
                || (rise == 0 && order.attempt() == before.attempt() + 1),
            "seed " + seed + ": " + order + " after " + before);
      }
    }
  }
}
