/**
 * What a backup can read: the files of this host, as the walk finds them; a disk as a whole ({@link
 * io.holdfast.agent.source.DiskImage}); what a program prints ({@link
 * io.holdfast.agent.source.CommandOutput}).
 *
 * <p>Owns the translation from the walk's events and the kernel's answers into what {@code backup}
 * merges: items, forms, extended attributes, open files, gaps; and the room that long streams take
 * on disk ({@link io.holdfast.agent.source.SpillFile}). Must never decide whether something is
 * unchanged, nor know a chunk.
 *
 * <p>A new source is a {@code SourceCursor}: items in path order, each directory before what is in
 * it. Content of a known size is a {@code SourceFile}, read forward; content that ends when it ends
 * is a {@code StreamItem}, whose failure ends the run, so that nothing half is ever committed.
 *
 * <p>Reading a large file leaves the host's page cache as it was ({@code CacheSparing}).
 *
 * <p>Threads: a cursor belongs to one thread, a file opened from it to one at a time. Files: only
 * reads, without following links (but to a disk image), without changing access times. Tests:
 * {@code HostFileTest}, {@code ZeroHolesTest}; {@code io.holdfast.deploy.path} with each source
 * from backup to restore.
 */
package io.holdfast.agent.source;
