package io.holdfast.coordinator.sweep;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.SweepQueries;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.proto.stored.v1.PackContent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds what is referenced: one bit an entry, by the clear lists in the footers of page packs
 * alone.
 *
 * <ol>
 *   <li>I1: every location of what a root reaches is marked, condemned and lost ones too: one may
 *       be healed, and what no mark takes is condemned.
 *   <li>I2: every readable list of a page is followed, and each once; a forged one hides nothing. A
 *       location that a reached page gets later is followed as the mark {@link #catchUp catches
 *       up}.
 *   <li>I3: a reference whose pack can't be read ends the mark by an error, unless its loss is on
 *       record; then what it named isn't known, and {@link #isBlind} tells.
 *   <li>I4: what has no location in this catalog never was, unless a footer was lost before the
 *       catalog was made from the journal: while such a loss isn't on record there is no mark, and
 *       afterwards a page without a location counts as lost. So does a root of what is kept.
 * </ol>
 *
 * <p>Reads a new view for each batch, so that none is held for long: what happens between two is
 * what catching up is for. One thread.
 */
final class Mark {
  /** Pages looked up together. */
  private static final int PAGES = 512;

  private static final int SEEN_MAX = 1 << 18;
  private static final int BLIND_MAX = 1_024;
  private static final int NOWHERE_MAX = 1 << 18;
  private static final int PACKS = 4_096;

  private final Footers footers;
  private final EntryBits.Places places = new EntryBits.Places();
  private final EntryBits marked = new EntryBits(places);
  private final EntryBits listed = new EntryBits(places);
  private final Deque<Bytes32> pending = new ArrayDeque<>();
  private final ReferenceBuffer references = new ReferenceBuffer();

  /** Pages met lately, so that what all snapshots share isn't looked up for each. */
  private final Set<Bytes32> seen = new HashSet<>();

  private final Set<Bytes32> blind = new TreeSet<>();

  /** More than {@link #blind} names; for this mark it stays so. */
  private boolean blindBeyond;

  /** Whether page packs are lost that may have no rows here: then nothing is nowhere (I4). */
  private boolean lostPagePacks;

  /** Pages of roots, read once something is nowhere. */
  private Optional<Set<Bytes32>> roots = Optional.empty();

  /** Pages that something names and that never were: followed if they come. */
  private final Set<Bytes32> nowhere = new HashSet<>();

  /** Page packs registered since the fence whose lists weren't held against the marks yet. */
  private final List<KnownPack> late = new ArrayList<>();

  private final long fence;
  private long rootsThrough;
  private long met;

  private Mark(Footers footers, long fence) {
    this.footers = footers;
    this.fence = fence;
  }

  /** Begins at the head that {@code view} shows, with the roots of all that is kept. */
  static Mark begin(CatalogView view, Footers footers) {
    Mark mark = new Mark(footers, view.appliedSeq());
    mark.takePacks(view, false);
    mark.takeRoots(view);
    return mark;
  }

  /**
   * All that a mark has to remember to be gone on with, as of one moment between two steps. What it
   * met lately isn't: pages are walked again, and their lists aren't read twice.
   *
   * @param places bits that the packs have, to be held against what a catalog says
   * @param blindBeyond whether more pages are lost than {@code blind} names
   */
  record Kept(
      long fence,
      long rootsThrough,
      long met,
      int packs,
      long places,
      boolean blindBeyond,
      List<Integer> late,
      List<Bytes32> pending,
      List<Bytes32> blind,
      List<Bytes32> nowhere) {}

  /** What is to be kept, beside the bits; follows the references at hand first. */
  Kept keep(CatalogView view) {
    takePacks(view, false);
    markReferences(view);
    return new Kept(
        fence,
        rootsThrough,
        met,
        places.packs(),
        places.size(),
        blindBeyond,
        late.stream().map(known -> known.pack().number()).toList(),
        List.copyOf(pending),
        List.copyOf(blind),
        List.copyOf(nowhere));
  }

  /** The bits of what is marked, then those of the lists that were read. */
  List<EntryBits> bits() {
    return List.of(marked, listed);
  }

