package io.holdfast.coordinator.schedule.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Caps WIDE = new Caps(100, 1, Map.of(), Map.of());
  private static final PolicyId POLICY = new PolicyId(new UUID(3, 1));
  private static final PolicyId OTHER_POLICY = new PolicyId(new UUID(3, 2));
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");

  private final Map<Series, LastRun> journal = new HashMap<>();
  private final List<RunningJob> running = new ArrayList<>();
  private final Set<HostId> away = new HashSet<>();

  private static HostId host(int number) {
    return new HostId(new UUID(number, number));
  }

  private static Schedule schedule(String cron, String spread, CatchUp catchUp, String... window) {
    List<Window> windows = List.of(window).stream().map(Window::parse).toList();
    return new Schedule(
        new Timetable(
            Recurrence.parse(cron), ZoneOffset.UTC, new Windows(windows), Duration.parse(spread)),
        catchUp,
        new Retries(2, Duration.ofMinutes(10), Duration.ofHours(1)));
  }

  private static Schedule nightly() {
    return schedule("0 2 * * *", "PT0S", CatchUp.ALWAYS);
  }

  private static Duty duty(int host, Schedule schedule) {
    return duty(host, schedule, 50, Optional.empty());
  }

  private static Duty duty(int host, Schedule schedule, int priority, Optional<String> group) {
    Series series = new Series(POLICY, "default", host(host));
    return new Duty(series, schedule, LONG_AGO, "main", group, priority);
  }

  private Plan plan(Caps caps, String now, Duty... duties) {
    Situation situation =
        new Situation(
            series -> Optional.ofNullable(journal.get(series)),
            running,
            host -> !away.contains(host));
    return new Planner(caps).plan(Instant.parse(now), List.of(duties), situation);
  }

  private void ended(Duty duty, String nominal, int attempt, LastRun.State state, String at) {
    journal.put(
        duty.series(), new LastRun(Instant.parse(nominal), attempt, state, Instant.parse(at)));
  }

  private static List<String> begun(Plan plan) {
    return plan.begin().stream()
        .map(run -> run.key().nominal() + " attempt " + run.attempt())
        .toList();
  }

  private static List<WaitingRun.Reason> reasons(Plan plan) {
    return plan.waiting().stream().map(WaitingRun::reason).toList();
  }

  @Test
  void aRunShouldBeginAtItsTimeAndOnce() {
    Duty duty = duty(1, nightly());
    ended(duty, "2026-06-01T02:00:00Z", 1, LastRun.State.ENDED, "2026-06-01T02:10:00Z");
    Plan before = plan(WIDE, "2026-06-02T01:59:59Z", duty);
    assertEquals(List.of(), begun(before));
    assertEquals(Optional.of(Instant.parse("2026-06-02T02:00:00Z")), before.lookAgain());
    assertEquals(
        List.of("2026-06-02T02:00:00Z attempt 1"), begun(plan(WIDE, "2026-06-02T02:00:00Z", duty)));
    ended(duty, "2026-06-02T02:00:00Z", 1, LastRun.State.ORDERED, "2026-06-02T02:00:00Z");
    assertEquals(List.of(), begun(plan(WIDE, "2026-06-02T02:00:01Z", duty)));
    assertEquals(List.of(), begun(plan(WIDE, "2026-06-05T00:00:00Z", duty)), "it still runs");
    ended(duty, "2026-06-02T02:00:00Z", 1, LastRun.State.ENDED, "2026-06-02T02:30:00Z");
    assertEquals(List.of(), begun(plan(WIDE, "2026-06-02T02:30:00Z", duty)));
  }

  @Test
  void afterDowntimeTheLastMissedRunShouldBeMadeUpFor() {
    Duty duty = duty(1, nightly());
    ended(duty, "2026-06-01T02:00:00Z", 1, LastRun.State.ENDED, "2026-06-01T02:10:00Z");
    assertEquals(
        List.of("2026-06-09T02:00:00Z attempt 1"), begun(plan(WIDE, "2026-06-09T23:00:00Z", duty)));
  }

  @Test
  void whatIsTooLateShouldWaitForTheNextTime() {
    Duty duty = duty(1, schedule("0 2 * * *", "PT0S", CatchUp.parse("4h")));
    assertEquals(
        List.of("2026-06-09T02:00:00Z attempt 1"), begun(plan(WIDE, "2026-06-09T06:00:00Z", duty)));
    Plan late = plan(WIDE, "2026-06-09T06:00:01Z", duty);
    assertEquals(List.of(), begun(late));
    assertEquals(Optional.of(Instant.parse("2026-06-10T02:00:00Z")), late.lookAgain());
  }

  @Test
  void nothingBeforeTheScheduleHeldShouldBeMissed() {
    Duty duty =
        new Duty(
            new Series(POLICY, "default", host(1)),
            nightly(),
            Instant.parse("2026-06-09T02:00:01Z"),
            "main",
            Optional.empty(),
            50);
    assertEquals(List.of(), begun(plan(WIDE, "2026-06-09T12:00:00Z", duty)));
    assertEquals(
        List.of("2026-06-10T02:00:00Z attempt 1"), begun(plan(WIDE, "2026-06-10T02:00:00Z", duty)));
  }

  @Test
  void anEditedScheduleShouldNeverGoBack() {
    Duty duty = duty(1, nightly());
    ended(duty, "2026-06-09T09:00:00Z", 1, LastRun.State.ENDED, "2026-06-09T09:10:00Z");
    Plan plan = plan(WIDE, "2026-06-09T12:00:00Z", duty);
    assertEquals(List.of(), begun(plan));
    assertEquals(Optional.of(Instant.parse("2026-06-10T02:00:00Z")), plan.lookAgain());
    assertEquals(
        List.of(), begun(plan(WIDE, "2026-06-08T12:00:00Z", duty)), "nor a clock set back");
  }

  @Test
  void failedRunsShouldBeTriedAgainUntilTheNextOneIsDue() {
    Duty duty = duty(1, nightly());
    ended(duty, "2026-06-09T02:00:00Z", 1, LastRun.State.FAILED, "2026-06-09T02:05:00Z");
    Instant again = plan(WIDE, "2026-06-09T02:06:00Z", duty).lookAgain().orElseThrow();
    Duration wait = Duration.between(Instant.parse("2026-06-09T02:05:00Z"), again);
    assertTrue(wait.toSeconds() >= 600 && wait.toSeconds() < 675, wait.toString());
    assertEquals(
        List.of("2026-06-09T02:00:00Z attempt 2"), begun(plan(WIDE, again.toString(), duty)));
    ended(duty, "2026-06-09T02:00:00Z", 3, LastRun.State.FAILED, "2026-06-09T03:00:00Z");
    Plan exhausted = plan(WIDE, "2026-06-09T20:00:00Z", duty);
    assertEquals(List.of(), begun(exhausted));
    assertEquals(Optional.of(Instant.parse("2026-06-10T02:00:00Z")), exhausted.lookAgain());
    ended(duty, "2026-06-09T02:00:00Z", 1, LastRun.State.FAILED, "2026-06-10T01:59:00Z");
    assertEquals(
        List.of("2026-06-10T02:00:00Z attempt 1"), begun(plan(WIDE, "2026-06-10T02:20:00Z", duty)));
  }

  @Test
  void nothingShouldBeginWhileItsWindowsAreClosed() {
    Duty duty = duty(1, schedule("0 23 * * *", "PT0S", CatchUp.ALWAYS, "22:00-06:00"));
    away.add(host(1));
    Plan night = plan(WIDE, "2026-06-09T05:59:00Z", duty);
    assertEquals(List.of(WaitingRun.Reason.HOST_NOT_CONNECTED), reasons(night));
    away.clear();
    Plan day = plan(WIDE, "2026-06-09T06:00:00Z", duty);
    assertEquals(List.of(), begun(day));
    assertEquals(Optional.of(Instant.parse("2026-06-09T22:00:00Z")), day.lookAgain());
    assertEquals(
        List.of("2026-06-08T23:00:00Z attempt 1"), begun(plan(WIDE, "2026-06-09T22:00:00Z", duty)));
    ended(duty, "2026-06-08T23:00:00Z", 1, LastRun.State.FAILED, "2026-06-09T05:58:00Z");
    assertEquals(List.of(), begun(plan(WIDE, "2026-06-09T12:00:00Z", duty)), "nor another attempt");
  }

  @Test
  void spreadShouldBeKeptByEveryHost() {
    Schedule spread = schedule("0 2 * * *", "PT1H", CatchUp.ALWAYS);
    Duty[] duties = new Duty[50];
    for (int n = 0; n < duties.length; n++) {
      duties[n] = duty(n, spread);
      ended(duties[n], "2026-06-08T02:00:00Z", 1, LastRun.State.ENDED, "2026-06-08T03:00:00Z");
    }
    int half = plan(WIDE, "2026-06-09T02:30:00Z", duties).begin().size();
    assertTrue(half > 10 && half < 40, half + " of 50 in half of the hour");
    assertEquals(50, plan(WIDE, "2026-06-09T03:00:00Z", duties).begin().size());
    Plan early = plan(WIDE, "2026-06-09T02:00:00Z", duties);
    assertEquals(0, early.begin().size());
    Slot slot = spread.timetable().latest(Instant.parse("2026-06-09T02:00:00Z"));
    Instant first =
        List.of(duties).stream()
            .map(duty -> slot.start(duty.series().place()))
            .min(Instant::compareTo)
            .orElseThrow();
    assertEquals(Optional.of(first), early.lookAgain());
  }

  @Test
  void placesShouldGoByPriorityThenByWaiting() {
    Duty low = duty(1, schedule("0 1 * * *", "PT0S", CatchUp.ALWAYS), 10, Optional.empty());
    Duty old = duty(2, schedule("30 1 * * *", "PT0S", CatchUp.ALWAYS));
    Duty young = duty(3, nightly());
    Plan plan = plan(new Caps(2, 1, Map.of(), Map.of()), "2026-06-09T03:00:00Z", low, young, old);
    assertEquals(
        List.of(host(2), host(3)),
        plan.begin().stream().map(run -> run.duty().series().host()).toList());
    assertEquals(List.of(WaitingRun.Reason.COORDINATOR_FULL), reasons(plan));
  }

  @Test
  void capsShouldCountWhatRunsAlready() {
    Duty one = duty(1, nightly(), 50, Optional.of("branch"));
    Duty two = duty(2, nightly(), 50, Optional.of("branch"));
    Duty three = duty(3, nightly());
    String now = "2026-06-09T02:00:00Z";
    Caps groups = new Caps(100, 1, Map.of(), Map.of("branch", 1));
    Plan plan = plan(groups, now, one, two, three);
    assertEquals(2, plan.begin().size());
    assertEquals(List.of(WaitingRun.Reason.GROUP_FULL), reasons(plan));

    running.add(new RunningJob(host(1), "main", Optional.empty()));
    Plan busy = plan(new Caps(100, 1, Map.of("main", 2), Map.of()), now, one, two, three);
    assertEquals(1, busy.begin().size());
    assertEquals(
        Set.of(WaitingRun.Reason.HOST_BUSY, WaitingRun.Reason.VAULT_FULL),
        Set.copyOf(reasons(busy)));
  }

  @Test
  void aHostThatIsAwayShouldTakeNoPlace() {
    away.add(host(1));
    Duty one = duty(1, nightly(), 90, Optional.empty());
    Plan plan =
        plan(new Caps(1, 1, Map.of(), Map.of()), "2026-06-09T02:00:00Z", one, duty(2, nightly()));
    assertEquals(1, plan.begin().size());
    assertEquals(List.of(WaitingRun.Reason.HOST_NOT_CONNECTED), reasons(plan));
  }

  @Test
  void aRunWhoseHostWasNeverToldShouldBeTriedAgainEvenWithoutRetries() {
    Schedule once = new Schedule(nightly().timetable(), CatchUp.ALWAYS, Retries.NONE);
    Duty duty = duty(1, once);
    Instant nominal = Instant.parse("2026-06-09T02:00:00Z");
    for (int attempt = 1; attempt <= 3; attempt++) {
      journal.put(duty.series(), new LastRun(nominal, attempt, LastRun.State.VANISHED, nominal));
      int expected = attempt < 3 ? 1 : 0;
      assertEquals(expected, plan(WIDE, "2026-06-09T04:00:00Z", duty).begin().size());
    }
    journal.put(duty.series(), new LastRun(nominal, 1, LastRun.State.FAILED, nominal));
    assertEquals(0, plan(WIDE, "2026-06-09T04:00:00Z", duty).begin().size());
  }

  @Test
  void idsShouldFollowFromTheNameAlone() {
    Instant nominal = Instant.parse("2026-06-09T02:00:00Z");
    RunKey key = new RunKey(new Series(POLICY, "default", host(1)), nominal);
    assertEquals("60bc281740489d55c6c459f58e0c9ac3", key.job(1).toString());
    assertEquals(key.job(1), new RunKey(new Series(POLICY, "default", host(1)), nominal).job(1));
    Set<String> ids = new HashSet<>();
    ids.add(key.job(2).toString());
    ids.add(key.job(1).toString());
    ids.add(key.run().toString());
    ids.add(new RunKey(key.series(), nominal.plusSeconds(1)).job(1).toString());
    ids.add(new RunKey(new Series(OTHER_POLICY, "default", host(1)), nominal).job(1).toString());
    ids.add(new RunKey(new Series(POLICY, "default", host(2)), nominal).job(1).toString());
    assertEquals(6, ids.size());
  }

  @Test
  void hostsShouldFillTheRoomAndStandWhereTheyAlwaysStood() {
    Slot slot =
        schedule("0 2 * * *", "PT1H", CatchUp.ALWAYS)
            .timetable()
            .next(Instant.parse("2026-06-01T00:00:00Z"));
    HostId host = HostId.parse("00112233445566778899aabbccddeeff");
    Series series = new Series(POLICY, "default", host);
    assertEquals(Instant.parse("2026-06-01T02:30:30.063Z"), slot.start(series.place()));
    assertNotEquals(series.place(), new Series(OTHER_POLICY, "default", host).place());
    Set<Long> minutes = new HashSet<>();
    for (int n = 0; n < 2_000; n++) {
      Instant start = slot.start(new Series(POLICY, "default", host(n)).place());
      Duration wait = Duration.between(slot.opens(), start);
      assertFalse(wait.isNegative() || wait.compareTo(Duration.ofHours(1)) >= 0);
      minutes.add(wait.toMinutes());
    }
    assertEquals(60, minutes.size());
  }
}
