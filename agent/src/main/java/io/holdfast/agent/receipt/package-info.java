/**
 * What coordinators have acknowledged to this host: signed receipts of its commits, on its disk.
 *
 * <p>Owns {@link io.holdfast.agent.receipt.Receipts}: a receipt is checked against what was
 * committed and against the fleet's root before it is kept, and kept durably. With it this host can
 * show what a vault must hold, whoever looks after the vault, and notice by itself that one was set
 * back.
 *
 * <p>Must never: keep what doesn't verify; delete the newest receipt of a source set; fail a backup
 * that was committed because a receipt can't be kept.
 *
 * <p>Threads: any. Files: {@code receipts/<source set>-<number>.receipt} in the state directory
 * (proto/FORMAT.md, section 7), the newest {@link io.holdfast.agent.receipt.Receipts#KEPT} of each
 * source set. Tests: {@code ReceiptsTest}.
 */
package io.holdfast.agent.receipt;
