package io.holdfast.coordinator.absence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.SeriesId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.policy.Samples;
import io.holdfast.coordinator.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Until when the next good snapshot has to be there; all times are UTC, in March 2026. */
class DeadlineTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  private static Instant at(String dayAndTime) {
    return Instant.parse("2026-03-" + dayAndTime.replace(' ', 'T') + ":00Z");
  }

  private static Schedule schedule(String keys) {
    return Samples.policy(
            "p",
            """
            selector: {}
            source: {files: {include: [/srv]}}
            schedule: {%s}
            """
                .formatted(keys))
        .dataClasses()
        .getFirst()
        .schedule();
  }

  private static Expectation expect(String scheduleKeys, Optional<Duration> rpo, Instant since) {
    return new Expectation(
        new Expectation.Target(
            SeriesId.of(new byte[16]), "p", "p", Optional.empty(), Long.MIN_VALUE /* the middle */),
        schedule(scheduleKeys),
        rpo,
        Optional.empty(),
        100,
        since);
  }

  private static Expectation expect(String scheduleKeys) {
    return expect(scheduleKeys, Optional.empty(), LONG_AGO);
  }

  private static Optional<GoodSnapshot> made(Instant committed, Duration took, String nominal) {
    return Optional.of(
        new GoodSnapshot(
            SnapshotId.of(new byte[32]),
            committed,
            took,
            nominal.isEmpty() ? Optional.empty() : Optional.of(at(nominal)),
            GoodSnapshot.Amount.NONE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # schedule                              | commit   | took | run of   | due
          cron: "0 2 * * *", catchUp: 1h, retries: {times: 0} | 10 02:20 | 20m | 10 02:00 | 11 03:35
          # nothing is made up for longer than until the next run
          cron: "0 2 * * *", retries: {times: 0}  | 10 02:20 | 20m  | 10 02:00 | 12 02:35
          cron: "0 * * * *", retries: {times: 0}  | 10 02:20 | 20m  | 10 02:00 | 10 04:35
          # what is made up for always is waited for a day
          cron: "0 2 * * 1", retries: {times: 0}  | 09 02:20 | 20m  | 09 02:00 | 17 02:35
          cron: "0 2 * * 1", catchUp: 3d, retries: {times: 0} | 09 02:20 | 20m | 09 02:00 | 19 02:35
          # spread: this host stands in the middle of it
          cron: "0 2 * * *", spread: 2h, catchUp: 1h, retries: {times: 0} | 10 03:20 | 20m | 10 02:00 | 11 04:35
          # a run that took until after the next one's time stands for its own
          cron: "0 * * * *", catchUp: 5m, retries: {times: 0} | 10 03:40 | 100m | 10 02:00 | 10 05:40
          # one that no schedule ordered stands for the time at which it was read
          cron: "0 2 * * *", catchUp: 1h, retries: {times: 0} | 10 12:00 | 20m |         | 11 03:35
          cron: "0 2 * * *", catchUp: 1h, retries: {times: 0} | 10 01:50 | 20m |         | 10 03:35
          """)
  void shouldFollowTheSchedule(
      String keys, String commit, String took, String nominal, String due) {
    Optional<GoodSnapshot> newest =
        made(
            at(commit),
            io.holdfast.common.unit.Durations.parse(took),
            nominal == null ? "" : nominal);
    assertEquals(at(due), Deadline.of(expect(keys), newest));
  }

  @Test
  void shouldWaitForAttemptsToBeOver() {
    Optional<GoodSnapshot> newest = made(at("10 02:00"), Duration.ZERO, "10 02:00");
    String keys =
        "cron: \"0 2 * * *\", catchUp: 5m, retries: {times: 2, backOff: 16m, longest: 1h}";
    Instant without = at("11 02:10"); // made up for 5 minutes, and as long for the rest
    Instant due = Deadline.of(expect(keys), newest);
    Duration waits = Duration.between(without, due); // 16 and 32 minutes, and up to an eighth
    assertTrue(waits.compareTo(Duration.ofMinutes(48)) >= 0, waits::toString);
    assertTrue(waits.compareTo(Duration.ofMinutes(54)) <= 0, waits::toString);
  }

  @Test
  void shouldFollowTheRpoWhereThereIsOne() {
    Expectation expectation =
        expect("cron: \"0 2 * * *\"", Optional.of(Duration.ofHours(26)), at("09 12:00"));
    assertEquals(
        at("11 04:00"),
        Deadline.of(expectation, made(at("10 02:20"), Duration.ofMinutes(20), "10 02:00")));
    assertEquals(at("10 14:00"), Deadline.of(expectation, Optional.empty()));
  }

  @Test
  void shouldOweNothingFromBeforeItsBeginning() {
    String keys = "cron: \"0 2 * * *\", catchUp: 1h, retries: {times: 0}";
    Expectation fresh = expect(keys, Optional.empty(), at("10 02:01"));
    Instant first = at("11 03:00").plus(Duration.ofMinutes(90)).plus(Deadline.SLACK);
    assertEquals(first, Deadline.of(fresh, Optional.empty()));
    // A snapshot of the same files from before the policy doesn't make it owe the days between.
    assertEquals(at("11 03:05"), Deadline.of(fresh, made(at("01 00:00"), Duration.ZERO, "")));
  }

  @Test
  void aHostsClaimOnlyMakesItsSnapshotOlder() {
    GoodSnapshot endless =
        new GoodSnapshot(
            SnapshotId.of(new byte[32]),
            at("10 00:00"),
            Duration.ofDays(400_000),
            Optional.empty(),
            GoodSnapshot.Amount.NONE);
    assertEquals(at("10 00:00").minus(Duration.ofDays(30)), endless.asOf());
    GoodSnapshot future =
        new GoodSnapshot(
            SnapshotId.of(new byte[32]),
            at("10 00:00"),
            Duration.ofDays(-3),
            Optional.empty(),
            GoodSnapshot.Amount.NONE);
    assertEquals(at("10 00:00"), future.asOf());
  }
}
