package io.holdfast.coordinator.proof;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.RegisteredPack;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.CopiedPack;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.FoundEntries;
import io.holdfast.proto.stored.v1.PackRegistered;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores anew what is recorded as lost and lies in the vault after all: a share was mounted without
 * one of its parts, a cable lied, somebody put packs back from a copy. A loss isn't undone by that:
 * the bytes are copied into a pack of their own, which is registered as any upload is
 * (proto/decisions/0019).
 *
 * <ol>
 *   <li>I1: only what is as it was written, by the sums in the footer that was registered; and
 *       never what failed its proof, which is as it was written and no good.
 *   <li>I2: nothing but the bytes comes back. They are their uploader's, unproven, and count as
 *       what that host uploads today; trust stays where the loss left it.
 *   <li>I3: each is stored anew once, by record: what a sweep takes then doesn't come back. What
 *       was condemned before stays away, and what a host has stored again itself isn't needed.
 *   <li>I4: a vault that doesn't answer, or is full, isn't asked on.
 * </ol>
 *
 * <p>One thread; of two that find the same at the same time, one has no effect. Holds one sealed
 * chunk in memory.
 */
final class LostAndFound {
  /** Told of each pack of which something was stored anew. */
  interface Listener {
    void packFound() throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(LostAndFound.class);

  private static final int PACK_BATCH = 256;
  private static final int PACK_ID_BYTES = 16;

  private final ProofPorts ports;
  private final SealedReads reads;
  private final Pace pace;

  LostAndFound(ProofPorts ports, Pace pace) {
    this.ports = ports;
    this.reads = new SealedReads(ports.vault());
    this.pace = pace;
  }

  /**
   * Looks at everything that is recorded as lost and tells of each pack; who is told may end it.
   * Errors of catalog and journal; a vault that can't be read or written now ends the look and is
   * left for another time.
   *
   * @return how many chunks were stored anew
   */
  long look(Listener listener) throws InterruptedException {
    if (isNothingLost()) {
      return 0;
    }
    long found = 0;
    try {
      List<KnownPack> batch = packsFrom(0);
      while (!batch.isEmpty()) {
        for (KnownPack known : batch) {
          int copied = known.state().sought().isEmpty() ? 0 : look(known.pack());
          found += copied;
          if (copied > 0) {
            listener.packFound();
          }
        }
        batch = packsFrom(batch.getLast().pack().number() + 1);
      }
    } catch (HoldfastException e) {
      if (!mayPass(e)) {
        throw e;
      }
      LOG.warn("what is recorded as lost is looked for again later: {}", e.getMessage()); // I4
    }
    return found;
  }

  private static boolean mayPass(HoldfastException e) {
    return e.kind() == ErrorKind.RETRY
        || e.kind() == ErrorKind.EXHAUSTED
        || e.code() == ErrorCode.PACK_CORRUPT; // what was written isn't what is read back
  }

  private boolean isNothingLost() {
    try (CatalogView view = ports.views().get()) {
      return view.totals().of(Total.LOST_ENTRIES) == 0;
    }
  }

  private List<KnownPack> packsFrom(int number) {
    try (CatalogView view = ports.views().get()) {
      return view.packs().from(number, PACK_BATCH);
    }
  }

  private int look(RegisteredPack pack) throws InterruptedException {
    if (ports.vault().size(SealedReads.objectName(pack.id())).isEmpty()) {
      return 0;
    }
    Optional<PackFooter> footer = footer(pack);
    if (footer.isEmpty()) {
      return 0;
    }
    BitSet wanted = wanted(pack, footer.get());
    return wanted.isEmpty() ? 0 : copy(pack, footer.get(), wanted);
  }