  /**
   * A mark as it was kept, whose bits are still to be put; takes up what came since as it goes on.
   * Empty if the catalog that {@code view} shows has other packs.
   */
  static Optional<Mark> resume(Kept kept, CatalogView view, Footers footers) {
    Mark mark = new Mark(footers, kept.fence());
    while (mark.places.packs() < kept.packs()) {
      int missing = Math.min(PACKS, kept.packs() - mark.places.packs());
      List<KnownPack> packs = view.packs().from(mark.places.packs(), missing);
      if (packs.isEmpty()) {
        return Optional.empty();
      }
      packs.forEach(mark::take);
    }
    if (mark.places.size() != kept.places()
        || kept.late().stream().anyMatch(number -> number < 0 || number >= kept.packs())) {
      return Optional.empty();
    }
    kept.late().forEach(number -> mark.late.add(view.sweeps().pack(number)));
    mark.rootsThrough = kept.rootsThrough();
    mark.met = kept.met();
    mark.pending.addAll(kept.pending());
    mark.blind.addAll(kept.blind());
    mark.blindBeyond = kept.blindBeyond();
    mark.nowhere.addAll(kept.nowhere());
    return Optional.of(mark);
  }

  /** Seq of the catalog at which it began. */
  long fence() {
    return fence;
  }

  /** Packs that it knows. */
  int packs() {
    return places.packs();
  }

  /** References followed so far. */
  long met() {
    return met;
  }

  boolean isMarked(int pack, int entry) {
    return marked.get(pack, entry);
  }

  /** The entries of a pack that nothing reaches. */
  BitSet unmarked(int pack) {
    return marked.clearOf(pack);
  }

  /** Whether pages are lost that something kept reaches: then nothing may be condemned. */
  boolean isBlind() {
    return blindBeyond || !blind.isEmpty();
  }

  /** Whether more pages are lost than {@link #blind} names. */
  boolean isBlindBeyond() {
    return blindBeyond;
  }

  /**
   * Pages that something kept reaches, and of which a location is lost and no proven one is left,
   * or none is known and one may have been (I4): nobody knows what they named. At most 1,024.
   */
  Set<Bytes32> blind() {
    return blind;
  }

  /** Follows one batch; whether there is more. Errors as {@link Footers#get}. */
  boolean step(CatalogView view) {
    takePacks(view, false);
    walkPages(view);
    if (pending.isEmpty()) {
      markReferences(view);
    }
    return !pending.isEmpty();
  }

  /**
   * Takes up what came since, and follows it to its end.
   *
   * @return seq of the catalog up to which the mark has followed everything
   */
  long catchUp(CatalogView view) {
    takePacks(view, true);
    takeRoots(view);
    lookAtBlindAgain();
    walkOut(view);
    return view.appliedSeq();
  }

  /** Follows {@code roots}, too, to their end. */
  void follow(CatalogView view, List<SweepQueries.Root> more) {
    takePacks(view, false);
    more.forEach(root -> push(root.page()));
    walkOut(view);
  }

  private void walkOut(CatalogView view) {
    while (!pending.isEmpty()) {
      walkPages(view);
    }
    markReferences(view);
  }

  private void takeRoots(CatalogView view) {
    view.sweeps()
        .rootsAfter(
            rootsThrough,
            root -> {
              rootsThrough = root.seq();
              roots.ifPresent(all -> all.add(root.page()));
              push(root.page());
            });
  }

  private void lookAtBlindAgain() {
    pending.addAll(blind);
    blind.clear();
  }

  private void push(Bytes32 page) {
    if (seen.size() >= SEEN_MAX) {
      seen.clear();
    }
    if (seen.add(page)) {
      pending.add(page);
    }
  }

  /** New packs get their places; a new list of a page that was reached is followed. */
  private void takePacks(CatalogView view, boolean follow) {
    List<KnownPack> packs = view.packs().from(places.packs(), PACKS);
    while (!packs.isEmpty()) {
      for (KnownPack known : packs) {
        take(known);
        if (known.pack().seq() > fence
            && known.pack().content() == PackContent.PACK_CONTENT_PAGES) {
          late.add(known);
        }
      }
      packs = view.packs().from(places.packs(), PACKS);
    }
    if (follow) {
      late.forEach(known -> followNewLists(known, view));
      late.clear();
    }
  }

  private void take(KnownPack known) {
    if (known.state().isUnread()) {
      throw new HoldfastException(
          ErrorCode.CATALOG_DAMAGED,
          "the catalog was made while the footer of pack "
              + known.pack().id()
              + " couldn't be read, and lacks what lies there; nothing is swept. Start the"
              + " coordinator again: it records the loss if the pack is gone; if the pack is there,"
              + " run `holdfast catalog rebuild`");
    }
    places.add(known.pack().entries());
    lostPagePacks |=
        known.pack().content() == PackContent.PACK_CONTENT_PAGES
            && known.state().isLost()
            && !known.state().isDeleted();
  }

