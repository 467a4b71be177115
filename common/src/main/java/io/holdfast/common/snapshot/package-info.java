/**
 * What agent and coordinator both have to know of a snapshot: how its id, its source set, what its
 * commit signs and what its root's key is sealed with are computed ({@link
 * io.holdfast.common.snapshot.SnapshotFormat}; FORMAT.md, sections 7 and 8), and the seam through
 * which it is read back ({@link io.holdfast.common.snapshot.SnapshotContent}), whether a
 * coordinator serves it or a vault lies on this machine.
 *
 * <p>Must never know a wire message or a store; believe that what a content gives back is what was
 * asked for.
 *
 * <p>Threads: functions are pure; a content belongs to one thread. Files: none.
 */
package io.holdfast.common.snapshot;
