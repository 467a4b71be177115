/**
 * Break-glass: everything back from a vault's directory and the recovery passphrase, with no
 * coordinator, no etcd and no catalog; and the catalog of a stopped coordinator, made anew.
 *
 * <p>Owns {@link io.holdfast.coordinator.recovery.Recovery} (keys, snapshots by name, their
 * content) and {@link io.holdfast.coordinator.recovery.CatalogRebuild}. Two ways lead to the
 * snapshots: the journal, replayed with every signature checked into a catalog of its own ({@code
 * JournalSource}); or, where the journal is gone or damaged, the footers of all packs, with the
 * copies of snapshot records that ride in page packs ({@code FooterSource}). Content comes straight
 * out of packs, each chunk from whatever place still holds it.
 *
 * <p>Must never: change anything in the vault; believe a chunk that doesn't open to its id, or a
 * record whose signature doesn't lead to the fleet's root; let one damaged object stop what doesn't
 * need it.
 *
 * <p>Threads: one. Files: a scratch directory, dropped at the end; it holds ids and sealed records,
 * no content. Tests: {@code io.holdfast.deploy.path}, from a backup with everything but the vault
 * deleted.
 */
package io.holdfast.coordinator.recovery;
