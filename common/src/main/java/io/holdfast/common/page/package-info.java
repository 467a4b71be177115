/**
 * Snapshots as sorted, content-defined pages: written, read, searched and compared in constant
 * memory.
 *
 * <p>Owns the plaintext of a page ({@code proto/FORMAT.md}, section 4): {@link
 * io.holdfast.common.page.PageCodec} decodes one, {@link io.holdfast.common.page.PageTreeWriter}
 * cuts a list of entries into pages up to one root, {@link io.holdfast.common.page.PageTreeReader}
 * walks and seeks in a snapshot, {@link io.holdfast.common.page.PageDiff} compares two without
 * opening the pages they share. Equal lists of entries give byte-identical pages, whoever writes
 * them and whatever the base was.
 *
 * <p>Must never: seal, upload, fetch, derive an id or a key, or hold more than one path from root
 * to leaf. Pages go out through {@link io.holdfast.common.page.PageSink} and come in through {@link
 * io.holdfast.common.page.PageSource}, which verifies that the bytes are those that K names.
 *
 * <p>Pages are hostile until they have passed: every length and count is capped before memory is
 * taken ({@link io.holdfast.common.page.PageLimits}), levels descend one by one, the first path and
 * the totals of every page must be what its index says, order and the presence of each entry's
 * directory are checked across pages. So a reader can't loop, and a file below a symbolic link
 * can't be said. What fails is PAGE_CORRUPT, LIMIT_EXCEEDED or UNKNOWN_VERSION, never another
 * exception.
 *
 * <p>Threads: pages and readers are immutable and may be shared if their source may; writers and
 * cursors belong to one thread.
 *
 * <p>Files: none; golden pages of version 1 are in {@code src/test/resources/golden/v1}.
 *
 * <p>Tests: {@code PageTreeTest} (round trips, locality, memory), {@code TreeCursorTest} (seeking
 * against a sorted list), {@code PageDiffTest} (against brute force), {@code HostilePageTest}
 * (mutations and forged trees), {@code GoldenPageTest}. {@code MemoryPages} in the test-jar is both
 * sink and source.
 */
package io.holdfast.common.page;
