/**
 * The journal and the catalog as one: what every coordinator, and whoever rebuilds, stands on.
 *
 * <p>Owns {@link io.holdfast.coordinator.ledger.Ledger} (the open catalog that follows the journal,
 * as the one consumer of its records), the journal read from its slots for a rebuild, and
 * checkpoints: how one is taken, verified and journalled while the coordinator works ({@link
 * io.holdfast.coordinator.ledger.LedgerCheckpoints}), and when one is due by itself ({@link
 * io.holdfast.coordinator.ledger.CheckpointRounds}). Must never decide what a record means ({@code
 * journal} does) nor what it changes ({@code catalog} does); name a checkpoint in a record that
 * wasn't verified; delete one.
 *
 * <p>Threads: the journal's owner thread applies; any thread asks for views; checkpoints are
 * written by one at a time. Files: those of the catalog. Tests: {@code CheckpointStartTest} counts
 * what a start applies; {@code io.holdfast.deploy.path.LongLifeTest} lets days pass.
 */
package io.holdfast.coordinator.ledger;
