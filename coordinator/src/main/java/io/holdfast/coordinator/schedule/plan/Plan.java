package io.holdfast.coordinator.schedule.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The planner's answer.
 *
 * @param begin to be journalled and then ordered, in this order
 * @param waiting in the order in which places are given
 * @param lookAgain when something will be due next, if nothing happens before: a job that ends, a
 *     host that connects and an edited policy are each a reason to look at once; empty if there is
 *     nothing to wait for
 */
public record Plan(List<DueRun> begin, List<WaitingRun> waiting, Optional<Instant> lookAgain) {}
