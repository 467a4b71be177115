package io.holdfast.coordinator.sweep;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.SweepQueries.CondemnedPack;
import io.holdfast.coordinator.catalog.SweepQueries.Root;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PackDeleted;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes packs all of whose entries were condemned long enough ago. The mark of this sweep, which
 * began after they were condemned, has sought references to them once more: what is needed by
 * anything kept though it is condemned is a mistake somewhere, and is rescued; what only a
 * checkpoint could still need waits. One thread.
 */
final class Deleter {
  private static final Logger LOG = LoggerFactory.getLogger(Deleter.class);
  private static final int PACKS = 256;

  private final SweepPorts ports;
  private final SweepLimits limits;
  private final Mark mark;
  private final Rewriter rewriter;
  private final Consumer<String> alarm;
  private long packs;
  private long bytes;

  Deleter(
      SweepPorts ports, SweepLimits limits, Mark mark, Rewriter rewriter, Consumer<String> alarm) {
    this.ports = ports;
    this.limits = limits;
    this.mark = mark;
    this.rewriter = rewriter;
    this.alarm = alarm;
  }

  long packs() {
    return packs;
  }

  long bytes() {
    return bytes;
  }

  /** Deletes what may go. Errors of vault and journal. */
  void delete() throws InterruptedException {
    List<CondemnedPack> due = due();
    if (due.isEmpty()) {
      return;
    }
    List<CondemnedPack> unneeded = new ArrayList<>();
    for (CondemnedPack pack : due) {
      BitSet needed = needed(pack.known());
      if (needed.isEmpty()) {
        unneeded.add(pack);
      } else {
        alarm.accept(
            "pack "
                + pack.known().pack().id()
                + " was condemned and is still needed in "
                + needed.cardinality()
                + " places: its bytes were saved into a new pack; run `holdfast verify`");
        rewriter.rescue(pack.known(), needed);
      }
    }
    followWhatCheckpointsHold();
    unneeded.removeIf(pack -> !needed(pack.known()).isEmpty());
    for (int first = 0; first < unneeded.size(); first += PACKS) {
      delete(unneeded.subList(first, Math.min(unneeded.size(), first + PACKS)));
    }
  }

  /**
   * Second copies went, and of some the survivor is lost since: while their bytes are there, they
   * get new locations. Costs nothing where nothing was lost since the last sweep.
   */
  void rescueLostSurvivors() throws InterruptedException {
    for (CondemnedPack pack : withSurplus()) {
      BitSet needed = needed(pack.known());
      if (!needed.isEmpty()) {
        LOG.warn(
            "{} second copies in pack {} had gone, and those that stayed are lost: they are back",
            needed.cardinality(),
            pack.known().pack().id());
        rewriter.rescue(pack.known(), needed);
      }
    }
  }

  private List<CondemnedPack> withSurplus() {
    List<CondemnedPack> found = new ArrayList<>();
    try (CatalogView view = ports.fleet().views().get()) {
      long since = view.sweeps().lastSweep().map(last -> last.completed().getFence()).orElse(0L);
      if (view.sweeps().lossSeq() <= since) {
        return found;
      }
      int first = 0;
      List<CondemnedPack> some = view.sweeps().condemned(first, PACKS);
      while (!some.isEmpty()) {
        some.stream().filter(pack -> pack.surplusBytes() > 0).forEach(found::add);
        first = some.getLast().known().pack().number() + 1;
        some = view.sweeps().condemned(first, PACKS);
      }
    }
    return found;
  }

  private List<CondemnedPack> due() {
    List<CondemnedPack> due = new ArrayList<>();
    long now = ports.fleet().time().now().toEpochMilli();
    try (CatalogView view = ports.fleet().views().get()) {
      long through = Math.min(view.sweeps().olderOfTwoCheckpoints(), mark.fence());
      long pinned = view.sweeps().oldestPin();
      if (view.sweeps().lossSeq() > mark.fence()) {
        return due; // what was lost since may have been what made them superfluous
      }
      int first = 0;
      List<CondemnedPack> some = view.sweeps().condemned(first, PACKS);
      while (!some.isEmpty()) {
        some.stream()
            .filter(CondemnedPack::isWhole)
            .filter(pack -> pack.seq() <= through && pack.seq() < pinned)
            .filter(pack -> now - pack.timeMillis() >= limits.quarantine().toMillis())
            .forEach(due::add);
        first = some.getLast().known().pack().number() + 1;
        some = view.sweeps().condemned(first, PACKS);
      }
    }
    return due;
  }

  /** Condemned entries that the mark met and that are nowhere else. */
  private BitSet needed(KnownPack known) {
    BitSet needed = new BitSet();
    int number = known.pack().number();
    for (int entry = 0; entry < known.pack().entries(); entry++) {
      if (known.state().isReadable(entry)
          && known.state().isCondemned(entry)
          && mark.isMarked(number, entry)) {
        needed.set(entry);
      }
    }
    if (needed.isEmpty()) {
      return needed;
    }
    PackFooter footer = ports.footers().get(known.pack());
    try (CatalogView view = ports.fleet().views().get()) {
      for (int entry = needed.nextSetBit(0); entry >= 0; entry = needed.nextSetBit(entry + 1)) {
        ChunkRef chunk = footer.chunk(entry);
        if (view.chunks().locations(chunk).stream().anyMatch(Location::present)) {
          needed.clear(entry);
        }
      }
    }
    return needed;
  }

  private void followWhatCheckpointsHold() {
    try (CatalogView view = ports.fleet().views().get()) {
      List<Root> dropped = new ArrayList<>();
      view.sweeps().droppedRoots(dropped::add);
      mark.follow(view, dropped);
    }
  }

  private void delete(List<CondemnedPack> going) throws InterruptedException {
    List<Mutation> mutations = new ArrayList<>();
    for (CondemnedPack pack : going) {
      PackDeleted deleted =
          PackDeleted.newBuilder()
              .setPack(ByteString.copyFrom(pack.known().pack().id().toByteArray()))
              .setMarkedThrough(mark.fence())
              .build();
      mutations.add(MutationSealer.clear(Change.newBuilder().setPackDeleted(deleted).build()));
    }
    ports.fleet().append(mutations.toArray(Mutation[]::new));
    for (CondemnedPack pack : going) {
      if (isDeleted(pack)) {
        ports.vault().delete(ObjectName.of(PackLayout.objectName(pack.known().pack().id())));
        ports.packs().forget(pack.known().pack().id());
        packs++;
        bytes += pack.known().pack().sizeBytes();
        LOG.info("pack {} is deleted: nothing needs it", pack.known().pack().id());
      }
    }
  }

  private boolean isDeleted(CondemnedPack pack) {
    try (CatalogView view = ports.fleet().views().get()) {
      return view.sweeps().pack(pack.known().pack().number()).state().isDeleted();
    }
  }
}
