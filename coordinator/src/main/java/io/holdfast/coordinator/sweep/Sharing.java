package io.holdfast.coordinator.sweep;

import com.google.common.primitives.ImmutableLongArray;
import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.SweepQueries;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.proto.stored.v1.HostShare;
import io.holdfast.proto.stored.v1.SpaceShares;
import io.holdfast.proto.stored.v1.SweepCompleted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures which live bytes one host alone holds, and which several do. Walks what is kept host by
 * host, twice: what a second host reaches isn't known before the end of the first walk.
 *
 * <ol>
 *   <li>I1: an entry is shared once two hosts have reached it. What a page names is visited for the
 *       first host that reaches the page and for the second one; a third one would find nothing
 *       there that isn't shared by then.
 *   <li>I2: what isn't shared after the first walk is its who reaches it in the second one.
 *   <li>I3: counted is what was live as the measurement began, each entry once. So the figures add
 *       up to the live bytes of that moment, whatever is stored, deleted or lost meanwhile; what is
 *       deleted or lost counts as unreferenced at worst.
 * </ol>
 *
 * <p>Takes four bits an entry and eight bytes a snapshot. Nothing is decided by what it says. One
 * thread.
 */
final class Sharing {
  /** Hosts that a record names; a fleet may have more. */
  private static final int HOSTS_MAX = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(Sharing.class);
  private static final int PACKS = 4_096;

  private final SweepPorts ports;
  private final HostWalk walk;
  private final EntryBits.Places places = new EntryBits.Places();

  /** Condemned, or lost: they take no live bytes. */
  private final EntryBits gone = new EntryBits(places);

  /** Reached by any host so far. */
  private final EntryBits reached = new EntryBits(places);

  /** Reached by more than one. */
  private final EntryBits shared = new EntryBits(places);

  /** In the first walk: reached by the host that it is at. In the second one: counted. */
  private final EntryBits visited = new EntryBits(places);

  private final SpaceShares.Builder shares = SpaceShares.newBuilder();
  private long sharedBytes;

  /** A host of which snapshots are kept. */
  private static final class Owner {
    private final HostId host;
    private final long uploadedBytes;
    private final ImmutableLongArray.Builder commits = ImmutableLongArray.builder();
    private long newestCommit;
    private long ownBytes;

    Owner(HostId host, long uploadedBytes) {
      this.host = host;
      this.uploadedBytes = uploadedBytes;
    }

    void add(SweepQueries.Root root) {
      if (root.seq() != newestCommit) {
        commits.add(root.seq());
        newestCommit = root.seq();
      }
    }

    HostShare share() {
      return HostShare.newBuilder()
          .setHost(ByteString.copyFrom(host.toByteArray()))
          .setOwnBytes(ownBytes)
          .build();
    }
  }

  Sharing(SweepPorts ports, LongConsumer progress) {
    this.ports = ports;
    this.walk = new HostWalk(ports, progress);
  }

  /**
   * What is live now, and whose it is; as it was measured last if that can't be told just now.
   *
   * @param progress told how many references were followed so far
   */
  static Optional<SpaceShares> measured(SweepPorts ports, LongConsumer progress)
      throws InterruptedException {
    try {
      return Optional.of(new Sharing(ports, progress).measure(HOSTS_MAX));
    } catch (HoldfastException e) {
      LOG.warn(
          "whose the live bytes are can't be told now, what was measured before stays: {}",
          e.getMessage());
      try (CatalogView view = ports.fleet().views().get()) {
        return view.sweeps()
            .lastSweep()
            .map(SweepQueries.LastSweep::completed)
            .filter(SweepCompleted::hasShares)
            .map(SweepCompleted::getShares);
      }
    }
  }

