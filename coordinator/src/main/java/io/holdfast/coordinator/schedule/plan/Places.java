package io.holdfast.coordinator.schedule.plan;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.schedule.plan.WaitingRun.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is left of the caps while one plan is made. */
final class Places {
  private final Caps caps;
  private final Map<HostId, Integer> hosts = new HashMap<>();
  private final Map<String, Integer> vaults = new HashMap<>();
  private final Map<String, Integer> groups = new HashMap<>();
  private int coordinator;

  Places(Caps caps, Iterable<RunningJob> running) {
    this.caps = caps;
    running.forEach(this::take);
  }

  void take(RunningJob job) {
    coordinator++;
    hosts.merge(job.host(), 1, Integer::sum);
    vaults.merge(job.vault(), 1, Integer::sum);
    job.group().ifPresent(group -> groups.merge(group, 1, Integer::sum));
  }

  /** Why there is no place for {@code job}; empty if there is one. */
  Optional<Reason> refusal(RunningJob job) {
    if (coordinator >= caps.coordinator()) {
      return Optional.of(Reason.COORDINATOR_FULL);
    }
    if (hosts.getOrDefault(job.host(), 0) >= caps.host()) {
      return Optional.of(Reason.HOST_BUSY);
    }
    if (isFull(vaults, caps.vaults(), job.vault())) {
      return Optional.of(Reason.VAULT_FULL);
    }
    return job.group()
        .filter(group -> isFull(groups, caps.groups(), group))
        .map(full -> Reason.GROUP_FULL);
  }

  private static boolean isFull(
      Map<String, Integer> taken, Map<String, Integer> most, String name) {
    return taken.getOrDefault(name, 0) >= most.getOrDefault(name, Integer.MAX_VALUE);
  }
}
