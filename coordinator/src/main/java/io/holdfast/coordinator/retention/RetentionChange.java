package io.holdfast.coordinator.retention;

import io.holdfast.common.unit.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether rules may keep less than others, on whatever history: what an approval of a shortening
 * goes by. It errs to one side: rules that shorten something by one line and make up for it by
 * another one are called shorter, but rules that aren't called shorter keep at least as much of
 * every history.
 *
 * @param shortened what may be kept less of, a line each, for people
 */
public record RetentionChange(List<String> shortened) {
  public RetentionChange {
    shortened = List.copyOf(shortened);
  }

  /** From {@code before} to {@code after}; no rules keep everything. */
  public static RetentionChange between(
      Optional<RetentionRules> before, Optional<RetentionRules> after) {
    if (after.isEmpty()) {
      return new RetentionChange(List.of());
    }
    if (before.isEmpty()) {
      return new RetentionChange(List.of("so far nothing expires"));
    }
    return between(before.get(), after.get());
  }

  private static RetentionChange between(RetentionRules before, RetentionRules after) {
    List<String> shortened = new ArrayList<>();
    for (Period period : Period.values()) {
      if (after.count(period) < before.count(period)) {
        shortened.add(
            "keep " + period.word() + ": " + before.count(period) + " -> " + after.count(period));
      }
    }
    if (after.within().compareTo(before.within()) < 0) {
      shortened.add(
          "keep within: "
              + Durations.exact(before.within())
              + " -> "
              + Durations.exact(after.within()));
    }
    addWhatCutsOtherwise(before, after, shortened);
    return new RetentionChange(shortened);
  }

  /** Neither is more or less: other snapshots count, or share a bucket, and some give way. */
  private static void addWhatCutsOtherwise(
      RetentionRules before, RetentionRules after, List<String> shortened) {
    if (!after.zone().equals(before.zone())) {
      shortened.add("time zone: " + before.zone() + " -> " + after.zone() + " cuts days elsewhere");
    }
    if (after.gapsLimit() != before.gapsLimit()) {
      shortened.add(
          "limit of gaps: "
              + before.gapsLimit()
              + " -> "
              + after.gapsLimit()
              + " lets other snapshots count");
    }
  }

  /** Whether some history loses something by it. */
  public boolean mayKeepLess() {
    return !shortened.isEmpty();
  }
}
