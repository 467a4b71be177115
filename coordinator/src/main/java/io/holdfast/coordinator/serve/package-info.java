/**
 * Reading for hosts: sealed pages and chunks along the way from a snapshot's root, and nothing else
 * (I6).
 *
 * <p>Owns {@link io.holdfast.coordinator.serve.ReadSessions} (one stream is one session of one
 * snapshot) and the rule of what may be asked for: the root; a page that a page served before
 * refers to; a chunk that such a leaf refers to. Chunks of one request are read in pack order,
 * neighbours in one read, each location's CRC checked; a bad one is reported and the next location
 * tried (I8). A reader may say that a copy doesn't open, and is served another: its word decides
 * nothing else.
 *
 * <p>Another host's snapshot is read under a grant ({@link
 * io.holdfast.coordinator.serve.CatalogAccess}), which is good for as long as the restore that it
 * was given for, and at most until it expires.
 *
 * <p>Must never open a chunk. Threads: one virtual thread a session. Files: reads packs.
 */
package io.holdfast.coordinator.serve;
