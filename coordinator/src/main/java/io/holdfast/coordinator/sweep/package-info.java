/**
 * Garbage collection: what nothing references is found, condemned, and one day deleted, while
 * backups and restores go on.
 *
 * <p>Owns {@link io.holdfast.coordinator.sweep.Sweeper} and the parts of a sweep: the {@code Mark}
 * (what is referenced, one bit an entry), {@code Garbage} (what isn't), the {@code Condemner} (the
 * record after which it is absent for ever), {@code Surplus} and the {@code SurplusCondemner}
 * (second copies of a chunk, of which one proven one stays), the {@code Rewriter} (live rests leave
 * packs that are mostly garbage) and the {@code Deleter} (packs that are garbage as a whole go,
 * once a second mark, two checkpoints and a quarantine have passed over them), {@code PackObjects}
 * (what lies in the vault and has no record), the {@code Brakes} (what somebody has to look at
 * first), {@code Sharing} and its {@code HostWalk} (what one host alone holds, and what several do)
 * and {@link io.holdfast.coordinator.sweep.MarkFile} (a mark that was interrupted).
 *
 * <p>The rules are those of the model in the test package {@code sweep.model}, which takes each
 * away and shows what is lost; decisions 6 and 10 (proto/decisions) say how they are read and how
 * they became records. What a record relies on is looked at again when it is applied ({@code
 * catalog}): nothing here has to be believed.
 *
 * <p>Must never: condemn what a commit could still rest on; delete by its own knowledge, without a
 * record, or while the clock is in doubt; take for unreferenced what the catalog couldn't read; sum
 * sealed bytes anew; read a chunk, other than to move it.
 *
 * <p>Threads: one sweep at a time, in its caller's, which should be a platform thread: look-ups pin
 * carriers. Files: writes and deletes packs of the vault; keeps one mark in the data directory.
 * Memory: two bits an entry and eight bytes a pack for the mark, and bounded windows; some hundred
 * bytes for each of at most 262,144 packs that a sweep condemns entries of; once that is over, four
 * bits an entry to measure whose they are.
 *
 * <p>Tests: {@code SweeperTest}, {@code SurplusTest}, {@code SharingTest}, {@code PackObjectsTest}
 * and {@code MarkFileTest} over a real catalog and vault; {@code io.holdfast.deploy.sim} lets
 * sweeps run among everything else.
 */
package io.holdfast.coordinator.sweep;
