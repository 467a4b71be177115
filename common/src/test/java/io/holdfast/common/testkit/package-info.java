/**
 * Fakes that are hostile on purpose, for the tests of every module.
 *
 * <p>Owns {@link io.holdfast.common.testkit.LossyDisk} (a disk that keeps only what was synced,
 * fails at a chosen operation and loses power in the middle of one) with its mounts {@link
 * io.holdfast.common.testkit.LossyFileSystem}, and the contracts that fake and reality both pass.
 *
 * <p>Must never be lenient: whatever a real system is allowed to do to us, the fake does under some
 * seed. Every choice comes from the seed, so a failing test replays.
 *
 * <p>Threads: a disk and its mounts are safe for many threads; with more than one, the order of
 * their calls, and so what the seed does, is the scheduler's.
 *
 * <p>Tests: {@code LossyDiskTest} holds the disk to its invariants, {@code FileSystemContract} to
 * what the real file system does.
 */
package io.holdfast.common.testkit;
