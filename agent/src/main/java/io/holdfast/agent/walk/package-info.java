/**
 * The walk: everything below the roots of a source, in snapshot order, as a stream.
 *
 * <p>Owns reading directories and describing entries: {@link io.holdfast.agent.walk.WalkCursor}
 * hands out one {@link io.holdfast.agent.walk.WalkEvent} after the other, depth-first, siblings by
 * the unsigned bytes of their names, so that a backup can merge it with its base in one pass. Owns
 * what is left out (filters, cache tags, other and pseudo file systems) and says how much.
 *
 * <p>Must never: hold a list of all entries (a ceiling on buffered entries and bytes, large
 * directories sorted in runs on disk); stop because of one bad entry (that is a gap in the stream);
 * follow a symbolic link; cross into a directory that took the place of the one it saw; read the
 * content of files, except the signature of a cache tag.
 *
 * <p>How: a directory is a {@code Listing} (its sorted names) of one or more {@code Batch}es (names
 * described by the kernel, in columns). {@code ScanAhead} keeps up to N of both running ahead of
 * the consumer, always the earliest in path order; the consumer takes them in order and runs what
 * nobody has started yet itself, so with no executor threads at all the walk still ends.
 *
 * <p>Threads: one consumer; workers on the executor the caller passes (platform threads: system
 * calls block them). One lock in {@code ScanAhead}, one in {@code OpenDirectories}, never nested.
 * Files: sorted runs in the scratch directory, removed as the walk leaves the directory.
 * Descriptors: at most {@code WalkLimits.openDirectoriesMax} idle directories and one per worker.
 *
 * <p>Tests: {@code WalkCursorTest} (order, kinds, gaps, bounds), {@code PathFilterTest}, {@code
 * NameSpillTest}, {@code DeepTreeTest}; {@code HostileCalls} is the fake kernel.
 */
package io.holdfast.agent.walk;
