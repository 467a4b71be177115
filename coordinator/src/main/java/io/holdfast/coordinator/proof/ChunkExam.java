package io.holdfast.coordinator.proof;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.page.Page;
import io.holdfast.common.page.PageCodec;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.sealing.SealedHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Opens one sealed chunk and looks at everything that must hold of it. Of a page: its entries, and
 * that the list of what it refers to is the same in the sealed part (recomputed from each K), in
 * the clear part, and in the pack's footer. One thread; closed by its creator. Nothing outside this
 * package can make one that looks less closely.
 */
public class ChunkExam implements AutoCloseable {
  private final ChunkOpener opener;

  /** An exam of chunks of any of these key generations. */
  public ChunkExam(List<ChunkKeys> generations) {
    this(new ChunkOpener(generations));
  }

  /** An exam of chunks of these key generations, and of those that come while it is in use. */
  public ChunkExam(ChunkGenerations generations) {
    this(new ChunkOpener(generations));
  }

  /** The same in {@code repository}; where none is known, of what is in clear alone. */
  public ChunkExam(RepositoryId repository, ChunkGenerations generations) {
    this(new ChunkOpener(repository, generations));
  }

  ChunkExam(ChunkOpener opener) {
    this.opener = opener;
  }

  /** The name in clear of what {@code key} opens. */
  final ChunkRef ref(ChunkKey key) {
    return opener.ref(key);
  }

  /**
   * What {@code item} refers to, empty unless it is a page. An error of kind CORRUPT says that its
   * uploader sealed something it shouldn't have; any other (an unknown version, a key that isn't
   * here) that this coordinator can't tell.
   *
   * @param sealed bytes that are as they were written
   */
  List<WalkItem> open(WalkItem item, PackFooter footer, int entry, Reading.Intact sealed) {
    SealedHeader header =
        SealedHeader.parse(item.chunk(), sealed.bytes(), sealed.offset(), sealed.length());
    if (item.key().isEmpty()) {
      return item.isPage() ? clearReferences(item.chunk(), header, footer, entry) : List.of();
    }
    byte[] plain = opener.open(item.key().get(), sealed.bytes(), sealed.offset(), sealed.length());
    return item.isPage() ? references(item.chunk(), plain, header, footer, entry) : List.of();
  }

  private List<WalkItem> references(
      ChunkRef page, byte[] plain, SealedHeader header, PackFooter footer, int entry) {
    Page decoded = PageCodec.decode(plain);
    decoded.verify();
    List<WalkItem> items = new ArrayList<>();
    for (Reference sealed : decoded.references()) {
      ChunkKey key = OpenedChunks.key(sealed);
      items.add(new WalkItem(opener.ref(key), Optional.of(key)));
    }
    requireListed(page, items, header, footer, entry);
    return items;
  }

  /** The clear part and the footer's copy say exactly what the sealed part does. */
  void requireListed(
      ChunkRef page, List<WalkItem> sealed, SealedHeader header, PackFooter footer, int entry) {
    requireCounts(page, sealed.size(), header, footer, entry);
    for (int i = 0; i < sealed.size(); i++) {
      requireSame(page, i, sealed.get(i).chunk(), header, footer, entry);
    }
  }

  /** Without a key: the clear part and the footer have to agree, and are all there is. */
  static List<WalkItem> clearReferences(
      ChunkRef page, SealedHeader header, PackFooter footer, int entry) {
    requireCounts(page, header.referenceCount(), header, footer, entry);
    List<WalkItem> items = new ArrayList<>(header.referenceCount());
    for (int i = 0; i < header.referenceCount(); i++) {
      ChunkRef clear = header.reference(i);
      requireSame(page, i, clear, header, footer, entry);
      items.add(new WalkItem(clear, Optional.empty()));
    }
    return items;
  }

  private static void requireCounts(
      ChunkRef page, int sealed, SealedHeader header, PackFooter footer, int entry) {
    if (header.referenceCount() != sealed || footer.referenceCount(entry) != sealed) {
      throw lie(
          page,
          "refers to "
              + sealed
              + " chunks, its clear part lists "
              + header.referenceCount()
              + " and its pack's footer "
              + footer.referenceCount(entry));
    }
  }

  private static void requireSame(
      ChunkRef page,
      int index,
      ChunkRef derived,
      SealedHeader header,
      PackFooter footer,
      int entry) {
    ChunkRef clear = header.reference(index);
    ChunkRef copy = footer.reference(entry, index);
    if (!derived.equals(clear) || !derived.equals(copy)) {
      throw lie(
          page,
          "refers to "
              + derived
              + " in place "
              + index
              + ", where its clear part lists "
              + clear
              + " and its pack's footer "
              + copy);
    }
  }

  private static HoldfastException lie(ChunkRef page, String what) {
    return new HoldfastException(
        ErrorCode.PAGE_CORRUPT, page + " " + what + "; distrust the host that uploaded it");
  }

  /** Whether any of {@code items} is a page: such a page leads to pages, another one to content. */
  static boolean leadsToPages(List<WalkItem> items) {
    return items.stream().anyMatch(item -> item.chunk().kind() == ChunkKind.PAGE);
  }

  @Override
  public final void close() {
    opener.close();
  }
}
