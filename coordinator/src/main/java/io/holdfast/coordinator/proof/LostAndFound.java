package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.pack.PackFooter;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.PackState;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.pack.CopiedPack;
import io.holdfast.coordinator.pack.Pace;
import io.holdfast.coordinator.pack.PackRegistrar;
import io.holdfast.proto.stored.v1.Change;
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
 *   <li>I3: what was condemned stays away, and so do chunks of erased hosts.
 *   <li>I4: each is stored anew once. If its copy is lost as well, that one is looked at instead;
 *       and what a host has stored again itself isn't needed.
 * </ol>
 *
 * <p>One thread. Two that look at the same time store twice, of which a sweep takes one away. Holds
 * one sealed chunk in memory.
 */
final class LostAndFound {
  private static final Logger LOG = LoggerFactory.getLogger(LostAndFound.class);

  private static final int PACK_BATCH = 256;

  private final ProofPorts ports;
  private final SealedReads reads;
  private final Pace pace;

  LostAndFound(ProofPorts ports, Pace pace) {
    this.ports = ports;
    this.reads = new SealedReads(ports.vault());
    this.pace = pace;
  }

  /**
   * Looks at everything that is recorded as lost. Errors of catalog and journal; a vault that can't
   * be read or written now is left for another time.
   *
   * @return how many chunks were stored anew
   */
  long look() throws InterruptedException {
    if (isNothingLost()) {
      return 0;
    }
    long found = 0;
    List<KnownPack> batch = packsFrom(0);
    while (!batch.isEmpty()) {
      for (KnownPack known : batch) {
        if (known.state().goneEntries() > 0 && !known.state().isDeleted()) {
          found += look(known);
        }
      }
      batch = packsFrom(batch.getLast().pack().number() + 1);
    }
    return found;
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

  private int look(KnownPack known) throws InterruptedException {
    try {
      PackFooter footer = ports.footers().get(known.pack());
      BitSet wanted = wanted(known, footer);
      return wanted.isEmpty() ? 0 : copy(footer, wanted);
    } catch (HoldfastException e) {
      boolean stillGone = e.code() == ErrorCode.OBJECT_NOT_FOUND || e.kind() == ErrorKind.CORRUPT;
      boolean another = e.kind() == ErrorKind.RETRY || e.kind() == ErrorKind.EXHAUSTED;
      if (!stillGone && !another) {
        throw e;
      }
      if (another) {
        LOG.warn(
            "pack {}, which is recorded as lost, may be there again, and can't be stored anew now:"
                + " {}",
            known.pack().id(),
            e.getMessage());
      }
      return 0;
    }
  }

  /** Entries that are lost and that nothing stands in for, whether they are there or not. */
  private BitSet wanted(KnownPack known, PackFooter footer) {
    BitSet wanted = new BitSet();
    try (CatalogView view = ports.views().get()) {
      for (int entry = 0; entry < footer.entries(); entry++) {
        wanted.set(entry, isLost(known.state(), entry) && isWanted(known, footer, entry, view));
      }
    }
    return wanted;
  }

  private static boolean isLost(PackState state, int entry) {
    return !state.isReadable(entry) && !state.isRefuted(entry) && !state.isCondemned(entry); // I1
  }

  /** Copies of snapshots' records are made anew from the catalog. */
  private static boolean isWanted(KnownPack known, PackFooter footer, int entry, CatalogView view) {
    if (footer.isSnapshotRecord(entry)) {
      return false;
    }
    HostId owner = footer.owner(footer.ownerIndex(entry));
    return !view.fleet().isErased(owner)
        && view.chunks().locations(footer.chunk(entry)).stream()
            .noneMatch(
                at -> at.countsFor(owner) || isLaterCopy(at, known, footer, entry, view)); // I4
  }

  private static boolean isLaterCopy(
      Location at, KnownPack known, PackFooter footer, int entry, CatalogView view) {
    return at.owner().equals(footer.owner(footer.ownerIndex(entry)))
        && at.crc32c() == footer.crc32c(entry)
        && at.sealedLength() == footer.sealedLength(entry)
        && view.packs()
            .find(at.pack())
            .filter(other -> other.pack().number() > known.pack().number())
            .isPresent();
  }

  private int copy(PackFooter footer, BitSet wanted) throws InterruptedException {
    PackId from = footer.identity().pack();
    PackId to = PackId.of(ports.randomness().bytes(16));
    try (CopiedPack copy = new CopiedPack(ports.vault(), footer.identity(), to)) {
      int copied = 0;
      for (int entry = wanted.nextSetBit(0); entry >= 0; entry = wanted.nextSetBit(entry + 1)) {
        pace.take(footer.sealedLength(entry));
        Optional<Reading.Intact> sealed = intact(footer, entry);
        if (sealed.isPresent()) {
          copy.add(footer, entry, bytes(sealed.get()));
          copied++;
        }
      }
      if (copied > 0) {
        PackFooter written = copy.finish(ports.footers());
        Journalled.append(ports.journal(), List.of(registration(written)));
        LOG.info(
            "{} chunks of pack {}, recorded as lost, are there again: stored anew in pack {}",
            copied,
            from,
            to);
      }
      return copied;
    }
  }

  /** I1; what can't be told now is looked at another time. */
  private Optional<Reading.Intact> intact(PackFooter footer, int entry) {
    return reads.again(footer, entry) instanceof Reading.Intact sealed
        ? Optional.of(sealed)
        : Optional.empty();
  }

  private static ByteBuffer bytes(Reading.Intact sealed) {
    return ByteBuffer.wrap(sealed.bytes(), sealed.offset(), sealed.length());
  }

  private static Change registration(PackFooter written) {
    return Change.newBuilder().setPackRegistered(PackRegistrar.registration(written)).build();
  }
}
