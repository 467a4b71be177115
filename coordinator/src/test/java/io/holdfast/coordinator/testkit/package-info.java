/**
 * A repository and its hosts for tests of the coordinator, without agents, sockets or disks.
 *
 * <p>Owns {@link io.holdfast.coordinator.testkit.TestRepository} (catalog, packs, checks, keys and
 * proof as in production, over a vault in memory), {@link io.holdfast.coordinator.testkit.TestHost}
 * (seals, uploads and commits, and lies where it is told to) and {@link
 * io.holdfast.coordinator.testkit.DamageableVault}.
 *
 * <p>Must never: decide what a test is about, wait for anything, or draw from another source than
 * the repository's seed. Threads: a repository and its hosts belong to the test's thread.
 */
package io.holdfast.coordinator.testkit;
