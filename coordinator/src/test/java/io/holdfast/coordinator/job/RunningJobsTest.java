package io.holdfast.coordinator.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunningJobsTest {
  private static final HostId WEB = HostId.parse("11111111111111111111111111111111");
  private static final HostId DB = HostId.parse("22222222222222222222222222222222");

  private final RunningJobs jobs = new RunningJobs();

  private Job add(int number, HostId host) {
    Job job = Job.unknown(JobId.parse("%032x".formatted(number)), host);
    jobs.add(job);
    return job;
  }

  @Test
  void shouldKnowTheJobsOfEachHostAndTheOrderOfAll() {
    Job first = add(9, WEB);
    Job second = add(2, DB);
    Job third = add(5, WEB);
    assertEquals(List.of(first, second, third), jobs.all());
    assertEquals(List.of(first, third), jobs.of(WEB));
    assertEquals(1, jobs.count(DB));
    jobs.remove(first.id());
    jobs.remove(first.id());
    jobs.remove(second.id());
    assertEquals(List.of(third), jobs.of(WEB));
    assertEquals(List.of(), jobs.of(DB));
    assertEquals(0, jobs.count(DB));
    assertEquals(1, jobs.size());
    assertEquals(Optional.empty(), jobs.find(first.id()));
  }

  @Test
  void shouldKeepTheFirstOfOneId() {
    Job first = add(7, WEB);
    add(7, DB);
    assertEquals(Optional.of(first), jobs.find(first.id()));
    assertEquals(List.of(), jobs.of(DB));
    assertTrue(jobs.contains(first.id()));
  }
}
