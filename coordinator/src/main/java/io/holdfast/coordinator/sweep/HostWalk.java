package io.holdfast.coordinator.sweep;

import com.google.common.primitives.ImmutableLongArray;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Goes to every place of what the snapshots of one host reference, then those of the next one: as a
 * {@link Mark} does for all of them at once, without its care for what comes, goes or is lost
 * meanwhile. Rests as long as it reads while hosts move data. One thread.
 */
final class HostWalk {
  /** Roots, and pages, that are looked up together. */
  private static final int BATCH = 512;

  private static final int MET_MAX = 1 << 18;

  /** Told of each place, more than once if more than one thing references it. */
  interface Visitor {
    /**
     * A place of something.
     *
     * @return whether what a page refers to that lies there is to be visited, too
     */
    boolean reach(int pack, int entry, int sealedLength);
  }

  private final SweepPorts ports;
  private final LongConsumer progress;
  private final Time time;
  private final Deque<Bytes32> pending = new ArrayDeque<>();
  private final ReferenceBuffer references = new ReferenceBuffer();

  /** Pages of this host met lately, so that what its snapshots share isn't looked up for each. */
  private final Set<Bytes32> met = new HashSet<>();

  private long followed;

  /**
   * @param progress told how many references were followed so far
   */
  HostWalk(SweepPorts ports, LongConsumer progress) {
    this.ports = ports;
    this.progress = progress;
    this.time = ports.fleet().time();
  }

  /**
   * Visits what is reached by what {@code host} committed by those records, as far as it is kept.
   * Errors as {@link io.holdfast.coordinator.pack.Footers#get}; after one it isn't used again.
   */
  void walk(HostId host, ImmutableLongArray commits, Visitor visitor) throws InterruptedException {
    met.clear();
    int next = 0;
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long begin = time.nanos();
      try (CatalogView view = ports.fleet().views().get()) {
        if (pending.isEmpty()) {
          int end = Math.min(commits.length(), next + BATCH);
          takeRoots(host, commits.subArray(next, end), view, visitor);
          next = end;
        }
        walkPages(view, visitor);
        if (pending.isEmpty() && next == commits.length()) {
          takeReferences(view, visitor);
        }
      }
      progress.accept(followed);
      if (ports.hostsMoveData().getAsBoolean()) {
        time.sleep(Duration.ofNanos(time.nanos() - begin)); // half of the time is the hosts'
      }
    } while (!pending.isEmpty() || next < commits.length());
  }

  private void takeRoots(
      HostId host, ImmutableLongArray commits, CatalogView view, Visitor visitor) {
    List<SnapshotId> snapshots = new ArrayList<>();
    view.sweeps()
        .rootsOf(
            host,
            commits,
            root -> {
              snapshots.add(root.snapshot());
              push(root.page());
            });
    view.sweeps().sizedCopies(snapshots, visitor::reach);
  }

  private void push(Bytes32 page) {
    if (met.size() >= MET_MAX) {
      met.clear();
    }
    if (met.add(page)) {
      pending.add(page);
    }
  }

  private void walkPages(CatalogView view, Visitor visitor) {
    Set<ChunkRef> batch = new TreeSet<>();
    while (!pending.isEmpty() && batch.size() < BATCH) {
      batch.add(new ChunkRef(ChunkKind.PAGE, new ChunkId(pending.removeLast())));
    }
    TreeMap<Integer, BitSet> lists = new TreeMap<>();
    view.sweeps()
        .sizedPlaces(
            List.copyOf(batch),
            (pack, entry, sealedLength) -> {
              if (visitor.reach(pack, entry, sealedLength)) {
                lists.computeIfAbsent(pack, each -> new BitSet()).set(entry);
              }
            });
    followed += batch.size();
    lists.forEach((number, entries) -> follow(number, entries, view, visitor));
  }

  private void follow(int number, BitSet entries, CatalogView view, Visitor visitor) {
    KnownPack known = view.sweeps().pack(number);
    int[] readable = entries.stream().filter(known.state()::isReadable).toArray();
    if (readable.length == 0) {
      return;
    }
    PackFooter footer = ports.footers().get(known.pack().id(), view);
    for (int entry : readable) {
      for (int each = 0; each < footer.referenceCount(entry); each++) {
        take(footer.reference(entry, each), view, visitor);
      }
    }
  }

  private void take(ChunkRef reference, CatalogView view, Visitor visitor) {
    if (reference.kind() == ChunkKind.PAGE) {
      push(reference.id().value());
      return;
    }
    references.add(reference);
    if (references.isFull()) {
      takeReferences(view, visitor);
    }
  }

  private void takeReferences(CatalogView view, Visitor visitor) {
    references.sort();
    view.sweeps().sizedPlaces(references.size(), references::stored, visitor::reach);
    followed += references.size();
    references.clear();
  }
}
