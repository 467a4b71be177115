package io.holdfast.coordinator.job;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs that haven't ended, the oldest first, and those of each host: when ten thousand hosts come
 * back at once, none looks through the jobs of all. Guarded by {@link Jobs}.
 */
final class RunningJobs {
  private final Map<JobId, Job> jobs = new LinkedHashMap<>();
  private final Map<HostId, List<Job>> byHost = new HashMap<>();

  /** One of another id; a second one of the same is ignored. */
  void add(Job job) {
    if (jobs.putIfAbsent(job.id(), job) == null) {
      byHost.computeIfAbsent(job.host(), host -> new ArrayList<>(1)).add(job);
    }
  }

  void remove(JobId id) {
    Job removed = jobs.remove(id);
    if (removed != null) {
      byHost.computeIfPresent(
          removed.host(),
          (host, own) -> {
            own.removeIf(job -> job.id().equals(id));
            return own.isEmpty() ? null : own;
          });
    }
  }

  Optional<Job> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  boolean contains(JobId id) {
    return jobs.containsKey(id);
  }

  /** As they are now: whoever goes through them may end some. */
  List<Job> of(HostId host) {
    return List.copyOf(byHost.getOrDefault(host, List.of()));
  }

  int count(HostId host) {
    return byHost.getOrDefault(host, List.of()).size();
  }

  /** As they are now. */
  List<Job> all() {
    return List.copyOf(jobs.values());
  }

  int size() {
    return jobs.size();
  }
}
