package io.holdfast.coordinator.retention;

import io.holdfast.common.unit.Durations;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether rules may keep less than others, on whatever history. It errs to one side: rules that
 * shorten something by one line and make up for it by another one are called shorter, but rules
 * that aren't called shorter keep at least as much of every history.
 */
public final class RetentionChange {
  private RetentionChange() {}

  /** What may be kept less of with {@code after} instead of {@code before}: a line each. */
  public static List<String> shortened(RetentionRules before, RetentionRules after) {
    List<String> shortened = new ArrayList<>();
    for (Period period : Period.values()) {
      if (after.count(period) < before.count(period)) {
        shortened.add(period.word() + " " + before.count(period) + " -> " + after.count(period));
      }
    }
    if (after.within().compareTo(before.within()) < 0) {
      shortened.add(
          "within " + Durations.exact(before.within()) + " -> " + Durations.exact(after.within()));
    }
    addWhatCutsOtherwise(before, after, shortened);
    return shortened;
  }

  /** Neither is more or less: other snapshots count, or share a bucket, and some give way. */
  private static void addWhatCutsOtherwise(
      RetentionRules before, RetentionRules after, List<String> shortened) {
    if (!after.zone().equals(before.zone())) {
      shortened.add("time zone " + before.zone() + " -> " + after.zone() + " cuts days elsewhere");
    }
    if (after.gapsLimit() != before.gapsLimit()) {
      shortened.add(
          "gapsLimit "
              + before.gapsLimit()
              + " -> "
              + after.gapsLimit()
              + " lets other snapshots count");
    }
  }
}