  private void followNewLists(KnownPack known, CatalogView view) {
    if (view.sweeps().pack(known.pack().number()).state().isLost()) {
      return;
    }
    PackFooter footer = footers.get(known.pack().id(), view);
    List<ChunkRef> pages = new ArrayList<>();
    for (int entry = 0; entry < footer.entries(); entry++) {
      if (!footer.isSnapshotRecord(entry)) {
        pages.add(footer.chunk(entry));
      }
    }
    Set<Bytes32> reached = new HashSet<>();
    view.sweeps()
        .places(
            pages,
            (which, pack, entry) -> {
              if (marked.get(pack, entry)) {
                reached.add(pages.get(which).id().value());
              }
            });
    pages.stream().map(page -> page.id().value()).filter(nowhere::remove).forEach(reached::add);
    pending.addAll(reached);
  }

  private void walkPages(CatalogView view) {
    Set<ChunkRef> pages = new TreeSet<>();
    while (!pending.isEmpty() && pages.size() < PAGES) {
      pages.add(new ChunkRef(ChunkKind.PAGE, new ChunkId(pending.removeLast())));
    }
    List<ChunkRef> sorted = List.copyOf(pages);
    Sightings[] sightings = new Sightings[sorted.size()];
    boolean isPrivate = view.repository().isPrivate();
    TreeMap<Integer, BitSet> toRead = new TreeMap<>();
    TreeMap<Integer, KnownPack> packs = new TreeMap<>();
    view.sweeps()
        .places(
            sorted,
            (which, number, entry) -> {
              marked.set(number, entry);
              KnownPack known = packs.computeIfAbsent(number, view.sweeps()::pack);
              sightings[which] = Sightings.plus(sightings[which], known, entry, isPrivate);
              if (known.state().isReadable(entry) && listed.set(number, entry)) {
                toRead.computeIfAbsent(number, each -> new BitSet()).set(entry);
              }
            });
    met += sorted.size();
    for (int which = 0; which < sightings.length; which++) {
      note(sorted.get(which).id().value(), sightings[which], view);
    }
    toRead.forEach((number, entries) -> readLists(packs.get(number), entries, view));
  }

  /**
   * What the locations of one page are. In a private repository all of them are one host's, which
   * could hide nothing by a forged one but what is its own, and nobody can prove any.
   */
  private record Sightings(boolean isAnyLost, boolean isAnyProven) {
    static Sightings plus(Sightings before, KnownPack known, int entry, boolean isPrivate) {
      boolean readable = known.state().isReadable(entry);
      boolean lost = !readable && !known.state().isDeleted() && !known.state().isCondemned(entry);
      boolean proven = readable && (isPrivate || known.state().isProven(entry));
      return before == null
          ? new Sightings(lost, proven)
          : new Sightings(lost || before.isAnyLost, proven || before.isAnyProven);
    }
  }

  private void note(Bytes32 page, Sightings sightings, CatalogView view) {
    if (sightings == null) {
      if (nowhere.size() < NOWHERE_MAX) {
        nowhere.add(page); // a forger may name anything
      }
      seen.remove(page);
      if (lostPagePacks || isRoot(page, view)) {
        addBlind(page); // I4
      }
    } else if (sightings.isAnyLost() && !sightings.isAnyProven()) {
      addBlind(page);
    }
  }

  private void addBlind(Bytes32 page) {
    if (blind.size() < BLIND_MAX || blind.contains(page)) {
      blind.add(page);
    } else {
      blindBeyond = true;
    }
  }

  private boolean isRoot(Bytes32 page, CatalogView view) {
    if (roots.isEmpty()) {
      Set<Bytes32> all = new HashSet<>();
      view.sweeps().rootsAfter(0, root -> all.add(root.page()));
      roots = Optional.of(all);
    }
    return roots.get().contains(page);
  }

  private void readLists(KnownPack known, BitSet entries, CatalogView view) {
    PackFooter footer = footers.get(known.pack().id(), view);
    for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
      for (int each = 0; each < footer.referenceCount(entry); each++) {
        ChunkRef reference = footer.reference(entry, each);
        if (reference.kind() == ChunkKind.PAGE) {
          push(reference.id().value());
        } else {
          references.add(reference);
          if (references.isFull()) {
            markReferences(view);
          }
        }
      }
    }
  }

  private void markReferences(CatalogView view) {
    references.sort();
    view.sweeps()
        .places(
            references.size(), references::stored, (which, pack, entry) -> marked.set(pack, entry));
    met += references.size();
    references.clear();
  }
}
