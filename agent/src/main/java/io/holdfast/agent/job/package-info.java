/**
 * What surrounds a backup on its host: hooks before and after it, and a file system snapshot that
 * it reads, so that what it reads is of one point in time.
 *
 * <p>Owns {@link io.holdfast.agent.job.Surroundings}, which makes them and puts everything right in
 * the end, and {@code Unfinished}, which remembers on disk what there is to be put right.
 *
 * <ul>
 *   <li>N1 What a backup changes on its host is written down before it is changed, and forgotten
 *       only when it is right again.
 *   <li>N2 The hooks to run after a backup run after any end of it: well, failed, cancelled,
 *       refused by a hook before it. If the agent itself is ended in between, they run when it
 *       starts again; ended while one of them runs, that one runs twice.
 *   <li>N3 No job begins before what an earlier life of the agent left is put right.
 *   <li>N4 A btrfs snapshot is made for every subvolume that the sources lie in, or that lies in
 *       them, unless it is read-only. Another file system that is mounted within is read as it is.
 * </ul>
 *
 * <p>Must never: delete a subvolume whose name isn't one that this package makes.
 *
 * <p>Threads: any; hooks that put right run on one of their own, which no cancelling reaches.
 * Files: one for each job under way, below the agent's data directory; {@code .holdfast-snapshot-*}
 * in each subvolume while it is read. Tests: {@code SurroundingsTest}; {@code
 * io.holdfast.deploy.path.PointInTimeTest} on a btrfs of its own.
 */
package io.holdfast.agent.job;
