/**
 * The agent's end of the wire: one channel to a coordinator of its fleet, and the streams on it.
 *
 * <p>Owns the gRPC channel ({@link io.holdfast.agent.link.CoordinatorLink}), the upload stream of a
 * backup, the read session that serves base pages and restores, and the cache of base pages on disk. The
 * only package of the agent that knows gRPC. Must never decide what is read or written.
 *
 * <p>Threads: callers block on streams; gRPC's own event loops below. Files: the page cache, sealed as the
 * pages came, each verified by its id when used.
 */
package io.holdfast.agent.link;
