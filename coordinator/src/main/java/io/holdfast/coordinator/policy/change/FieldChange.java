package io.holdfast.coordinator.policy.change;

import java.util.Optional;

/**
 * One field, or one item of a list, that differs.
 *
 * @param path such as {@code schedule.cron} or {@code dataClasses.raw-video.retention.weekly}
 * @param before absent if it is new
 * @param after absent if it is gone
 */
public record FieldChange(String path, Optional<String> before, Optional<String> after) {
  @Override
  public String toString() {
    if (before.isEmpty()) {
      return "+ " + path + ": " + after.orElse("");
    }
    return after
        .map(text -> "~ " + path + ": " + before.get() + " -> " + text)
        .orElseGet(() -> "- " + path + ": " + before.get());
  }
}
