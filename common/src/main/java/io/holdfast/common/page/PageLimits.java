package io.holdfast.common.page;

import io.holdfast.common.entry.EntryPath;

/** Bounds and cutting parameters of pages, as {@code proto/FORMAT.md}, section 4, fixes them. */
public final class PageLimits {
  /** The version of a page's plaintext that this code writes and reads. */
  public static final int VERSION = 1;

  /** Most bytes of a page's plaintext. What is cut by the rule stays below it by itself. */
  public static final int MAX_PAGE_BYTES = 2 << 20;

  /** Most references of one page. */
  public static final int MAX_REFERENCES = 65_536;

  /** Highest level of an index page; two children a page reach 2^32 leaves below it. */
  public static final int MAX_LEVEL = 32;

  /** Most sources of a snapshot. */
  public static final int MAX_SOURCES = 4_096;

  /** Most bytes of one source's path. */
  public static final int MAX_SOURCE_BYTES = EntryPath.MAX_BYTES;

  /** Most bytes of all sources together. */
  public static final int MAX_SOURCES_BYTES = 512 << 10;

  /** Below so many item bytes a page isn't cut where the name hash says so. */
  static final int CUT_MIN_BYTES = 8 << 10;

  /** A page ends with the item that brings it to so many bytes. */
  static final int CUT_MAX_BYTES = 64 << 10;

  /** An index page with fewer children never ends, else levels of long paths wouldn't converge. */
  static final int CUT_MIN_CHILDREN = 2;

  /** A leaf is cut after an item whose name hash has so many top bits clear: one in 128. */
  static final int LEAF_CUT_BITS = 7;

  /** An index page is cut after a child whose name hash has so many top bits clear: one in 64. */
  static final int INDEX_CUT_BITS = 6;

  private PageLimits() {}
}
