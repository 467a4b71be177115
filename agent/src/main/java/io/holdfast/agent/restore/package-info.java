/**
 * Restores: from a snapshot's pages and sealed chunks to files of this host.
 *
 * <p>Owns {@link io.holdfast.agent.restore.RestoreRun} (walk the wanted entries in path order,
 * gather what they need in windows, fetch each window's chunks once in the order of the packs, open
 * each once, write it to all its places), the rule of what is left alone ({@link
 * io.holdfast.agent.restore.Conflict}), the report of what failed or could not be set, the
 * read-back of a sample, and the host's own say in where restores may go ({@link
 * io.holdfast.agent.restore.RestoreTargets}).
 *
 * <p>A chunk whose bytes don't open is asked for again, from another place each time.
 *
 * <p>Must never: write a byte that didn't come out of a chunk whose id was recomputed here (I8);
 * follow an entry out of its target (I9: {@code tree} makes every name below an open directory);
 * end for one bad file; hold more than a window of entries.
 *
 * <p>Threads: the caller walks and decides; where the content can be read by two, one more
 * receives; {@link io.holdfast.agent.restore.RestoreLimits} says how many workers open chunks and
 * write. Interrupting the caller ends the run. A run that ended early is repeated: files appear
 * complete or not at all, so what is there already is left alone.
 *
 * <p>Files: those of the target. Tests: {@code RestoreRunTest} over a snapshot in memory with
 * chunks missing and changed; {@code io.holdfast.deploy.path} from backup to disk and back.
 */
package io.holdfast.agent.restore;
