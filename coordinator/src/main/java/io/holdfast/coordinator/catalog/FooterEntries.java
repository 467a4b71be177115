package io.holdfast.coordinator.catalog;

import io.holdfast.common.pack.PackLayout;
import io.holdfast.proto.stored.v1.PackContent;
import java.nio.ByteBuffer;

/**
 * From a footer to index rows. A footer is written by a coordinator from what hosts told it, so no
 * value of it is believed: an entry that can't be (a kind that the pack mustn't hold, a place
 * outside the chunks' part of the pack, an owner that isn't one) is left out and counted. Leaving
 * out is the same on every coordinator, since the footer is named by its hash; refusing the record
 * would stop all of them for one bad pack.
 */
final class FooterEntries {
  private static final long PLAIN_BYTES_MAX = 16L << 20;

  private final RegisteredPack pack;
  private final FooterView footer;
  private final long chunksEnd;

  private FooterEntries(RegisteredPack pack, FooterView footer) {
    this.pack = pack;
    this.footer = footer;
    this.chunksEnd =
        Math.min(pack.sizeBytes(), PackLayout.MAXIMUM_PACK_LENGTH)
            - pack.footerLength()
            - PackLayout.TRAILER_LENGTH;
  }

  /**
   * Puts a location for each entry that can be, and counts it in {@code state}.
   *
   * @return entries left out
   */
  static int locate(RegisteredPack pack, FooterView footer, PackState state, Effects effects) {
    if (footer.entries() != pack.entries() || !footer.owners().equals(pack.owners())) {
      return pack.entries();
    }
    FooterEntries entries = new FooterEntries(pack, footer);
    entries.keepOwners(effects);
    return entries.locateAll(state, effects);
  }

  private int locateAll(PackState state, Effects effects) {
    int refused = 0;
    long[] shares = new long[pack.owners().size()];
    for (int entry = 0; entry < footer.entries(); entry++) {
      EntryKind kind = EntryKind.find(footer.kind(entry)).orElse(null);
      if (kind == null || !isPossible(kind, entry)) {
        refused++;
      } else {
        locate(kind, entry, effects);
        state.addLocated(kind, footer.sealedLength(entry), footer.plainLength(entry));
        shares[footer.owner(entry)] += footer.sealedLength(entry);
      }
    }
    HostBytes.add(Keys.number(pack.number()), pack.owners(), shares, effects);
    return refused;
  }

  private void locate(EntryKind kind, int entry, Effects effects) {
    byte[] key = Keys.index(kind.number(), footer.id(entry), pack.number(), entry);
    effects.append(Families.INDEX, key, IndexRow.value(footer, entry));
  }

  private boolean isPossible(EntryKind kind, int entry) {
    long offset = footer.offset(entry);
    long sealed = footer.sealedLength(entry);
    long plain = footer.plainLength(entry);
    boolean pages = pack.content() == PackContent.PACK_CONTENT_PAGES;
    return kind.inPagePacks() == pages
        && offset >= PackLayout.HEADER_LENGTH
        && sealed > 0
        && sealed <= chunksEnd - offset
        && plain >= 0
        && plain <= PLAIN_BYTES_MAX
        && footer.owner(entry) >= 0
        && footer.owner(entry) < pack.owners().size();
  }

  /** A loss must find the uploader of an entry when the pack may no longer be there to ask. */
  private void keepOwners(Effects effects) {
    if (pack.owners().size() < 2) {
      return;
    }
    ByteBuffer owners = ByteBuffer.allocate(footer.entries() * Short.BYTES);
    for (int entry = 0; entry < footer.entries(); entry++) {
      owners.putShort((short) footer.owner(entry));
    }
    effects.put(Families.PACK_OWNERS, Keys.number(pack.number()), owners.array());
  }
}
