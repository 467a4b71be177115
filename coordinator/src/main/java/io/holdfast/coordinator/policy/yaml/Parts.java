package io.holdfast.coordinator.policy.yaml;

import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.Hooks;
import io.holdfast.coordinator.policy.Limits;
import io.holdfast.coordinator.policy.Objectives;
import io.holdfast.coordinator.policy.Source;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.Schedule;
import java.util.Optional;

/** What a section says of a data class; absent is what it leaves to somebody else. */
record Parts(
    Optional<Source> source,
    Optional<Schedule> schedule,
    Optional<Limits> limits,
    Optional<RetentionRules> retention,
    Optional<Objectives> objectives,
    Optional<Integer> gapsLimit,
    Optional<Hooks> hooks,
    Optional<String> hold) {

  /** What this says, and {@code others} where it says nothing: whole parts, never mixed. */
  Parts over(Parts others) {
    return new Parts(
        source.or(others::source),
        schedule.or(others::schedule),
        limits.or(others::limits),
        retention.or(others::retention),
        objectives.or(others::objectives),
        gapsLimit.or(others::gapsLimit),
        hooks.or(others::hooks),
        hold.or(others::hold));
  }

  /** Absent without source or schedule. */
  Optional<DataClass> dataClass(String name) {
    return source.flatMap(from ->
        schedule.map(when ->
            new DataClass(
                name,
                from,
                when,
                limits.orElse(Limits.STANDARD),
                retention,
                objectives.orElse(Objectives.NONE),
                gapsLimit.orElse(DataClass.GAPS_LIMIT_STANDARD),
                hooks.orElse(Hooks.NONE),
                hold)));
  }
}
