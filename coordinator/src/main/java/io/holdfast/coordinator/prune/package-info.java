/**
 * Prune: the acts of retention. What the rules let go, and what people delete, leaves by two
 * records with an undo between them (proto/decisions/0007).
 *
 * <p>Owns the rounds that are made every hour and on demand ({@link
 * io.holdfast.coordinator.prune.PruneRounds}), what they would make of it by other policies ({@link
 * io.holdfast.coordinator.prune.RetentionPreview}), what people delete and have back ({@link
 * io.holdfast.coordinator.prune.Deletions}), holds ({@link io.holdfast.coordinator.prune.Holds}),
 * approvals of amounts ({@link io.holdfast.coordinator.prune.RetentionApprovals}), and what this
 * coordinator remembers of its clock ({@link io.holdfast.coordinator.prune.ClockKeeper}).
 *
 * <p>Which rules a snapshot is judged by: those of every data class whose schedule made a snapshot
 * of its source set, or whose files, or whose database's log, that source set is. What any of them
 * keeps is kept. A source set that no policy is for is kept whole, and what the rules had deleted
 * of it comes back. Logs of databases have rules of their own (proto/decisions/0008).
 *
 * <p>Must never: decide what is kept ({@code retention} does); delete by a plan without naming the
 * view it was made on; delete what is held; trust that a record had the effect it was written for
 * (apply judges again, and the catalog is asked what came of it); touch chunks or packs.
 *
 * <p>Threads: any; one round at a time, changes of holds one after another. Files: {@code clock} in
 * the data directory, which may be lost: the clock is doubted then until somebody confirms it, or
 * its probation is over. Tests: {@code PruneRoundsTest}, {@code LogRetentionTest}, {@code
 * RetentionPreviewTest} and {@code DeletionsTest} under a clock moved by hand, {@code
 * ClockKeeperTest}; what each record does, {@code DeletionsInCatalogTest}.
 */
package io.holdfast.coordinator.prune;
