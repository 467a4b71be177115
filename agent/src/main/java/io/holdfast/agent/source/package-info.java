/**
 * What a backup can read: today the files of this host, as the walk finds them.
 *
 * <p>Owns the translation from the walk's events and the kernel's answers into what {@code backup}
 * merges: items, forms, extended attributes, open files, gaps. Must never decide whether something
 * is unchanged, nor know a chunk.
 *
 * <p>Reading a large file leaves the host's page cache as it was ({@code CacheSparing}).
 *
 * <p>Threads: a cursor belongs to one thread, a file opened from it to one at a time. Files: only
 * reads, without following links, without changing access times. Tests: {@code HostFileTest}.
 */
package io.holdfast.agent.source;
