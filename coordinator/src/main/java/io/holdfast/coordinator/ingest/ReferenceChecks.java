package io.holdfast.coordinator.ingest;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PageChecks;
import io.holdfast.proto.stored.v1.PageCheck;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether pages have everything they refer to.
 *
 * <ul>
 *   <li>I1 A page passes for a host if every chunk it refers to counts for that host, and every
 *       page it refers to passes itself.
 *   <li>I2 A passed page's check is recorded with the seq applied when it began; any later loss
 *       undoes it. So a live check of a page covers the whole tree below it, and commit need not
 *       walk it.
 * </ul>
 *
 * <p>Any thread; each call reads one consistent view of the catalog.
 */
public final class ReferenceChecks implements PageChecks, ReferenceRules {
  /** Most references one refusal names. */
  public static final int MISSING_LIMIT = 65_536;

  private final Supplier<CatalogView> views;
  private final Footers footers;

  public ReferenceChecks(Supplier<CatalogView> views, Footers footers) {
    this.views = views;
    this.footers = footers;
  }

  /** Checks each page of a pack that is about to be registered for the host that uploaded it. */
  @Override
  public List<PageCheck> check(PackFooter footer) {
    try (CatalogView view = views.get()) {
      List<PageCheck> checks = new ArrayList<>();
      for (int owner = 0; owner < footer.owners(); owner++) {
        BitSet passed = checkOwner(footer, owner, view);
        if (!passed.isEmpty()) {
          checks.add(
              PageCheck.newBuilder()
                  .setHost(ByteString.copyFrom(footer.owner(owner).toByteArray()))
                  .setSeq(view.appliedSeq())
                  .setEntries(ByteString.copyFrom(passed.toByteArray()))
                  .build());
        }
      }
      return checks;
    }
  }

  /** Pages stand after what they refer to, so those of this pack that passed are known in time. */
  private static BitSet checkOwner(PackFooter footer, int owner, CatalogView view) {
    HostId host = footer.owner(owner);
    Set<ChunkRef> passedHere = new HashSet<>();
    BitSet passed = new BitSet();
    for (int entry = 0; entry < footer.entries(); entry++) {
      if (footer.ownerIndex(entry) == owner
          && footer.kindNumber(entry) == ChunkKind.PAGE.number()
          && passes(Footers.references(footer, entry), host, passedHere, view)) {
        passed.set(entry);
        passedHere.add(footer.chunk(entry));
      }
    }
    return passed;
  }

  private static boolean passes(
      List<ChunkRef> references, HostId host, Set<ChunkRef> passedHere, CatalogView view) {
    List<ChunkRef> chunks = new ArrayList<>(references.size());
    for (ChunkRef reference : references) {
      if (reference.kind() != ChunkKind.PAGE) {
        chunks.add(reference);
      } else if (!passedHere.contains(reference) && !view.chunks().hasLiveCheck(reference, host)) {
        return false;
      }
    }
    return view.chunks().counts(host, chunks).cardinality() == chunks.size();
  }

  @Override
  public BitSet known(HostId host, List<ChunkRef> references) {
    try (CatalogView view = views.get()) {
      return view.chunks().counts(host, references);
    }
  }

  /** At most {@link #MISSING_LIMIT} are named. */
  @Override
  public List<ChunkRef> missing(ChunkRef root, HostId host) {
    try (CatalogView view = views.get()) {
      List<ChunkRef> missing = new ArrayList<>();
      Set<ChunkRef> seen = new HashSet<>();
      Deque<ChunkRef> toVisit = new ArrayDeque<>(List.of(root));
      while (!toVisit.isEmpty() && missing.size() < MISSING_LIMIT) {
        ChunkRef page = toVisit.pop();
        if (seen.add(page) && !view.chunks().hasLiveCheck(page, host)) {
          visit(page, host, view, missing, toVisit);
        }
      }
      return missing;
    }
  }

  private void visit(
      ChunkRef page,
      HostId host,
      CatalogView view,
      List<ChunkRef> missing,
      Deque<ChunkRef> toVisit) {
    Optional<Location> location = view.chunks().find(page, host, Optional.empty());
    if (location.isEmpty()) {
      missing.add(page);
      return;
    }
    List<ChunkRef> references =
        Footers.references(footers.get(location.get().pack(), view), location.get().entry());
    List<ChunkRef> chunks = new ArrayList<>();
    for (ChunkRef reference : references) {
      if (reference.kind() == ChunkKind.PAGE) {
        toVisit.push(reference);
      } else {
        chunks.add(reference);
      }
    }
    BitSet counted = view.chunks().counts(host, chunks);
    for (int i = counted.nextClearBit(0); i < chunks.size(); i = counted.nextClearBit(i + 1)) {
      missing.add(chunks.get(i));
    }
  }
}
