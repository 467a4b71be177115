/**
 * From a vault back to a catalog: opening what a coordinator's directory holds, rebuilding it when
 * it can't be trusted, and the checkpoints that make a rebuild short.
 *
 * <p>Owns: the directory of the catalog and its lock; the choice between directory, checkpoint and
 * journal; the objects {@code checkpoints/<seq>} (manifest, written last) and {@code
 * checkpoints/files/<sha256>}.
 *
 * <p>Must never: keep a catalog whose last record isn't the journal's; use a checkpoint that no
 * record names, or a byte of one that no hash vouches for; take an error of reading for damage;
 * delete anything in the vault.
 *
 * <p>Threads: opening and rebuilding belong to the thread that will own the catalog; {@link
 * io.holdfast.coordinator.catalog.rebuild.CheckpointWriter#publish} and verification may run on any
 * other beside it.
 *
 * <p>What a lost pack does to a rebuild: its footer can't be read any more, so its locations can't
 * be made. A newer checkpoint is used if there is one; else the pack is taken in without locations
 * and reported, since a journal that can't be applied for want of one pack would hold up
 * everything. Who leads records its loss as it starts ({@code proof.UnreadPacks}); from then on all
 * catalogs agree again. Until then nothing is swept.
 *
 * <p>Tests: damage to each file of a checkpoint and of the directory, stops while applying, lost
 * footers, rolled-back journals; always compared by digest with an undisturbed catalog.
 */
package io.holdfast.coordinator.catalog.rebuild;
