package io.holdfast.coordinator.sweep;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.proto.stored.v1.CondemnedEntries;
import io.holdfast.proto.stored.v1.PackContent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a complete mark didn't meet, pack by pack: candidates for a Condemn. Those of hosts that
 * back up just now are left for another sweep. One thread.
 */
final class Garbage {
  private static final Logger LOG = LoggerFactory.getLogger(Garbage.class);
  private static final int PACKS = 4_096;

  /** Packs of one sweep: some hundred bytes each. The next sweep goes on. */
  private static final int PACKS_MAX = 1 << 18;

  /** Entries of one pack that may go, and their sealed bytes. */
  record Candidate(KnownPack known, BitSet entries, long sealedBytes) {
    /** Without what the mark has met since; empty if nothing is left. */
    Optional<CondemnedEntries> stillUnmarked(Mark mark, Footers footers) {
      BitSet left = (BitSet) entries.clone();
      for (int entry = left.nextSetBit(0); entry >= 0; entry = left.nextSetBit(entry + 1)) {
        if (mark.isMarked(known.pack().number(), entry)) {
          left.clear(entry);
        }
      }
      if (left.isEmpty()) {
        return Optional.empty();
      }
      long bytes = left.equals(entries) ? sealedBytes : sizeOf(footers.get(known.pack()), left);
      return Optional.of(
          CondemnedEntries.newBuilder()
              .setPack(ByteString.copyFrom(known.pack().id().toByteArray()))
              .setEntries(ByteString.copyFrom(left.toByteArray()))
              .setSealedBytes(bytes)
              .build());
    }
  }

  private final List<Candidate> candidates = new ArrayList<>();
  private long entries;
  private long bytes;
  private long unreadable;

  private Garbage() {}

  /** Looks at every pack that {@code mark} knows. */
  static Garbage of(Mark mark, Supplier<CatalogView> views, Footers footers) {
    Garbage garbage = new Garbage();
    int first = 0;
    while (first < mark.packs() && garbage.candidates.size() < PACKS_MAX) {
      try (CatalogView view = views.get()) {
        Set<HostId> busy = view.sweeps().hostsInSession();
        List<KnownPack> packs = view.packs().from(first, Math.min(PACKS, mark.packs() - first));
        for (KnownPack known : packs) {
          garbage.look(known, mark, busy, view, footers);
        }
        first += PACKS;
      }
    }
    return garbage;
  }

  List<Candidate> candidates() {
    return candidates;
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }

  /** Packs that were left alone because their footers couldn't be read. */
  long unreadable() {
    return unreadable;
  }

  private void look(
      KnownPack known, Mark mark, Set<HostId> busy, CatalogView view, Footers footers) {
    if (known.state().isLost()
        || known.state().isUnread()
        || known.pack().seq() > mark.fence()
        || known.pack().owners().stream().anyMatch(busy::contains)) {
      return;
    }
    BitSet going = mark.unmarked(known.pack().number());
    for (int entry = going.nextSetBit(0); entry >= 0; entry = going.nextSetBit(entry + 1)) {
      if (known.state().isCondemned(entry)) {
        going.clear(entry);
      }
    }
    if (going.isEmpty()) {
      return;
    }
    try {
      add(known, going, view, footers);
    } catch (HoldfastException e) {
      unreadable++;
      LOG.warn("pack {} is left alone by this sweep: {}", known.pack().id(), e.getMessage());
    }
  }

  private void add(KnownPack known, BitSet going, CatalogView view, Footers footers) {
    boolean isPages = known.pack().content() == PackContent.PACK_CONTENT_PAGES;
    boolean isWhole = going.cardinality() == known.pack().entries();
    long sealed = known.state().sealedBytes();
    if (isPages || !isWhole) {
      PackFooter footer = footers.get(known.pack().id(), view);
      spareCopies(footer, going, view);
      sealed = sizeOf(footer, going);
    }
    if (going.isEmpty()) {
      return;
    }
    entries += going.cardinality();
    bytes += sealed;
    candidates.add(new Candidate(known, going, sealed));
  }

  /** A copy of a snapshot's record lives as long as the snapshot. */
  private static void spareCopies(PackFooter footer, BitSet going, CatalogView view) {
    for (int entry = going.nextSetBit(0); entry >= 0; entry = going.nextSetBit(entry + 1)) {
      if (footer.isSnapshotRecord(entry) && view.sweeps().isKept(footer.snapshot(entry))) {
        going.clear(entry);
      }
    }
  }

  private static long sizeOf(PackFooter footer, BitSet entries) {
    return entries.stream().mapToLong(footer::sealedLength).sum();
  }
}
