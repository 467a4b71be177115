package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.stored.v1.CondemnedEntries;
import io.holdfast.proto.stored.v1.EntriesCondemned;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PackDeleted;
import io.holdfast.proto.stored.v1.PackRegistered;
import io.holdfast.proto.stored.v1.PackRewritten;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.RewrittenEntries;
import io.holdfast.proto.stored.v1.SweepApproved;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Effects of sweeps (proto/decisions/0010). What the leader relied on is looked at again here.
 *
 * <ol>
 *   <li>I1: nothing is condemned that came, or may have come under a root, after the mark looked.
 *   <li>I2: what is condemned stays so; only a rescue gives its bytes a new location.
 *   <li>I3: a pack goes when all of it is condemned, by a record that the two newest checkpoints
 *       hold and that is older than every pin, and when nothing was lost since its last reference
 *       was sought.
 *   <li>I4: all of it follows from records alone. Footers give locations, never judgements, since a
 *       catalog that is rebuilt later finds no footers of deleted packs.
 * </ol>
 */
final class SweepChanges {
  /** Packs of one mutation. */
  static final int PACKS_MAX = 4_096;

  private final FooterSource footers;
  private final PackChanges packs;

  SweepChanges(FooterSource footers, PackChanges packs) {
    this.footers = footers;
    this.packs = packs;
  }

  // Condemn.

  void condemn(EntriesCondemned change, RecordBody body, Effects effects) {
    if (change.getPacksCount() > PACKS_MAX
        || holdsCommit(body)
        || seq(Keys.EDGES_CHANGED, effects) > change.getMarkedThrough()) {
      effects.ignore(); // I1
      return;
    }
    Set<HostId> busy = Pins.of(effects).hosts();
    long bytes = 0;
    for (CondemnedEntries entries : change.getPacksList()) {
      bytes += condemn(entries, change.getFence(), busy, effects);
    }
    if (bytes > 0) {
      effects.put(Families.LOSSES, Keys.ANY_CONDEMN, Keys.seq(effects.seq()));
    }
    if (change.getApproved()) {
      useApproval(bytes, effects);
    }
  }

  private static long condemn(
      CondemnedEntries change, long fence, Set<HostId> busy, Effects effects) {
    Optional<KnownPack> found = PackChanges.known(Fields.pack(change.getPack()), effects);
    boolean mayGo =
        found
            .filter(known -> !known.state().isLost())
            .filter(known -> Long.compareUnsigned(known.pack().seq(), fence) <= 0)
            .filter(known -> known.pack().owners().stream().noneMatch(busy::contains))
            .isPresent();
    if (!mayGo) {
      return 0;
    }
    KnownPack known = found.get();
    BitSet entries = Fields.bitsOrAll(change.getEntries(), known.pack().entries());
    int condemned = known.state().condemn(entries);
    CondemnedRow.add(known, condemned, change.getSealedBytes(), effects);
    PackChanges.write(known, effects);
    return condemned == 0 ? 0 : change.getSealedBytes();
  }

  /** Of one record the order says nothing to who checked before it. */
  static boolean holdsCommit(RecordBody body) {
    for (Mutation mutation : body.getMutationsList()) {
      if (Fields.change(mutation.getClear()).hasSnapshotCommitted()) {
        return true;
      }
    }
    return false;
  }

  // Approval.

  static void approve(SweepApproved change, Effects effects) {
    ByteBuffer row = ByteBuffer.allocate(2 * Long.BYTES);
    row.putLong(change.getBytes()).putLong(change.getValidUntilMillis());
    effects.put(Families.META, Keys.SWEEP_APPROVAL, row.array());
  }

  private static void useApproval(long bytes, Effects effects) {
    effects
        .get(Families.META, Keys.SWEEP_APPROVAL)
        .ifPresent(row -> {
          ByteBuffer left = ByteBuffer.wrap(row.clone());
          left.putLong(0, Math.max(0, left.getLong(0) - bytes));
          effects.put(Families.META, Keys.SWEEP_APPROVAL, left.array());
        });
  }

  // Rewrite.

  void rewrite(PackRewritten change, Effects effects) {
    PackRegistered registered = change.getPack();
    Optional<List<Source>> sources = sources(change, effects);
    if (sources.isEmpty()
        || !NameChanges.isFree(Fields.pack(registered.getPack()).toByteArray(), effects)) {
      effects.ignore();
      return;
    }
    RegisteredPack pack = PackChanges.registered(registered, effects);
    PackState state = packs.take(pack, effects);
    int entry = 0;
    BitSet absent = new BitSet();
    for (Source source : sources.get()) {
      entry = move(source, change.getRescue(), state, entry, absent);
      int condemned = source.known().state().condemn(source.entries());
      CondemnedRow.add(source.known(), condemned, source.sealedBytes(), effects);
      PackChanges.write(source.known(), effects);
    }
    KnownPack known = new KnownPack(pack, state);
    CondemnedRow.add(known, state.condemn(absent), 0, effects);
    PackChanges.write(known, effects);
  }

