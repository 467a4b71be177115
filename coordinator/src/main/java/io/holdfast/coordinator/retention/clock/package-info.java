/**
 * Whether the coordinator's clock may be believed when something is to be given up because of it.
 *
 * <p>Owns the judgement over readings of the wall clock ({@link
 * io.holdfast.coordinator.retention.clock.ClockWatch}): against the monotonic clock of the same
 * process, against the last reading of the process before, and against the times of journal
 * records. Nothing here reads a clock: readings are given.
 *
 * <p>Must never: decide whether something is safe by time alone (the catalog's rules of commit and
 * deletion stand without a clock); believe a clock again sooner because the process started again.
 *
 * <p>A doubted clock stops expiry and the end of undo periods, nothing else. It is believed again
 * when an operator says that it is right, or after a probation in which it ran evenly. The
 * probation is not shorter than an undo period: whoever could have undone a deletion has had that
 * time in truth, whatever the wall clock said.
 *
 * <p>Threads: none, values only. Files: none; whoever reads the clocks keeps the last {@link
 * io.holdfast.coordinator.retention.clock.ClockStanding} across restarts. Tests: {@code
 * ClockWatchTest}.
 */
package io.holdfast.coordinator.retention.clock;
