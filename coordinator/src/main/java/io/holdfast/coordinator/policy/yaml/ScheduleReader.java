package io.holdfast.coordinator.policy.yaml;

import io.holdfast.coordinator.schedule.CatchUp;
import io.holdfast.coordinator.schedule.Recurrence;
import io.holdfast.coordinator.schedule.Retries;
import io.holdfast.coordinator.schedule.Schedule;
import io.holdfast.coordinator.schedule.Timetable;
import io.holdfast.coordinator.schedule.Window;
import io.holdfast.coordinator.schedule.Windows;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** Reads {@code schedule}. */
final class ScheduleReader {
  private static final Duration SPREAD_MAX = Duration.ofDays(31);
  private static final Duration WAIT_MAX = Duration.ofDays(7);
  private static final ZoneId ZONE_STANDARD = ZoneId.of("UTC");

  private ScheduleReader() {}

  static Optional<Schedule> read(Section section) {
    section.require("cron", "write when, such as 0 2 * * * or @daily");
    Optional<Recurrence> recurrence = section.value("cron", Recurrence::parse);
    ZoneId zone = section.value("timeZone", Forms::zone).orElse(ZONE_STANDARD);
    Duration spread =
        section.value("spread", Forms.duration(Duration.ZERO, SPREAD_MAX)).orElse(Duration.ZERO);
    List<Window> windows = section.values("windows", Window::parse);
    CatchUp catchUp = section.value("catchUp", CatchUp::parse).orElse(CatchUp.ALWAYS);
    Retries retries =
        section.section("retries").map(ScheduleReader::retries).orElse(Retries.STANDARD);
    section.finish();
    return recurrence.map(each ->
        new Schedule(new Timetable(each, zone, new Windows(windows), spread), catchUp, retries));
  }

  private static Retries retries(Section section) {
    Retries standard = Retries.STANDARD;
    int times = section.value("times", Forms.number(0, Retries.TIMES_MAX)).orElse(standard.times());
    Section.Form<Duration> wait = Forms.duration(Duration.ofSeconds(1), WAIT_MAX);
    Duration backOff = section.value("backOff", wait).orElse(standard.backOff());
    Duration longest =
        section
            .value("longest", wait)
            .orElse(backOff.compareTo(standard.longest()) > 0 ? backOff : standard.longest());
    section.finish();
    if (longest.compareTo(backOff) < 0) {
      section.problem("longest", "the longest wait is shorter than the first, backOff");
      return standard;
    }
    return new Retries(times, backOff, longest);
  }
}
