package io.holdfast.coordinator.job;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Jobs that ended, the newest few of each host and so many in all: a host that invents results
 * pushes out only its own. Guarded by {@link Jobs}.
 */
final class JobHistory {
  private final JobLimits limits;
  private final Map<JobId, Job> jobs = new LinkedHashMap<>();
  private final Map<HostId, Set<JobId>> byHost = new HashMap<>();

  JobHistory(JobLimits limits) {
    this.limits = limits;
  }

  Optional<Job> find(JobId id) {
    return Optional.ofNullable(jobs.get(id));
  }

  void add(Job job) {
    jobs.put(job.id(), job);
    Set<JobId> own = byHost.computeIfAbsent(job.host(), host -> new LinkedHashSet<>());
    own.add(job.id());
    if (own.size() > limits.resultsPerHost()) {
      remove(jobs.get(own.iterator().next()));
    }
    if (jobs.size() > limits.results()) {
      Iterator<Job> oldest = jobs.values().iterator();
      remove(oldest.next());
    }
  }

  private void remove(Job job) {
    jobs.remove(job.id());
    byHost.computeIfPresent(
        job.host(),
        (host, own) -> {
          own.remove(job.id());
          return own.isEmpty() ? null : own;
        });
  }
}
