package io.holdfast.coordinator.sweep;

import com.google.common.collect.Lists;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.SweepQueries;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.CondemnedEntries;
import io.holdfast.proto.stored.v1.EntriesCondemned;
import java.util.BitSet;
import java.util.List;

/**
 * Journals what goes. The mark catches up and the record is written under one hold of the commit
 * path, so that no commit lies between; a page pack that comes between makes the record void, and
 * it is tried again. One thread.
 */
final class Condemner {
  private static final int ATTEMPTS = 8;

  private final SweepPorts ports;
  private final Mark mark;
  private final boolean approved;
  private long entries;
  private long bytes;
  private long left;

  Condemner(SweepPorts ports, Mark mark, boolean approved) {
    this.ports = ports;
    this.mark = mark;
    this.approved = approved;
  }

  /** Entries that were condemned. */
  long entries() {
    return entries;
  }

  /** Their sealed bytes. */
  long bytes() {
    return bytes;
  }

  /** Sealed bytes of garbage that wasn't condemned. */
  long left() {
    return left;
  }

  /** Condemns nothing of it. */
  void leave(Garbage garbage) {
    left = garbage.bytes();
  }

  /** What is reached by now stays; errors are the journal's and those of the mark. */
  void condemn(Garbage garbage) throws InterruptedException {
    for (List<Garbage.Candidate> part :
        Lists.partition(garbage.candidates(), SweepQueries.PACKS_MAX)) {
      boolean done = false;
      for (int attempt = 0; attempt < ATTEMPTS && !done; attempt++) {
        done = condemn(part);
      }
    }
  }

  private boolean condemn(List<Garbage.Candidate> part) throws InterruptedException {
    try (CatalogView view = ports.fleet().views().get()) {
      mark.catchUp(view); // most of it, so that the hold is short
    }
    ports.commitPath().alone().lockInterruptibly();
    try {
      return condemnHolding(part);
    } finally {
      ports.commitPath().alone().unlock();
    }
  }

  private boolean condemnHolding(List<Garbage.Candidate> part) throws InterruptedException {
    EntriesCondemned.Builder condemned =
        EntriesCondemned.newBuilder().setFence(mark.fence()).setApproved(approved);
    try (CatalogView view = ports.fleet().views().get()) {
      condemned.setMarkedThrough(mark.catchUp(view));
    }
    if (mark.isBlind()) {
      return true; // found lost meanwhile: nobody knows what they named
    }
    for (Garbage.Candidate candidate : part) {
      candidate.stillUnmarked(mark, ports.footers()).ifPresent(condemned::addPacks);
    }
    if (condemned.getPacksCount() == 0) {
      return true;
    }
    append(condemned.build());
    return count(condemned.getPacksList(), part);
  }

  private void append(EntriesCondemned condemned) throws InterruptedException {
    ports
        .alone()
        .appendNow(
            List.of(
                MutationSealer.clear(Change.newBuilder().setEntriesCondemned(condemned).build())));
  }

  /** Whether any of it took effect: else something came between. */
  private boolean count(List<CondemnedEntries> condemned, List<Garbage.Candidate> part) {
    boolean any = false;
    int next = 0;
    try (CatalogView view = ports.fleet().views().get()) {
      for (CondemnedEntries each : condemned) {
        while (!isOf(part.get(next), each)) {
          next++;
        }
        int number = part.get(next).known().pack().number();
        KnownPack now = view.sweeps().pack(number);
        BitSet bits = BitSet.valueOf(each.getEntries().toByteArray());
        if (now.state().isCondemned(bits.nextSetBit(0))) {
          any = true;
          entries += bits.cardinality();
          bytes += each.getSealedBytes();
        }
      }
    }
    return any;
  }

  private static boolean isOf(Garbage.Candidate candidate, CondemnedEntries entries) {
    return candidate.known().pack().id().equals(PackId.of(entries.getPack().toByteArray()));
  }
}
