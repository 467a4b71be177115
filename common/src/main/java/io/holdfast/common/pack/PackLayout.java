package io.holdfast.common.pack;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.PackId;

/** Numbers of the pack format, version 1, and the name of a pack's object. */
public final class PackLayout {
  /** Bytes of a header; the first entry lies here. */
  public static final int HEADER_LENGTH = 48;

  /** Bytes of a trailer, the last of a pack. */
  public static final int TRAILER_LENGTH = 12;

  /** Largest pack in bytes, all parts counted. */
  public static final int MAXIMUM_PACK_LENGTH = 1 << 30;

  public static final int MAXIMUM_ENTRIES = 1 << 20;

  /** Most clear references of all pages of a pack. */
  public static final int MAXIMUM_REFERENCES = 1 << 24;

  /** Most hosts that may fill one pack. */
  public static final int MAXIMUM_OWNERS = 65_535;

  /** Kind of an entry that is a copy of a snapshot record and no chunk. */
  public static final int SNAPSHOT_RECORD = 16;

  static final int VERSION = 1;
  static final int HEADER_MAGIC = 0x4846504b; // HFPK
  static final int FOOTER_MAGIC = 0x48465046; // HFPF
  static final int TRAILER_MAGIC = 0x48465045; // HFPE

  /** Bytes that header and footer share in form: magic, version, content, repository, pack. */
  static final int IDENTITY_LENGTH = 40;

  /** Bytes of a footer before its owners: identity, counts. */
  static final int FOOTER_HEAD_LENGTH = 52;

  static final int OWNER_LENGTH = 16;
  static final int ENTRY_LENGTH = 72;
  static final int REFERENCE_LENGTH = ChunkRef.LENGTH;

  private PackLayout() {}

  /** Bytes of a footer; at most 630 MB at all caps, so an int holds it. */
  public static int footerLength(int owners, int entries, int references) {
    return FOOTER_HEAD_LENGTH
        + owners * OWNER_LENGTH
        + entries * ENTRY_LENGTH
        + references * REFERENCE_LENGTH;
  }

  /** Name of a pack's object in its vault. */
  public static String objectName(PackId pack) {
    String hex = pack.toString();
    return "packs/" + hex.substring(0, 2) + "/" + hex;
  }
}
