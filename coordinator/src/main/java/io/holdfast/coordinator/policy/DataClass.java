package io.holdfast.coordinator.policy;

import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.Schedule;
import java.util.Optional;

/**
 * One source of a host with a rhythm and a life of its own: the metadata daily, the raw video
 * weekly. Its runs are one series of snapshots on each host.
 *
 * @param retention by the schedule's time zone and the limit of gaps; empty: everything is kept
 * @param gapsLimit a snapshot with more gaps counts for nothing
 * @param hold why every snapshot is held; empty: none is
 */
public record DataClass(
    String name,
    Source source,
    Schedule schedule,
    Limits limits,
    Optional<RetentionRules> retention,
    Objectives objectives,
    int gapsLimit,
    Hooks hooks,
    Optional<String> hold) {
  /** The name of the one data class of a policy that names none. */
  public static final String ONLY = "default";

  public static final int GAPS_LIMIT_STANDARD = RetentionRules.USUAL_GAPS_LIMIT;

  public DataClass {
    retention =
        retention.map(rules -> rules.cutIn(schedule.timetable().zone()).allowGaps(gapsLimit));
  }
}
