package io.holdfast.common.page;

/** Bits of an entry's first varint. */
final class EntryHead {
  static final int TYPE_MASK = 0x0f;
  static final int GAP = 0x10;
  static final int XATTRS = 0x20;
  static final int LINK_GROUP = 0x40;
  static final int BLOCK_MAP = 0x80;
  static final int CONTENT_TAG = 0x100;

  /** All bits that version 1 knows. */
  static final int KNOWN = TYPE_MASK | GAP | XATTRS | LINK_GROUP | BLOCK_MAP | CONTENT_TAG;

  private EntryHead() {}
}
