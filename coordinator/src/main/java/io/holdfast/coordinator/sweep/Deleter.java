package io.holdfast.coordinator.sweep;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes packs all of whose entries were condemned long enough ago. The mark of this sweep, which
 * began after they were condemned, has sought references to them once more: what is needed by
 * anything kept though it is condemned is a mistake somewhere, or what stood in for it is lost, and
 * is rescued; what only a checkpoint could still need waits. One thread.
 *
 * <ol>
 *   <li>I1: another location stands in for a condemned entry only if it counts for every host for
 *       which the entry did. That it is present isn't enough: another host's unproven upload may be
 *       anything.
 *   <li>I2: a pack of which that can't be told, since its footer can't be read, is left alone, and
 *       holds up no other.
 * </ol>
 */
final class Deleter {
  private static final Logger LOG = LoggerFactory.getLogger(Deleter.class);
  private static final int PACKS = 256;

  /** How long after its quarantine a pack waits before somebody is told. */
  private static final Duration OVERDUE = Duration.ofDays(7);

  private final SweepPorts ports;
  private final SweepLimits limits;
  private final Mark mark;
  private final Rewriter rewriter;
  private final Consumer<Waiting> left;
  private final Set<PackId> unreadable = new HashSet<>();

  /** Packs that something was to be saved from in this sweep. */
  private final Set<PackId> tried = new HashSet<>();

  private long packs;
  private long bytes;

  /**
   * @param left told what stays, and why
   */
  Deleter(
      SweepPorts ports, SweepLimits limits, Mark mark, Rewriter rewriter, Consumer<Waiting> left) {
    this.ports = ports;
    this.limits = limits;
    this.mark = mark;
    this.rewriter = rewriter;
    this.left = left;
  }

  long packs() {
    return packs;
  }

  long bytes() {
    return bytes;
  }

  /** Packs that were left alone because their footers couldn't be read (I2). */
  int unreadable() {
    return unreadable.size();
  }

  /** Deletes what may go. Errors of vault and journal. */
  void delete() throws InterruptedException {
    deleteUnneeded(due());
  }

  /** Tells what could go now, if any: it stays, since nobody knows how late it is. */
  void leave(String clockDoubt) {
    int packs = due().size();
    if (packs > 0) {
      left.accept(Waiting.forClock(packs + " packs", clockDoubt));
    }
  }

  private void deleteUnneeded(List<CondemnedPack> due) throws InterruptedException {
    List<CondemnedPack> unneeded = new ArrayList<>();
    for (CondemnedPack pack : due) {
      if (tried.contains(pack.known().pack().id())) {
        continue; // what was moved out of it just now isn't in any checkpoint
      }
      Optional<Needed> needed = needed(pack.known());
      if (needed.isPresent() && needed.get().entries().isEmpty()) {
        unneeded.add(pack);
      } else if (needed.isPresent()) {
        keepOrRescue(pack, needed.get());
      }
    }
    if (unneeded.isEmpty()) {
      return;
    }
    followWhatCheckpointsHold();
    unneeded.removeIf(pack -> !isUnneeded(pack.known()));
    for (int first = 0; first < unneeded.size(); first += PACKS) {
      delete(unneeded.subList(first, Math.min(unneeded.size(), first + PACKS)));
    }
  }

  /** What was stored anew stands in once it is proven: for that a pack waits a while. */
  private void keepOrRescue(CondemnedPack pack, Needed needed) throws InterruptedException {
    boolean isMistake = !needed.nowhere().isEmpty();
    if (isMistake || millisOver(pack) > OVERDUE.toMillis()) {
      rescue(pack.known(), needed.entries(), isMistake);
    } else {
      LOG.info("pack {} waits until what is stored anew is proven", pack.known().pack().id());
    }
  }

  /** How long ago its quarantine ended. */
  private long millisOver(CondemnedPack pack) {
    long now = ports.fleet().time().now().toEpochMilli();
    return now - pack.timeMillis() - limits.quarantine().toMillis();
  }

  private boolean isUnneeded(KnownPack known) {
    return needed(known).filter(needed -> needed.entries().isEmpty()).isPresent();
  }

  /**
   * What is condemned and needed gets new locations while its bytes are there. If anything was lost
   * since the last sweep, all condemned packs are looked at: the survivor of a second copy may be
   * gone, or what was stored anew. Else only what has no location at all is sought, where no second
   * copies went, so that it costs little: that is a mistake of a mark.
   */
  void rescueNeeded() throws InterruptedException {
    boolean isLossNew = isLossNew();
    int first = 0;
    List<CondemnedPack> some = condemned(first);
    while (!some.isEmpty()) {
      for (CondemnedPack pack : some) {
        if (isLossNew || pack.surplusBytes() == 0) {
          rescueNeeded(pack, isLossNew);
        }
      }
      first = some.getLast().known().pack().number() + 1;
      some = condemned(first);
    }
  }

  private void rescueNeeded(CondemnedPack pack, boolean isLossNew) throws InterruptedException {
    Optional<Needed> needed = needed(pack.known());
    if (needed.isPresent()) {
      BitSet nowhere = needed.get().nowhere();
      boolean isLost = isLossNew && pack.surplusBytes() > 0;
      rescue(
          pack.known(),
          isLossNew ? needed.get().entries() : nowhere,
          !isLost && !nowhere.isEmpty());
    }
  }

