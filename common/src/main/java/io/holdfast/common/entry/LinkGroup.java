package io.holdfast.common.entry;

/**
 * Names a file that several paths of one snapshot share (hard links). Every path of a group carries
 * the whole content, so that any one of them can be restored alone.
 */
public record LinkGroup(long device, long inode) {}
