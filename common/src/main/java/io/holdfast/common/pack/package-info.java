/**
 * Packs as bytes: the immutable objects that sealed chunks live in.
 *
 * <p>Owns section 5 of FORMAT.md: header, footer and trailer of a pack, the bounds that hold for
 * them, and the name of the object. A pack is
 *
 * <pre>
 * header (48) | sealed chunk | sealed chunk | .. | footer | trailer (12)
 * </pre>
 *
 * and its footer alone tells where everything lies, whose it is and, for pages, what they refer to,
 * so that marking and replicating read footers only. Who has a pack's tail asks {@link
 * io.holdfast.common.pack.PackTail} what else to read.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>P1 No entry is handed out of a footer that wasn't checked as a whole: checksum, every
 *       length against its cap and the bytes at hand, entries back to back from the header to the
 *       footer.
 *   <li>P2 A footer, like a header, names its pack and repository; one read under another pack's
 *       name is refused.
 *   <li>P3 What a builder makes, the parser takes: it is parsed before it is handed out.
 * </ul>
 *
 * <p>Must never: do I/O, open a chunk, or believe that a footer is the registered one (its SHA-256
 * is compared by who reads the journal).
 *
 * <p>Memory: a footer is its own bytes plus, in page packs, four bytes an entry: about 75 bytes a
 * chunk. Accessors make values on demand.
 *
 * <p>Threads: everything is immutable but {@link io.holdfast.common.pack.PackFooter.Builder}, which
 * has one owner. Tests: round trips, mutations, hostile counts, a golden footer under {@code
 * golden/v1}.
 */
package io.holdfast.common.pack;
