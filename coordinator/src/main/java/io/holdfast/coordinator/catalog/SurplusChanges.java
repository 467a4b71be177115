package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.SurplusCondemned;
import io.holdfast.proto.stored.v1.SurplusEntry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Effects of a Condemn of second copies (proto/decisions/0010).
 *
 * <ol>
 *   <li>I1: a location goes only while the one that its entry names is proven, readable and
 *       uncondemned, what earlier entries of the record took included: it counts for every host, so
 *       nothing that rested on the one loses anything.
 *   <li>I2: nothing here asks a footer or the index. That both locations are of one chunk can't
 *       change, and was so when the leader wrote the record; who rebuilds a catalog later may lack
 *       the footers.
 * </ol>
 */
final class SurplusChanges {
  /** Packs that one mutation may name. */
  static final int PACKS_MAX = 8_192;

  /** Entries of one mutation. */
  static final int ENTRIES_MAX = 16_384;

  private final long fence;
  private final Set<HostId> busy;
  private final List<Optional<KnownPack>> packs = new ArrayList<>();
  private final Map<Integer, Taken> taken = new HashMap<>();

  /** What goes of one pack. */
  private static final class Taken {
    private int entries;
    private long bytes;
  }

  private SurplusChanges(SurplusCondemned change, Effects effects) {
    this.fence = change.getFence();
    this.busy = Pins.of(effects).hosts();
    Map<Integer, KnownPack> byNumber = new HashMap<>();
    change
        .getPacksList()
        .forEach(pack ->
            packs.add(
                PackChanges.known(Fields.pack(pack), effects)
                    .map(known -> byNumber.merge(known.pack().number(), known, (a, b) -> a))));
  }

  static void condemn(SurplusCondemned change, RecordBody body, Effects effects) {
    if (change.getPacksCount() > PACKS_MAX
        || change.getEntriesCount() > ENTRIES_MAX
        || SweepChanges.holdsCommit(body)) {
      effects.ignore();
      return;
    }
    SurplusChanges changes = new SurplusChanges(change, effects);
    change.getEntriesList().forEach(changes::take);
    changes.write(effects);
  }

  private void take(SurplusEntry entry) {
    Optional<KnownPack> victim = pack(entry.getPack()).filter(this::mayLose);
    Optional<KnownPack> survivor = pack(entry.getSurvivorPack());
    if (victim.isPresent()
        && survivor.isPresent()
        && isIn(entry.getEntry(), victim.get())
        && isIn(entry.getSurvivorEntry(), survivor.get())
        && !isSame(victim.get(), survivor.get(), entry)
        && survives(survivor.get(), entry.getSurvivorEntry())) {
      BitSet one = new BitSet();
      one.set(entry.getEntry());
      int gone = victim.get().state().condemn(one);
      Taken all = taken.computeIfAbsent(entry.getPack(), place -> new Taken());
      all.entries += gone;
      all.bytes += gone * Integer.toUnsignedLong(entry.getSealedBytes());
    }
  }

  private Optional<KnownPack> pack(int place) {
    return place >= 0 && place < packs.size() ? packs.get(place) : Optional.empty();
  }

  private boolean mayLose(KnownPack known) {
    return !known.state().isLost()
        && Long.compareUnsigned(known.pack().seq(), fence) <= 0
        && known.pack().owners().stream().noneMatch(busy::contains);
  }

  private static boolean isIn(int entry, KnownPack known) {
    return entry >= 0 && entry < known.pack().entries();
  }

  private static boolean isSame(KnownPack victim, KnownPack survivor, SurplusEntry entry) {
    return victim.pack().number() == survivor.pack().number()
        && entry.getEntry() == entry.getSurvivorEntry();
  }

  /** I1. */
  private static boolean survives(KnownPack known, int entry) {
    return known.state().isPresent(entry) && known.state().isProven(entry);
  }

  private void write(Effects effects) {
    boolean any = false;
    for (Map.Entry<Integer, Taken> each : taken.entrySet()) {
      if (each.getValue().entries > 0) {
        KnownPack known = packs.get(each.getKey()).orElseThrow();
        CondemnedRow.addSurplus(known, each.getValue().entries, each.getValue().bytes, effects);
        PackChanges.write(known, effects);
        any = true;
      }
    }
    if (any) {
      effects.put(Families.LOSSES, Keys.ANY_CONDEMN, Keys.seq(effects.seq()));
    }
  }
}
