package io.holdfast.common.page;

/** In what two nodes of the same path differ. */
public enum Difference {
  /** One is a file and the other a directory, say; nothing else is compared then. */
  TYPE,
  /** Size or bytes, a link's target, a device's numbers. */
  CONTENT,
  /**
   * Extents only: size, times and inode are equal, so it is the same content kept in other chunks.
   * That happens when a backup rewrites bundles or fragmented stretches.
   */
  PLACEMENT,
  /** Mode, owner, times, inode or link group. */
  METADATA,
  /** Extended attributes, ACLs among them. */
  XATTRS,
  /** What couldn't be read. */
  GAP
}
