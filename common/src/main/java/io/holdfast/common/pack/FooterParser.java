package io.holdfast.common.pack;

import static io.holdfast.common.pack.PackErrors.require;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.PackId;
import io.holdfast.common.sealing.SealedHeader;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;

/**
 * Checks every field of one footer once, so that the accessors of {@link PackFooter} need not: no
 * length of it can lead outside its bytes or outside its pack afterwards.
 */
final class FooterParser {
  static final int OWNERS = 40;
  static final int ENTRIES = 44;
  static final int REFERENCES = 48;
  static final int HEAD = PackLayout.FOOTER_HEAD_LENGTH;

  static final int ENTRY_OWNER = 2;
  static final int ENTRY_ID = 4;
  static final int ENTRY_OFFSET = 36;
  static final int ENTRY_SEALED_LENGTH = 40;
  static final int ENTRY_PLAIN_LENGTH = 44;
  static final int ENTRY_CRC32C = 48;
  static final int ENTRY_HASH = 52;
  static final int ENTRY_REFERENCES = 68;

  private static final int LARGEST_RECORD = SealedHeader.MAXIMUM_PLAIN_LENGTH;

  private final PackId named;
  private final byte[] bytes;
  private final ByteBuffer in;
  private int owners;
  private int entries;
  private int references;

  FooterParser(PackId named, byte[] bytes) {
    this.named = named;
    this.bytes = bytes;
    in = ByteBuffer.wrap(bytes);
  }

  PackFooter parse() {
    require(bytes.length >= HEAD, named, "ends inside its footer");
    PackHeader identity = PackHeader.readIdentity(named, "footer", in, PackLayout.FOOTER_MAGIC);
    requireCounts();
    requireOwners();
    int[] firstReference = requireEntries(identity.content());
    requireReferences();
    return new PackFooter(identity, bytes, firstReference);
  }

  private void requireCounts() {
    owners = Short.toUnsignedInt(in.getShort(OWNERS));
    require(in.getShort(OWNERS + 2) == 0, named, "footer has a nonzero reserved field");
    entries = in.getInt(ENTRIES);
    references = in.getInt(REFERENCES);
    requireCount("entries", entries, 1, PackLayout.MAXIMUM_ENTRIES);
    requireCount("references", references, 0, PackLayout.MAXIMUM_REFERENCES);
    int length = PackLayout.footerLength(owners, entries, references);
    require(
        length == bytes.length,
        named,
        "footer's counts make " + length + " bytes, and it has " + bytes.length);
  }

  private void requireCount(String what, int count, int least, int most) {
    require(
        count >= least && count <= most,
        named,
        "footer declares %s %s, outside %d to %d"
            .formatted(Integer.toUnsignedString(count), what, least, most));
  }

  private void requireOwners() {
    Set<ByteBuffer> seen = HashSet.newHashSet(owners);
    for (int i = 0; i < owners; i++) {
      int at = HEAD + i * PackLayout.OWNER_LENGTH;
      if (!seen.add(ByteBuffer.wrap(bytes, at, PackLayout.OWNER_LENGTH).slice())) {
        throw PackErrors.corrupt(named, "footer lists owner " + i + " twice");
      }
    }
  }

  /** First reference of each entry and their number; empty if there are none at all. */
  private int[] requireEntries(PackContent content) {
    int[] first = new int[references == 0 ? 0 : entries + 1];
    int lastOffset = PackLayout.MAXIMUM_PACK_LENGTH - PackLayout.TRAILER_LENGTH - bytes.length;
    int offset = PackLayout.HEADER_LENGTH;
    int referencesSoFar = 0;
    for (int i = 0; i < entries; i++) {
      int at = HEAD + owners * PackLayout.OWNER_LENGTH + i * PackLayout.ENTRY_LENGTH;
      requireEntry(i, at, content);
      requireField(
          i, in.getInt(at + ENTRY_OFFSET) == offset, "offset", in.getInt(at + ENTRY_OFFSET));
      offset += in.getInt(at + ENTRY_SEALED_LENGTH);
      require(offset <= lastOffset, named, "footer's entries overrun the largest pack");
      referencesSoFar += in.getInt(at + ENTRY_REFERENCES);
      require(
          referencesSoFar <= references,
          named,
          "footer's entries have more references than it lists");
      if (first.length > 0) {
        first[i + 1] = referencesSoFar;
      }
    }
    require(
        referencesSoFar == references,
        named,
        "footer's entries have fewer references than it lists");
    return first;
  }

  private void requireEntry(int index, int at, PackContent content) {
    int kind = in.get(at);
    int sealed = in.getInt(at + ENTRY_SEALED_LENGTH);
    int plain = in.getInt(at + ENTRY_PLAIN_LENGTH);
    int count = in.getInt(at + ENTRY_REFERENCES);
    int owner = Short.toUnsignedInt(in.getShort(at + ENTRY_OWNER));
    requireField(index, content.holds(kind), "kind", kind);
    requireField(index, in.get(at + 1) == 0, "reserved field", in.get(at + 1));
    requireField(index, owner < owners, "owner", owner);
    int mostReferences = kind == ChunkKind.PAGE.number() ? SealedHeader.MAXIMUM_REFERENCES : 0;
    requireField(index, count >= 0 && count <= mostReferences, "reference count", count);
    if (kind == PackLayout.SNAPSHOT_RECORD) {
      requireField(index, sealed > 0 && sealed <= LARGEST_RECORD, "sealed length", sealed);
      requireField(index, plain == sealed, "plain length", plain);
    } else {
      int least = SealedHeader.MINIMUM_SEALED_LENGTH + count * PackLayout.REFERENCE_LENGTH;
      int most = SealedHeader.MAXIMUM_SEALED_LENGTH;
      requireField(index, sealed >= least && sealed <= most, "sealed length", sealed);
      boolean plainFits = plain >= 0 && plain <= SealedHeader.MAXIMUM_PLAIN_LENGTH;
      requireField(index, plainFits, "plain length", plain);
    }
  }

  private void requireField(int entry, boolean holds, String field, int value) {
    if (!holds) {
      throw PackErrors.corrupt(
          named,
          "footer's entry %d has an impossible %s, %s"
              .formatted(entry, field, Integer.toUnsignedString(value)));
    }
  }

  private void requireReferences() {
    for (int i = 0; i < references; i++) {
      int kind = bytes[bytes.length - (references - i) * PackLayout.REFERENCE_LENGTH];
      if (kind < ChunkKind.DATA.number() || kind > ChunkKind.PAGE.number()) {
        throw PackErrors.corrupt(
            named, "footer's reference " + i + " is to a chunk of unknown kind " + kind);
      }
    }
  }
}