  /**
   * Used once.
   *
   * @param hostsMax that are named, those with most of their own; of the others the sum is told
   */
  SpaceShares measure(int hostsMax) throws InterruptedException {
    List<Owner> owners = begin();
    for (Owner owner : owners) {
      visited.clear();
      walk.walk(
          owner.host,
          owner.commits.build(),
          (pack, entry, bytes) -> reach(owner, pack, entry, bytes));
    }
    if (sharedBytes > 0) {
      visited.clear();
      // What the last host was the first to reach is its own; that host has most, to save a walk.
      for (Owner owner : owners.subList(0, owners.size() - 1)) {
        owner.ownBytes = 0;
        walk.walk(
            owner.host,
            owner.commits.build(),
            (pack, entry, bytes) -> count(owner, pack, entry, bytes));
      }
    }
    return shares(owners, hostsMax);
  }

  private List<Owner> begin() {
    Map<HostId, Owner> owners = new HashMap<>();
    try (CatalogView view = ports.fleet().views().get()) {
      takePacks(view);
      view.sweeps()
          .rootsAfter(
              0,
              root ->
                  owners
                      .computeIfAbsent(
                          root.host(), host -> new Owner(host, view.fleet().storedBytes(host)))
                      .add(root));
      shares
          .setSeq(view.appliedSeq())
          .setTimeMillis(ports.fleet().time().now().toEpochMilli())
          .setLiveBytes(
              view.totals().of(Total.SEALED_BYTES) - view.totals().of(Total.CONDEMNED_BYTES));
    }
    List<Owner> sorted = new ArrayList<>(owners.values());
    sorted.sort(Comparator.comparingLong(owner -> owner.uploadedBytes));
    return sorted;
  }

  private void takePacks(CatalogView view) {
    List<KnownPack> packs = view.packs().from(0, PACKS);
    while (!packs.isEmpty()) {
      packs.forEach(this::take);
      packs = view.packs().from(places.packs(), PACKS);
    }
  }

  private void take(KnownPack known) {
    int entries = known.pack().entries();
    places.add(entries);
    boolean isLost = known.state().isLost();
    if (isLost || known.state().condemnedEntries() > 0) {
      for (int entry = 0; entry < entries; entry++) {
        if (isLost || known.state().isCondemned(entry)) {
          gone.set(known.pack().number(), entry);
        }
      }
    }
  }

  /** In the first walk; an own byte is one that no other host has reached yet. */
  private boolean reach(Owner owner, int pack, int entry, int sealedLength) {
    if (pack >= places.packs() || !visited.set(pack, entry)) {
      return false;
    }
    if (reached.set(pack, entry)) {
      owner.ownBytes += live(pack, entry, sealedLength);
      return true;
    }
    if (shared.set(pack, entry)) {
      sharedBytes += live(pack, entry, sealedLength);
      return true;
    }
    return false; // I1
  }

  /** In the second walk. */
  private boolean count(Owner owner, int pack, int entry, int sealedLength) {
    if (pack >= places.packs() || shared.get(pack, entry) || !visited.set(pack, entry)) {
      return false;
    }
    owner.ownBytes += live(pack, entry, sealedLength);
    return true;
  }

  private long live(int pack, int entry, int sealedLength) {
    return gone.get(pack, entry) ? 0 : sealedLength;
  }

  private SpaceShares shares(List<Owner> owners, int hostsMax) {
    long own = owners.stream().mapToLong(owner -> owner.ownBytes).sum();
    owners.sort(
        Comparator.<Owner>comparingLong(owner -> owner.ownBytes)
            .reversed()
            .thenComparing(owner -> owner.host.toString()));
    int named = Math.min(hostsMax, owners.size());
    owners.subList(0, named).forEach(owner -> shares.addHosts(owner.share()));
    List<Owner> others = owners.subList(named, owners.size());
    return shares
        .setSharedBytes(sharedBytes)
        .setUnreferencedBytes(shares.getLiveBytes() - sharedBytes - own)
        .setOtherHosts(others.size())
        .setOtherOwnBytes(others.stream().mapToLong(owner -> owner.ownBytes).sum())
        .build();
  }
}
