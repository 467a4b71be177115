package io.holdfast.coordinator.policy;

import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a policy promises and, by its own schedule, can't keep. */
public final class Promises {
  private static final Duration LOOKED_AT = Duration.ofDays(400);
  private static final int SLOTS_MAX = 2_000;

  private Promises() {}

  /** One line for each data class whose runs lie further apart than its rpo, from {@code from}. */
  public static List<String> broken(Policy policy, Instant from) {
    List<String> lines = new ArrayList<>();
    for (DataClass dataClass : policy.dataClasses()) {
      Duration wait = longestWait(dataClass.schedule().timetable(), from);
      dataClass
          .objectives()
          .rpo()
          .filter(rpo -> wait.compareTo(rpo) > 0)
          .ifPresent(rpo ->
              lines.add(
                  "data class \""
                      + dataClass.name()
                      + "\": rpo "
                      + Durations.exact(rpo)
                      + " can't be kept, for its runs are up to "
                      + Durations.rounded(wait)
                      + " apart"));
    }
    return lines;
  }

  private static Duration longestWait(Timetable timetable, Instant from) {
    Slot slot = timetable.next(from);
    Duration longest = Duration.ZERO;
    for (int slots = 0; slots < SLOTS_MAX && slot.opens().isBefore(from.plus(LOOKED_AT)); slots++) {
      Slot after = timetable.after(slot);
      Duration wait = Duration.between(slot.opens(), after.opens());
      longest = wait.compareTo(longest) > 0 ? wait : longest;
      slot = after;
    }
    return longest;
  }
}
