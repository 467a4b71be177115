package io.holdfast.coordinator.policy;

import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.schedule.Slot;
import io.holdfast.coordinator.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a policy promises and, by its own schedule, can't keep. */
public final class Promises {
  private static final Duration LOOKED_AT = Duration.ofDays(400);
  private static final int SLOTS_MAX = 2_000;

  private Promises() {}

  /** One line for each data class whose runs lie further apart than its rpo, from {@code from}. */
  public static List<String> broken(Policy policy, Instant from) {
    return policy.dataClasses().stream()
        .flatMap(dataClass -> broken(dataClass, from).stream())
        .toList();
  }

  /** A line if its runs lie further apart than its rpo, from {@code from} on. */
  public static Optional<String> broken(DataClass dataClass, Instant from) {
    return dataClass
        .objectives()
        .rpo()
        .flatMap(rpo -> {
          Duration wait = longestWait(dataClass.schedule().timetable(), from);
          return wait.compareTo(rpo) > 0
              ? Optional.of(
                  "data class \""
                      + dataClass.name()
                      + "\": rpo "
                      + Durations.exact(rpo)
                      + " can't be kept, for its runs are up to "
                      + Durations.rounded(wait)
                      + " apart")
              : Optional.empty();
        });
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
