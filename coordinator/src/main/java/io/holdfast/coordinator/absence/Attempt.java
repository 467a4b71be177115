package io.holdfast.coordinator.absence;

import io.holdfast.common.id.JobId;
import java.time.Instant;

/**
 * The last attempt of a series' last run.
 *
 * @param number counted from 1
 * @param at when it was ordered, or when it ended
 */
public record Attempt(JobId job, int number, State state, Instant at) {
  /** Whether and how it has ended. */
  public enum State {
    OPEN,
    /** It made a snapshot, or an operator ended it. */
    ENDED,
    FAILED
  }
}
