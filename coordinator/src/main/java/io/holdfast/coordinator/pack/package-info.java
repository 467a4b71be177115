/**
 * Packs on the vault: filled by many sessions, sealed by size or age, registered in the journal,
 * read back in coalesced ranges.
 *
 * <p>Owns {@link io.holdfast.coordinator.pack.PackAssembler} (the two open packs of this
 * coordinator, data and pages), {@link io.holdfast.coordinator.pack.PackReader} (ranged, checked
 * reads) and {@link io.holdfast.coordinator.pack.Footers} (footers by pack, from memory or the
 * vault). Must never decide what a chunk may be referenced by (that is {@code ingest}) nor change
 * the catalog (only the journal does). Bytes are laid out by {@code common.pack}.
 *
 * <p>Order (I2): the pack is durable before its registration is offered to the journal; a data pack
 * that a page pack's sessions filled is registered before the page pack is.
 *
 * <p>Threads: any number of sessions append; sealing runs on its own virtual threads, at most
 * {@link io.holdfast.coordinator.pack.PackAssembler#SEALING_LIMIT} at once. Files: {@code
 * packs/xx/<id>}.
 */
package io.holdfast.coordinator.pack;