  /** Empty if it isn't the one that was registered. */
  private Optional<PackFooter> footer(RegisteredPack pack) {
    try {
      return Optional.of(ports.footers().get(pack));
    } catch (HoldfastException e) {
      if (e.code() == ErrorCode.OBJECT_NOT_FOUND || e.kind() == ErrorKind.CORRUPT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Entries that are lost by now and that nothing stands in for, be they there or not. */
  private BitSet wanted(RegisteredPack pack, PackFooter footer) {
    BitSet wanted = new BitSet();
    try (CatalogView view = ports.views().get()) {
      BitSet sought =
          view.packs().find(pack.id()).map(known -> known.state().sought()).orElseGet(BitSet::new);
      for (int entry = sought.nextSetBit(0);
          entry >= 0 && entry < footer.entries();
          entry = sought.nextSetBit(entry + 1)) {
        wanted.set(entry, isWanted(footer, entry, view));
      }
    }
    return wanted;
  }

  /** Copies of snapshots' records are made anew from the catalog. */
  private static boolean isWanted(PackFooter footer, int entry, CatalogView view) {
    HostId owner = footer.owner(footer.ownerIndex(entry));
    return !footer.isSnapshotRecord(entry)
        && view.chunks().locations(footer.chunk(entry)).stream()
            .noneMatch(at -> at.countsFor(owner));
  }

  private int copy(RegisteredPack pack, PackFooter footer, BitSet wanted)
      throws InterruptedException {
    BitSet copied = new BitSet();
    Optional<CopiedPack> begun = Optional.empty();
    try {
      for (int entry = wanted.nextSetBit(0); entry >= 0; entry = wanted.nextSetBit(entry + 1)) {
        Optional<Reading.Intact> sealed = intact(footer, entry);
        if (sealed.isPresent()) {
          pace.take(sealed.get().length());
          CopiedPack copy = begun.isPresent() ? begun.get() : begin(pack, footer);
          begun = Optional.of(copy);
          copy.add(footer, entry, bytes(sealed.get()));
          copied.set(entry);
        }
      }
      return begun.isPresent() ? register(pack, copied, begun.get()) : 0;
    } finally {
      begun.ifPresent(CopiedPack::close);
    }
  }

  private CopiedPack begin(RegisteredPack pack, PackFooter footer) {
    if (!ports.room().hasRoomFor(pack.sizeBytes())) {
      throw new HoldfastException(
          ErrorCode.VAULT_FULL,
          "pack "
              + pack.id()
              + ", which is recorded as lost, is there again, and the vault has no room to store it"
              + " anew; enlarge the vault's file system");
    }
    return new CopiedPack(
        ports.vault(), footer.identity(), PackId.of(ports.randomness().bytes(PACK_ID_BYTES)));
  }

  private int register(RegisteredPack pack, BitSet copied, CopiedPack copy)
      throws InterruptedException {
    PackFooter written = copy.finish(ports.footers());
    PackRegistered registered =
        PackRegistrar.registration(written)
            .setFound(
                FoundEntries.newBuilder()
                    .setPack(ByteString.copyFrom(pack.id().toByteArray()))
                    .setEntries(ByteString.copyFrom(copied.toByteArray())))
            .build();
    Journalled.append(
        ports.journal(), List.of(Change.newBuilder().setPackRegistered(registered).build()));
    try (CatalogView view = ports.views().get()) {
      if (view.packs().find(copy.header().pack()).isEmpty()) { // somebody else was first
        ports.vault().delete(copy.name());
        return 0;
      }
    }
    LOG.info(
        "{} chunks of pack {}, recorded as lost, are there again: stored anew in pack {}",
        copied.cardinality(),
        pack.id(),
        copy.header().pack());
    return copied.cardinality();
  }

  /** I1; I4. */
  private Optional<Reading.Intact> intact(PackFooter footer, int entry) {
    return switch (reads.again(footer, entry)) {
      case Reading.Intact sealed -> Optional.of(sealed);
      case Reading.Lost _ -> Optional.empty();
      case Reading.Untold(HoldfastException why) when why.kind() == ErrorKind.RETRY -> throw why;
      case Reading.Untold _ -> Optional.empty();
    };
  }

  private static ByteBuffer bytes(Reading.Intact sealed) {
    return ByteBuffer.wrap(sealed.bytes(), sealed.offset(), sealed.length());
  }
}
