/**
 * Re-reading what is stored: proven before trusted.
 *
 * <p>Owns the background proof ({@link io.holdfast.coordinator.proof.Prover}, driven by {@link
 * io.holdfast.coordinator.proof.ProverThread}), verification on an operator's word ({@link
 * io.holdfast.coordinator.proof.Verify}), and the opening of snapshots with their hosts' recovery
 * keys ({@link io.holdfast.coordinator.proof.SnapshotOpener}), on which browsing stands too.
 *
 * <p>Two levels. <em>Checked</em>: the sealed bytes are those that were written; needs no key.
 * <em>Proven</em>: they open with K, the id recomputed from the content is the chunk's, and a
 * page's references are the same in its sealed part, its clear part and its pack's footer. Only
 * proven chunks count for other hosts than their uploader.
 *
 * <p>In a private repository no key is here ({@link
 * io.holdfast.coordinator.proof.PrivateRecoveryKeys}): everything ends at level checked.
 *
 * <p>Hosts go first: nothing is read in the background while they move data ({@link
 * io.holdfast.coordinator.proof.DataActivity}), until a deadline. What another host asks for is
 * proven while it asks ({@link io.holdfast.coordinator.proof.AskedProof}).
 *
 * <p>What was good once is read again, all of it within a time ({@link
 * io.holdfast.coordinator.proof.Rereading}), at level checked. A verification that reads a whole
 * pack counts for that too, so that both go on where the other one was. Packs whose footers were
 * gone as the catalog was made anew are looked at once more at every start ({@link
 * io.holdfast.coordinator.proof.UnreadPacks}).
 *
 * <p>Must never: call anything lost by one reading, or by an error that may pass; record a loss
 * without holding the commit path alone; record a snapshot as proven across a loss; keep a list of
 * all chunks (a walk holds one path of pages and a window of references; a full verification holds
 * one bit an entry).
 *
 * <p>What a second reading, on another path, confirms becomes a record, named with vault, pack and
 * offset in the log: PACK_MISSING, BYTES_DAMAGED, or PROOF_FAILED where the bytes are what arrived
 * and whoever sealed them is at fault. The next backup of the host stores again what it still has;
 * and what is there again after all is stored anew ({@link
 * io.holdfast.coordinator.proof.LostAndFound}).
 *
 * <p><b>Statements.</b> What was found good is said in records of the journal: of entries of a
 * pack, of all of a snapshot, of a pack read from end to end, of everything when a verification
 * ends. The leader signs each record, with its time and its term: that signature is the signed
 * statement, and there is none beside it. The catalog keeps who said it last and in which slot
 * ({@link io.holdfast.coordinator.catalog.Statement}), which {@code snapshot show}, {@code verify}
 * and {@code vault stats} show. Whoever doubts the catalog has the journal read again, every
 * signature up to the pinned root: {@code audit verify}.
 *
 * <p>Threads: {@code proof} owns the prover; a verification runs in its caller's thread, and reads
 * and opens in two of its own. Files: none of its own.
 *
 * <p>Tests: {@code ProverTest}, {@code VerifyTest} and {@code LostAndFoundTest} over a real
 * catalog, with hosts that lie and a vault that damages ({@code testkit}).
 */
package io.holdfast.coordinator.proof;
