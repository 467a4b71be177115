/**
 * What a snapshot says about one path: entries and the values they are made of, apart from how
 * pages store them.
 *
 * <p>Owns {@link io.holdfast.common.entry.Entry} (a {@link io.holdfast.common.entry.Node} or a
 * {@link io.holdfast.common.entry.Continuation} of a long file), its parts, {@link
 * io.holdfast.common.entry.Reference} (kind and K of a chunk) and the order of paths. Every value
 * checks itself when it is built, so an entry that exists is one that may be stored, whether an
 * agent made it or a hostile page did.
 *
 * <p>Must never: know pages, keys beyond holding a K, file systems, or clocks; print a K.
 *
 * <p>Threads: all types are immutable, except the builders, which belong to one thread.
 *
 * <p>Files: none. The stored form is {@code proto/FORMAT.md}, section 4, written and read by {@code
 * io.holdfast.common.page}.
 *
 * <p>Tests: {@code EntryPathTest} (order against a component-wise reference), {@code EntryTest}
 * (what the values refuse). {@code RandomTrees} in the test-jar makes seeded trees for everybody.
 */
package io.holdfast.common.entry;