  private boolean isLossNew() {
    try (CatalogView view = ports.fleet().views().get()) {
      long since = view.sweeps().lastSweep().map(last -> last.completed().getFence()).orElse(0L);
      return view.sweeps().lossSeq() > since;
    }
  }

  private List<CondemnedPack> condemned(int first) {
    try (CatalogView view = ports.fleet().views().get()) {
      return view.sweeps().condemned(first, PACKS);
    }
  }

  /** {@code isMistake}: nobody should have condemned them. */
  private void rescue(KnownPack known, BitSet entries, boolean isMistake)
      throws InterruptedException {
    if (entries.isEmpty()) {
      return;
    }
    tried.add(known.pack().id());
    int saved = rewriter.rescue(known, entries);
    String what =
        "pack "
            + known.pack().id()
            + " was condemned and is still needed in "
            + entries.cardinality()
            + " places: the bytes of "
            + saved
            + " were saved into a new pack"
            + (saved < entries.cardinality() ? ", those of the others can't be read" : "")
            + "; run `holdfast verify`";
    if (isMistake) {
      LOG.error("{}", what);
      left.accept(new Waiting(Waiting.Reason.STILL_NEEDED, what));
    } else {
      LOG.warn("{}; what stood in for them is lost, or counts for other hosts alone", what);
    }
  }

  private List<CondemnedPack> due() {
    List<CondemnedPack> due = new ArrayList<>();
    int overdue = 0;
    try (CatalogView view = ports.fleet().views().get()) {
      boolean isLost = view.sweeps().lossSeq() > mark.fence(); // what made them superfluous, maybe
      long through = Math.min(view.sweeps().olderOfTwoCheckpoints(), mark.fence());
      long pinned = view.sweeps().oldestPin();
      int first = 0;
      List<CondemnedPack> some = view.sweeps().condemned(first, PACKS);
      while (!some.isEmpty()) {
        for (CondemnedPack pack : some) {
          long over = millisOver(pack);
          boolean isDue = !isLost && pack.seq() <= through && pack.seq() < pinned;
          if (pack.isWhole() && over >= 0 && isDue) {
            due.add(pack);
          } else if (pack.isWhole() && over > OVERDUE.toMillis()) {
            overdue++;
          }
        }
        first = some.getLast().known().pack().number() + 1;
        some = view.sweeps().condemned(first, PACKS);
      }
      if (overdue > 0) {
        left.accept(overdue(overdue, view));
      }
    }
    return due;
  }

  private static Waiting overdue(int packs, CatalogView view) {
    return new Waiting(
        Waiting.Reason.OVERDUE,
        packs
            + " packs could have been deleted more than "
            + OVERDUE.toDays()
            + " days ago. They wait for two checkpoints of the catalog since they were condemned"
            + " (the older of the two newest holds record "
            + view.sweeps().olderOfTwoCheckpoints()
            + ", the catalog is at "
            + view.appliedSeq()
            + "): if `holdfast catalog checkpoint` fails, see to that; for the end of every backup"
            + " and restore that began before (`holdfast job ls`); and for a sweep during which"
            + " nothing is found lost");
  }

  /**
   * Condemned entries that the mark met.
   *
   * @param entries for which no other location stands in (I1)
   * @param nowhere of these and of those, the ones that have no present location at all
   */
  private record Needed(BitSet entries, BitSet nowhere) {}

  /** Empty if it can't be told (I2). */
  private Optional<Needed> needed(KnownPack known) {
    BitSet entries = condemnedAndMet(known);
    BitSet nowhere = new BitSet();
    if (entries.isEmpty()) {
      return Optional.of(new Needed(entries, nowhere));
    }
    Optional<PackFooter> footer = footer(known);
    if (footer.isEmpty()) {
      return Optional.empty();
    }
    try (CatalogView view = ports.fleet().views().get()) {
      for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
        HostId owner = footer.get().owner(footer.get().ownerIndex(entry));
        boolean isProven = known.state().isProven(entry);
        List<Location> present =
            view.chunks().locations(footer.get().chunk(entry)).stream()
                .filter(Location::present)
                .toList();
        nowhere.set(entry, present.isEmpty());
        if (present.stream().anyMatch(at -> standsIn(at, owner, isProven))) {
          entries.clear(entry);
        }
      }
    }
    return Optional.of(new Needed(entries, nowhere));
  }

  private BitSet condemnedAndMet(KnownPack known) {
    BitSet met = new BitSet();
    int number = known.pack().number();
    if (number >= mark.packs()) {
      return met; // it came since, by a rescue or a rewrite
    }
    for (int entry = 0; entry < known.pack().entries(); entry++) {
      if (known.state().isReadable(entry)
          && known.state().isCondemned(entry)
          && mark.isMarked(number, entry)) {
        met.set(entry);
      }
    }
    return met;
  }

  /** I1: a proven entry counted for every host, an unproven one for its uploader. */
  private static boolean standsIn(Location present, HostId owner, boolean isProven) {
    return isProven ? present.proven() : present.countsFor(owner);
  }

  private Optional<PackFooter> footer(KnownPack known) {
    try {
      return Optional.of(ports.footers().get(known.pack()));
    } catch (HoldfastException e) {
      if (unreadable.add(known.pack().id())) {
        LOG.warn("condemned pack {} is left alone: {}", known.pack().id(), e.getMessage());
      }
      return Optional.empty();
    }
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
