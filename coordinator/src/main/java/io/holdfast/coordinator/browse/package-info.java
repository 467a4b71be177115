/**
 * Looking into snapshots: naming them, listing, searching and comparing their files, and the
 * figures of the vault.
 *
 * <p>Owns what people call snapshots ({@link io.holdfast.coordinator.browse.SnapshotNames}),
 * reading their pages for people ({@link io.holdfast.coordinator.browse.Browser}), and the
 * operators' calls on both ({@link io.holdfast.coordinator.browse.AdminSnapshots}, {@link
 * io.holdfast.coordinator.browse.AdminVault}).
 *
 * <p>Must never: change anything (a verification records what it finds, through {@code proof});
 * guess between two snapshots or hosts; hold a snapshot's files in memory; know gRPC.
 *
 * <p>Needs the hosts' recovery keys: where a host keeps its keys to itself, only that host can list
 * its files, and the answer is KEY_UNAVAILABLE; of an erased host nobody can, and it is
 * HOST_ERASED.
 *
 * <p>Threads: any; each call reads in its caller's and blocks while the reader of its answers is
 * behind. Files: none. Tests: {@code SnapshotNamesTest}, {@code AdminSnapshotsTest}, {@code
 * AdminVaultTest}.
 */
package io.holdfast.coordinator.browse;
