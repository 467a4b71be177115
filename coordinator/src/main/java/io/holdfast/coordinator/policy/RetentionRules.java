package io.holdfast.coordinator.policy;

import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.StringJoiner;

/**
 * How many snapshots of each kind are kept, and for how long all of them are; what any rule keeps,
 * is kept.
 */
public record RetentionRules(
    int last, int hourly, int daily, int weekly, int monthly, int yearly, Duration within) {
  public RetentionRules {
    boolean negative =
        last < 0 || hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0;
    if (negative || within.isNegative()) {
      throw new IllegalArgumentException("a retention rule below zero");
    }
  }

  /** Each rule that counts, by its key and in the order of documents, zeros included. */
  public SequencedMap<String, Integer> counts() {
    SequencedMap<String, Integer> counts = new LinkedHashMap<>();
    counts.put("last", last);
    counts.put("hourly", hourly);
    counts.put("daily", daily);
    counts.put("weekly", weekly);
    counts.put("monthly", monthly);
    counts.put("yearly", yearly);
    return counts;
  }

  /** Whether no snapshot would be kept. */
  public boolean isNothing() {
    return (last | hourly | daily | weekly | monthly | yearly) == 0 && within.isZero();
  }

  /** For people, such as {@code last 3, daily 14, within 2d}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    counts()
        .forEach((rule, count) -> {
          if (count > 0) {
            text.add(rule + " " + count);
          }
        });
    if (!within.isZero()) {
      text.add("within " + Durations.exact(within));
    }
    return text.toString();
  }
}
