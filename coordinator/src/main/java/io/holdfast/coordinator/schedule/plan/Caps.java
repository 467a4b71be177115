package io.holdfast.coordinator.schedule.plan;

import java.util.Map;

/**
 * Most jobs at one time.
 *
 * @param vaults by vault; one that isn't named has no cap of its own
 * @param groups likewise
 */
public record Caps(
    int coordinator, int host, Map<String, Integer> vaults, Map<String, Integer> groups) {
  public Caps {
    vaults = Map.copyOf(vaults);
    groups = Map.copyOf(groups);
    if (coordinator < 1 || host < 1) {
      throw new IllegalArgumentException("with a cap of less than one job nothing ever runs");
    }
  }
}
