package io.holdfast.coordinator.sweep;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.SweepQueries;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SurplusCondemned;
import io.holdfast.proto.stored.v1.SurplusEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Journals which second copies go, each with the one that stays. Nothing rests on what the catalog
 * showed meanwhile: applying the record looks again at each. One thread.
 */
final class SurplusCondemner {
  private final SweepPorts ports;
  private final Mark mark;
  private final List<Surplus.Copy> copies = new ArrayList<>();
  private final Map<PackId, Integer> packs = new LinkedHashMap<>();
  private long entries;
  private long bytes;

  SurplusCondemner(SweepPorts ports, Mark mark) {
    this.ports = ports;
    this.mark = mark;
  }

  /** Entries that were condemned. */
  long entries() {
    return entries;
  }

  /** Their sealed bytes. */
  long bytes() {
    return bytes;
  }

  /** Condemns all that there are; errors are the journal's. */
  void condemn() throws InterruptedException {
    new Surplus(ports, mark).find(this::add);
    write();
  }

  private void add(Surplus.Copy copy) throws InterruptedException {
    copies.add(copy);
    place(copy.goes());
    place(copy.stays());
    if (copies.size() == SweepQueries.SURPLUS_ENTRIES_MAX
        || packs.size() + 2 > SweepQueries.SURPLUS_PACKS_MAX) {
      write();
    }
  }

  private int place(Location location) {
    return packs.computeIfAbsent(location.pack(), pack -> packs.size());
  }

  private void write() throws InterruptedException {
    if (copies.isEmpty()) {
      return;
    }
    SurplusCondemned.Builder condemned = SurplusCondemned.newBuilder().setFence(mark.fence());
    for (Surplus.Copy copy : copies) {
      condemned.addEntries(
          SurplusEntry.newBuilder()
              .setPack(place(copy.goes()))
              .setEntry(copy.goes().entry())
              .setSurvivorPack(place(copy.stays()))
              .setSurvivorEntry(copy.stays().entry())
              .setSealedBytes(copy.goes().sealedLength()));
    }
    packs.keySet().forEach(pack -> condemned.addPacks(ByteString.copyFrom(pack.toByteArray())));
    appendHolding(MutationSealer.clear(Change.newBuilder().setSurplusCondemned(condemned).build()));
    count();
    copies.clear();
    packs.clear();
  }

  private void appendHolding(Mutation condemned) throws InterruptedException {
    ports.commitPath().alone().lockInterruptibly();
    try {
      ports.alone().appendNow(List.of(condemned));
    } finally {
      ports.commitPath().alone().unlock();
    }
  }

  /** What took effect: a survivor may be lost by now, a host back in a session. */
  private void count() {
    try (CatalogView view = ports.fleet().views().get()) {
      for (Surplus.Copy copy : copies) {
        Optional<Boolean> isGone =
            view.packs()
                .find(copy.goes().pack())
                .map(known -> known.state().isCondemned(copy.goes().entry()));
        if (isGone.orElse(false)) {
          entries++;
          bytes += copy.goes().sealedLength();
        }
      }
    }
  }
}
