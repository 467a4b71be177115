package io.holdfast.coordinator.sweep;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackContent;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.common.pack.PackHeader;
import io.holdfast.common.sealing.SealedHash;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.SweepQueries.CondemnedPack;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.pack.CopiedPack;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.coordinator.pack.PackReader;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.PackRewritten;
import io.holdfast.proto.stored.v1.RewrittenEntries;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what is live out of packs that are mostly condemned, so that these can be deleted as a
 * whole. Holds one sealed chunk in memory at a time.
 *
 * <ol>
 *   <li>I1: the bytes are copied as they were sealed, under their old sums, and held against them
 *       on the way: what rotted stays where it is, for a proof to find.
 *   <li>I2: the new pack is durable and read back before the one record that registers it and moves
 *       the locations.
 * </ol>
 *
 * <p>One thread.
 */
final class Rewriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rewriter.class);
  private static final int PACKS = 256;

  private final SweepPorts ports;
  private final SweepLimits limits;
  private final Pace pace;
  private final Map<PackContent, Target> targets = new EnumMap<>(PackContent.class);
  private long rewritten;

  Rewriter(SweepPorts ports, SweepLimits limits, Pace pace) {
    this.ports = ports;
    this.limits = limits;
    this.pace = pace;
  }

  /** Packs that nothing live is left in by now. */
  long rewritten() {
    return rewritten;
  }

  /** Rewrites every pack whose live share is below the limit. Errors of vault and journal. */
  void rewriteSparse() throws InterruptedException {
    int first = 0;
    List<CondemnedPack> packs = condemned(first);
    while (!packs.isEmpty()) {
      for (CondemnedPack pack : packs) {
        if (isSparse(pack)) {
          take(pack.known(), present(pack.known()), false);
        }
      }
      first = packs.getLast().known().pack().number() + 1;
      packs = condemned(first);
    }
    finishAll();
  }

  /**
   * Gives {@code entries} of a condemned pack, which something kept needs, new locations.
   *
   * @return how many got one; the others can't be read, or are not what was written
   */
  int rescue(KnownPack known, BitSet entries) throws InterruptedException {
    finishAll();
    int moved = take(known, entries, true);
    finishAll();
    return moved;
  }

  private List<CondemnedPack> condemned(int first) {
    try (CatalogView view = ports.fleet().views().get()) {
      return view.sweeps().condemned(first, PACKS);
    }
  }

  /** Whether so little of it is live that it should be rewritten. */
  boolean isSparse(CondemnedPack pack) {
    long sealed = pack.known().state().sealedBytes();
    long live = sealed - pack.condemnedBytes();
    return !pack.isWhole() && sealed > 0 && live * 100 < sealed * limits.rewriteBelow();
  }

  private static BitSet present(KnownPack known) {
    BitSet present = new BitSet();
    for (int entry = 0; entry < known.pack().entries(); entry++) {
      present.set(entry, known.state().isPresent(entry));
    }
    return present;
  }

  /**
   * One entry after the other; what can't be moved stays where it is.
   *
   * @return how many are moved
   */
  private int take(KnownPack known, BitSet entries, boolean rescue) throws InterruptedException {
    int moved = 0;
    try {
      PackFooter footer = ports.footers().get(known.pack());
      for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
        moved += take(known, footer, entry, rescue) ? 1 : 0;
      }
      rewritten += moved > 0 && moved == entries.cardinality() && !rescue ? 1 : 0;
    } catch (HoldfastException e) {
      if (e.code() != ErrorCode.PACK_CORRUPT && e.code() != ErrorCode.OBJECT_NOT_FOUND) {
        throw e;
      }
      LOG.warn("pack {} isn't rewritten: {}", known.pack().id(), e.getMessage());
    }
    return moved;
  }

  /** Whether the entry is what was written; else nothing of it is moved (I1). */
  private boolean take(KnownPack known, PackFooter footer, int entry, boolean rescue)
      throws InterruptedException {
    byte[] sealed = read(known, footer, entry);
    if (PackReader.crc32c(sealed, 0, sealed.length) != footer.crc32c(entry)
        || !SealedHash.of(sealed, 0, sealed.length).equals(footer.hash(entry))) {
      LOG.warn(
          "entry {} of pack {} is not what was written and stays where it is; run `holdfast"
              + " verify`",
          entry,
          known.pack().id());
      return false;
    }
    Target target = target(footer, entry, rescue);
    target.add(known, footer, entry, sealed);
    if (target.isFull()) {
      finish(target);
    }
    return true;
  }

  private byte[] read(KnownPack known, PackFooter footer, int entry) throws InterruptedException {
    int length = footer.sealedLength(entry);
    pace.take(length);
    return ports.packs().read(known.pack().id(), footer.offset(entry), length);
  }

  private Target target(PackFooter footer, int entry, boolean rescue) throws InterruptedException {
    PackContent content = footer.identity().content();
    Target target = targets.get(content);
    if (target != null && !target.pack.hasRoomFor(footer, entry)) {
      finish(target);
      target = null;
    }
    if (target == null) {
      target = new Target(footer.identity(), rescue);
      targets.put(content, target);
    }
    return target;
  }

  private void finishAll() throws InterruptedException {
    for (Target target : List.copyOf(targets.values())) {
      finish(target);
    }
  }

  private void finish(Target target) throws InterruptedException {
    targets.remove(target.pack.header().content());
    PackFooter footer = target.pack.finish(ports.footers()); // I2
    ports
        .fleet()
        .append(
            MutationSealer.clear(
                Change.newBuilder().setPackRewritten(target.change(footer)).build()));
    try (CatalogView view = ports.fleet().views().get()) {
      if (view.packs().find(target.pack.header().pack()).isEmpty()) {
        LOG.warn("a rewrite had no effect: one of its packs was lost meanwhile");
        ports.vault().delete(target.pack.name());
      }
    }
  }

  /** Abandons what wasn't finished. */
  @Override
  public void close() {
    targets.values().forEach(target -> target.pack.close());
    targets.clear();
  }

  /** A pack that is being written. */
  private final class Target {
    private final CopiedPack pack;
    private final boolean rescue;
    private final Map<PackId, BitSet> sources = new LinkedHashMap<>();
    private final Map<PackId, Long> uncondemned = new LinkedHashMap<>();

    Target(PackHeader like, boolean rescue) {
      PackId id = PackId.of(ports.fleet().randomness().bytes(16));
      this.pack = new CopiedPack(ports.vault(), like, id);
      this.rescue = rescue;
    }

    void add(KnownPack known, PackFooter from, int entry, byte[] sealed) {
      pack.add(from, entry, ByteBuffer.wrap(sealed));
      PackId id = known.pack().id();
      sources.computeIfAbsent(id, each -> new BitSet()).set(entry);
      long bytes = known.state().isCondemned(entry) ? 0 : sealed.length;
      uncondemned.merge(id, bytes, Long::sum);
    }

    boolean isFull() {
      boolean isData = pack.header().content() == PackContent.DATA;
      return pack.size() >= (isData ? limits.dataTarget() : limits.pageTarget());
    }

    PackRewritten change(PackFooter built) {
      PackRewritten.Builder change =
          PackRewritten.newBuilder().setPack(PackRegistrar.registration(built)).setRescue(rescue);
      sources.forEach((id, entries) ->
          change.addSources(
              RewrittenEntries.newBuilder()
                  .setPack(ByteString.copyFrom(id.toByteArray()))
                  .setEntries(ByteString.copyFrom(entries.toByteArray()))
                  .setSealedBytes(uncondemned.get(id))));
      return change.build();
    }
  }
}
