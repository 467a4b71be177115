/**
 * One backup, from the walk to the receipt.
 *
 * <p>Owns the merge of walk and base ({@link io.holdfast.agent.backup.BackupRun}, {@code Merge}),
 * what counts as changed, how content becomes bundles, chunks and block maps ({@code SmallFiles},
 * {@code LargeFiles}), and the pipeline that asks, seals and sends ({@code ChunkPipeline}). Must
 * never touch the host's files or the network itself: files come through {@link
 * io.holdfast.agent.backup.SourceCursor}, messages go through {@link
 * io.holdfast.agent.backup.UploadLink}, both hostile on purpose in the tests.
 *
 * <ul>
 *   <li>B1 An entry's times are those of the moment its bytes belong to; a ctime too young to show
 *       the next change is left out, and the file is read again by the next run.
 *   <li>B2 A small file whose size and content tag are the base's keeps its extent, whatever else
 *       of it moved. Tags of different paths are never compared.
 *   <li>B3 A base page that can't be read costs its own range: that is read from the host.
 *   <li>B4 A file is a gap if it changed while it was read, vanished, or can't be read; the run
 *       goes on. Only the coordinator, the disk or a bug end a run. A stream that breaks off ends
 *       it, too: half of what a program printed is nobody's backup.
 *   <li>B5 What a refused commit names as missing is read again in the same run.
 *   <li>B6 A file of several paths is read once, as far as a bounded table reaches.
 *   <li>B7 Where a source says so, nothing is asked of it before all it handed out was read.
 * </ul>
 *
 * <p>What comes as a stream ({@code StreamItem}) is cut by content; its parts wait for its end, and
 * its size, in a bounded log ({@code ExtentLog}).
 *
 * <p>Files changed in place are held against the map of the run before ({@code BlockComparison}).
 * Blocks that changed go into bundles; a MiB or more of them in a row is cut by content, so that a
 * file moved along costs what was put in. What would fragment is stored anew within 2 % of the
 * logical bytes a run ({@code Rewrites}): stretches whose extents are shorter than 16 KiB on
 * average, of files that are read anyway, and what is left of chunks of which the last run found
 * less than a quarter in use ({@code LiveShares}).
 *
 * <p>Memory is bounded whatever the tree: {@code Buffers} holds the plaintext in flight and makes
 * readers wait; the small files' window, the entry queue, queries, pages, the link table and the
 * live shares have limits of their own, named in their classes.
 *
 * <p>Threads: the caller's merges; one makes pages; as many as there are workers fingerprint mapped
 * files ({@code PrintsAhead}); workers, a sender and a receiver belong to the pipeline; reads of
 * small files run on the readers given. All end with the run.
 *
 * <p>Tests: {@code BackupKit} backs a tree in memory up to a coordinator in memory and compares
 * byte for byte. {@code UnchangedContentTest}, {@code DamagedBaseTest}, {@code ChangedInPlaceTest},
 * {@code SparseBundlesTest}, {@code HardLinksTest}, {@code RestlessHostTest}; {@code CostTest}
 * holds what a backup costs to numbers.
 */
package io.holdfast.agent.backup;
