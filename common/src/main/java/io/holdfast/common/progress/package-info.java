/**
 * How fast a job goes and when it ends, from samples of what is done.
 *
 * <p>Owns {@link io.holdfast.common.progress.ProgressMeter} and the {@link
 * io.holdfast.common.progress.ProgressEstimate} it gives. Arithmetic only: who shows an estimate,
 * and where, is for the caller.
 *
 * <p>Must never: read a clock of its own (it is given a {@link io.holdfast.common.seam.Time}), or
 * grow with the length of the job.
 *
 * <p>Threads: a meter belongs to one thread. Files: none. Tests: a hand-moved clock.
 */
package io.holdfast.common.progress;
