package io.holdfast.coordinator.policy.yaml;

import io.holdfast.common.unit.DataRate;
import io.holdfast.coordinator.policy.Hooks;
import io.holdfast.coordinator.policy.Hooks.Hook;
import io.holdfast.coordinator.policy.Hooks.OnFailure;
import io.holdfast.coordinator.policy.Limits;
import io.holdfast.coordinator.policy.Objectives;
import io.holdfast.coordinator.retention.Period;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.RatePlan;
import io.holdfast.coordinator.schedule.Window;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the sections that a data class has from the policy unless it writes its own. */
final class PartsReader {
  private static final int GAPS_MAX = 1_000_000_000;
  private static final Duration CENTURY = Duration.ofDays(36_525);
  private static final Duration TIME_LIMIT_MAX = Duration.ofDays(1);

  private PartsReader() {}

  static Parts read(Section section) {
    return new Parts(
        section.section("source").flatMap(SourceReader::read),
        section.section("schedule").flatMap(ScheduleReader::read),
        section.section("limits").map(PartsReader::limits),
        section.section("retention").flatMap(PartsReader::retention),
        section.section("objectives").map(PartsReader::objectives),
        section.value("gapsLimit", Forms.number(0, GAPS_MAX)),
        section.section("hooks").map(PartsReader::hooks),
        section.value("hold", Forms::text));
  }

  private static Limits limits(Section section) {
    List<RatePlan.Limit> bandwidth = new ArrayList<>();
    section.sections("bandwidth").forEach(each -> limit(each).ifPresent(bandwidth::add));
    int priority =
        section
            .value("priority", Forms.number(0, Limits.PRIORITY_MAX))
            .orElse(Limits.PRIORITY_STANDARD);
    Optional<String> group = section.value("group", Forms::name);
    section.finish();
    return new Limits(new RatePlan(bandwidth), priority, group);
  }

  private static Optional<RatePlan.Limit> limit(Section section) {
    section.require("rate", "write a size and /s, such as 20 MiB/s, or unlimited");
    Optional<DataRate> rate = section.value("rate", DataRate::parse);
    Optional<Window> during = section.value("during", Window::parse);
    section.finish();
    return rate.map(each -> new RatePlan.Limit(each, during));
  }

  /** By which days and with how many gaps is for the data class to say. */
  private static Optional<RetentionRules> retention(Section section) {
    Section.Form<Integer> count = Forms.number(0, RetentionRules.MOST_BUCKETS);
    Map<Period, Integer> counts = new EnumMap<>(Period.class);
    for (Period period : Period.values()) {
      counts.put(period, section.value(period.word(), count).orElse(0));
    }
    Optional<Duration> within =
        section.value("within", Forms.duration(RetentionRules.LEAST_WITHIN, CENTURY));
    section.finish();
    boolean saysNothing = within.isEmpty() && counts.values().stream().allMatch(each -> each == 0);
    if (saysNothing) {
      section.problemHere(
          "would keep no snapshot at all: write what to keep, or leave the section out to keep"
              + " everything");
      return Optional.empty();
    }
    return Optional.of(
        new RetentionRules(
            counts,
            within.orElse(RetentionRules.USUAL_WITHIN),
            ZoneOffset.UTC,
            RetentionRules.USUAL_GAPS_LIMIT));
  }

  private static Objectives objectives(Section section) {
    Section.Form<Duration> time = Forms.duration(Duration.ofMinutes(1), CENTURY);
    Objectives objectives = new Objectives(section.value("rpo", time), section.value("rto", time));
    section.finish();
    return objectives;
  }

  private static Hooks hooks(Section section) {
    Hooks hooks = new Hooks(hooks(section, "before"), hooks(section, "after"));
    section.finish();
    return hooks;
  }

  private static List<Hook> hooks(Section section, String key) {
    List<Hook> hooks = new ArrayList<>();
    section.sections(key).forEach(each -> hook(each).ifPresent(hooks::add));
    return hooks;
  }

  private static Optional<Hook> hook(Section section) {
    section.require("name", "write the name of the hook's file on the host");
    Optional<String> name = section.value("name", Forms::fileName);
    Duration timeLimit =
        section
            .value("timeLimit", Forms.duration(Duration.ofSeconds(1), TIME_LIMIT_MAX))
            .orElse(Hooks.TIME_LIMIT_STANDARD);
    OnFailure onFailure =
        section.value("onFailure", Forms.word(OnFailure.class)).orElse(OnFailure.FAIL);
    section.finish();
    return name.map(each -> new Hook(each, timeLimit, onFailure));
  }
}
