package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;

/** Does what is ordered. */
@FunctionalInterface
public interface OrderHandler {
  /**
   * Runs one job to its end on the calling thread and says how it went; the job id and, if absent,
   * the duration are filled in. What it throws makes the job failed. Called by several threads, by
   * one at a time for each kind of order.
   */
  JobResult run(Order order, JobContext context) throws Exception;
}