  /** Entries of one pack that are taken over. */
  private record Source(KnownPack known, BitSet entries, long sealedBytes) {}

  /** Empty if the leader should never have written the change. */
  private static Optional<List<Source>> sources(PackRewritten change, Effects effects) {
    List<Source> sources = new ArrayList<>();
    Set<Integer> numbers = new HashSet<>();
    long entries = 0;
    for (RewrittenEntries each : change.getSourcesList()) {
      Optional<KnownPack> known = PackChanges.known(Fields.pack(each.getPack()), effects);
      if (known.isEmpty()
          || known.get().state().isLost()
          || known.get().pack().content() != change.getPack().getContent()
          || !numbers.add(known.get().pack().number())) {
        return Optional.empty();
      }
      BitSet taken = Fields.bits(each.getEntries(), known.get().pack().entries());
      entries += taken.cardinality();
      sources.add(new Source(known.get(), taken, each.getSealedBytes()));
    }
    boolean fits =
        sources.size() <= PACKS_MAX && entries == change.getPack().getEntries() && entries > 0;
    return fits ? Optional.of(sources) : Optional.empty();
  }

  /** I2: what was condemned or lost meanwhile is absent in the new pack, too. */
  private static int move(Source source, boolean rescue, PackState to, int first, BitSet absent) {
    PackState from = source.known().state();
    BitSet proven = new BitSet();
    BitSet checked = new BitSet();
    int entry = first;
    for (int old = source.entries().nextSetBit(0);
        old >= 0;
        old = source.entries().nextSetBit(old + 1)) {
      absent.set(entry, !(rescue ? from.isReadable(old) : from.isPresent(old)));
      proven.set(entry, from.isProven(old));
      checked.set(entry, from.isChecked(old));
      entry++;
    }
    to.check(checked);
    to.prove(proven);
    return entry;
  }

  // Deletion.

  void delete(PackDeleted change, Effects effects) {
    Optional<KnownPack> found = PackChanges.known(Fields.pack(change.getPack()), effects);
    if (found.isEmpty() || !mayGo(found.get(), change.getMarkedThrough(), effects)) {
      effects.ignore(); // I3
      return;
    }
    KnownPack known = found.get();
    byte[] number = Keys.number(known.pack().number());
    takeLocationsAway(known.pack(), effects);
    effects.count(Total.PACKS, -1);
    effects.count(Total.STORED_BYTES, -known.pack().sizeBytes());
    effects.count(Total.DELETED_PACKS, 1);
    effects.count(Total.DELETED_BYTES, known.pack().sizeBytes());
    PackChanges.countLocated(known.state(), -1, effects);
    CondemnedRow.forget(known, effects);
    PackReads.forget(number, effects);
    HostBytes.forget(known.pack(), effects);
    effects.delete(Families.PACK_OWNERS, number);
    effects
        .keys(Families.PAGE_CHECKS, number)
        .forEach(key -> effects.delete(Families.PAGE_CHECKS, key));
    known.state().delete();
    PackChanges.write(known, effects);
  }

  private static boolean mayGo(KnownPack known, long markedThrough, Effects effects) {
    Optional<CondemnedRow> condemned =
        effects
            .get(Families.CONDEMNED_PACKS, Keys.number(known.pack().number()))
            .map(CondemnedRow::of);
    return condemned.isPresent()
        && known.state().condemnedEntries() == known.pack().entries()
        && condemned.get().seq()
            <= CheckpointMark.olderOfTwo(effects.keys(Families.CHECKPOINTS, new byte[0]))
        && condemned.get().seq() < Pins.of(effects).oldest()
        && condemned.get().seq() <= markedThrough
        && seq(Keys.LOSS_RECORDED, effects) <= markedThrough;
  }

  /** I4: rows that stay because the footer can't be read any more are in no answer and digest. */
  private void takeLocationsAway(RegisteredPack pack, Effects effects) {
    try {
      footers
          .footer(pack)
          .ifPresent(footer -> {
            for (int entry = 0; entry < Math.min(footer.entries(), pack.entries()); entry++) {
              effects.erase(
                  Families.INDEX,
                  Keys.index(footer.kind(entry), footer.id(entry), pack.number(), entry));
            }
          });
    } catch (HoldfastException e) {
      // The pack's object is gone already, as for who applies this later than the leader.
    }
  }

  private static long seq(byte[] key, Effects effects) {
    return effects.get(Families.META, key).map(row -> ByteBuffer.wrap(row).getLong()).orElse(0L);
  }
}
