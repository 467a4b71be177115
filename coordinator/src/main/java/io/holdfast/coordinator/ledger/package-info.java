/**
 * The journal and the catalog as one: what every coordinator, and whoever rebuilds, stands on.
 *
 * <p>Owns {@link io.holdfast.coordinator.ledger.Ledger} (the open catalog that follows the journal,
 * as the one consumer of its records) and the journal read from its slots for a rebuild. Must never
 * decide what a record means ({@code journal} does) nor what it changes ({@code catalog} does).
 *
 * <p>Threads: the journal's owner thread applies; any thread asks for views. Files: those of the
 * catalog.
 */
package io.holdfast.coordinator.ledger;
