package io.holdfast.coordinator.schedule.plan;

import io.holdfast.common.id.JobId;
import java.time.Instant;

/**
 * An attempt whose time has come.
 *
 * @param since when it came
 */
public record DueRun(Duty duty, RunKey key, int attempt, Instant since) {
  public JobId job() {
    return key.job(attempt);
  }
}
