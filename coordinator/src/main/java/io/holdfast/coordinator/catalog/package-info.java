/**
 * The catalog: everything the journal says, arranged for look-up. It is a cache: a coordinator that
 * lost it rebuilds it from the vault, and no one else needs it.
 *
 * <p>Owns: {@code apply}, the one function from records to catalog state; the layouts of rows and
 * keys ({@code Keys} has the table); where chunks lie and whom they count for; which page checks a
 * loss has undone; who said when that something was read or proven; totals; the digest by which two
 * catalogs are compared.
 *
 * <p>Must never: change for any reason but a record; let a row be read whose record's seq and hash
 * weren't written in the same batch; move or replace a location that is there; ask a clock, a
 * random source or this machine anything while it applies; decide whether a record is valid (the
 * journal does) or allowed (the leader did, before it wrote it: apply ignores what should never
 * have been written and counts it).
 *
 * <p>Threads: one owner applies and flushes; any thread opens views. A view is for one thread and
 * one operation. Calls block, and pin the carriers of virtual threads (see the store).
 *
 * <p>Files: one store directory. What wasn't flushed is gone after a stop and is applied again; a
 * directory that doesn't open, or whose last record isn't the journal's, is dropped.
 *
 * <p>Neighbours: {@code catalog.store} is the store below, {@code catalog.rebuild} opens, rebuilds
 * and checkpoints. Footers come in through {@link io.holdfast.coordinator.catalog.FooterSource}.
 *
 * <p>Tests: {@code JournalScript} writes journals and footers for them; each history is applied to
 * RocksDB and to a map in memory, with stops at every point, and the digests must agree.
 */
package io.holdfast.coordinator.catalog;
