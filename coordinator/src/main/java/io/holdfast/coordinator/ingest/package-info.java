/**
 * Backup sessions: what a host may reference, what it uploads, and the commit that makes a snapshot
 * of it.
 *
 * <p>Owns {@link io.holdfast.coordinator.ingest.BackupSessions} and the two rules every snapshot
 * rests on: a reference counts only if the chunk is present and counts for this host, and a page is
 * registered only by who shows {@code own} for everything in it. Commit accepts a root whose whole
 * tree passes, is answered once for each (host, run), and returns a signed receipt only after the
 * record that names the snapshot is durable (I1, I2).
 *
 * <p>Below the vault's reserve no session opens ({@link io.holdfast.coordinator.ingest.VaultRoom}),
 * nor for a host that has filled its quota ({@link io.holdfast.coordinator.ingest.HostQuotas}).
 *
 * <p>Must never open a chunk, trust an id it did not check, or change the catalog except through
 * the journal.
 *
 * <p>Threads: one virtual thread a session. Files: none of its own.
 */
package io.holdfast.coordinator.ingest;
