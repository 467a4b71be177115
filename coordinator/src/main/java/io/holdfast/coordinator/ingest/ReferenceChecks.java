package io.holdfast.coordinator.ingest;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PageChecks;
import io.holdfast.proto.stored.v1.PageCheck;
import io.holdfast.proto.stored.v1.PagesChecked;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Whether pages have everything they refer to.
 *
 * <ul>
 *   <li>I1 A page passes for a host if every chunk it refers to counts for that host, and every
 *       page it refers to passes itself.
 *   <li>I2 A passed page's check is recorded with the seq applied when it began; any later loss or
 *       Condemn undoes it. So a live check of a page covers the whole tree below it, and commit
 *       need not walk it. What it did walk is checked from then on.
 * </ul>
 *
 * <p>Any thread; each call reads one consistent view of the catalog.
 */
public final class ReferenceChecks implements PageChecks, ReferenceRules {
  /** Most references one refusal names. */
  public static final int MISSING_LIMIT = 65_536;

  /**
   * Most pages whose check one commit carries; what is beyond is walked again, and checked then.
   */
  public static final int CHECKED_LIMIT = 65_536;

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

  /** Names at most {@link #MISSING_LIMIT}, and has at most {@link #CHECKED_LIMIT} checked. */
  @Override
  public CommitWalk walk(ChunkRef root, HostId host) {
    try (CatalogView view = views.get()) {
      return new Walk(host, view).from(root);
    }
  }

  /** One walk of what a host wants to commit. */
  private final class Walk {
    private final HostId host;
    private final CatalogView view;
    private final List<ChunkRef> missing = new ArrayList<>();
    private final Set<ChunkRef> seen = new HashSet<>();
    private final Deque<ChunkRef> toVisit = new ArrayDeque<>();
    private final Map<PackId, BitSet> visited = new LinkedHashMap<>();
    private int visits;

    Walk(HostId host, CatalogView view) {
      this.host = host;
      this.view = view;
    }

    CommitWalk from(ChunkRef root) {
      toVisit.push(root);
      while (!toVisit.isEmpty() && missing.size() < MISSING_LIMIT) {
        ChunkRef page = toVisit.pop();
        if (seen.add(page) && !view.chunks().hasLiveCheck(page, host)) {
          visit(page);
        }
      }
      return new CommitWalk(missing, missing.isEmpty() ? checked() : List.of());
    }

    private void visit(ChunkRef page) {
      Optional<Location> location = view.chunks().find(page, host, Optional.empty());
      if (location.isEmpty()) {
        missing.add(page);
        return;
      }
      note(location.get());
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

    private void note(Location page) {
      if (visits < CHECKED_LIMIT) {
        visits++;
        visited.computeIfAbsent(page.pack(), id -> new BitSet()).set(page.entry());
      }
    }

    private List<PagesChecked> checked() {
      List<PagesChecked> checked = new ArrayList<>();
      visited.forEach((pack, entries) ->
          checked.add(
              PagesChecked.newBuilder()
                  .setPack(ByteString.copyFrom(pack.toByteArray()))
                  .addChecks(
                      PageCheck.newBuilder()
                          .setHost(ByteString.copyFrom(host.toByteArray()))
                          .setSeq(view.appliedSeq())
                          .setEntries(ByteString.copyFrom(entries.toByteArray())))
                  .build()));
      return checked;
    }
  }
}
