package io.holdfast.agent.restore;

import java.time.Duration;

/**
 * A restore that came to its end.
 *
 * @param findings what failed, and what could not be set
 */
public record RestoreResult(RestoreCounters counters, Findings findings, Duration duration) {
  /** Everything asked for is there as it was. */
  public boolean isComplete() {
    return findings.failureCount() == 0 && findings.differenceCount() == 0;
  }
}
