package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.JobId;
import io.holdfast.proto.stored.v1.ScheduledRun;

/**
 * The last attempt of a series' last run.
 *
 * @param timeMillis of the record of its end, or of its order where no record tells the end
 */
public record LastAttempt(JobId job, ScheduledRun run, State state, long timeMillis) {
  /** Whether and how it has ended. */
  public enum State {
    OPEN,
    /** It made a snapshot, or an operator ended it. */
    ENDED,
    FAILED,
    /** It failed by the coordinator's word alone: its host was silent, or was never told. */
    VANISHED
  }
}
