package io.holdfast.coordinator.recovery;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.snapshot.SnapshotContent;
import io.holdfast.coordinator.pack.PackReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot's pages and chunks, straight out of packs: neighbours in one read, each checked by its
 * CRC-32C, and from another place where one fails. One thread.
 */
final class VaultContent implements SnapshotContent {
  /** Open pages kept: the way down to a leaf, and some leaves. */
  private static final int PAGES_KEPT = 32;

  private static final Logger LOG = LoggerFactory.getLogger(VaultContent.class);

  private record Planned(ChunkRef chunk, Place place) {}

  private final SnapshotSource source;
  private final PackReader packs;
  private final ChunkOpener opener;
  private final LinkedHashMap<Reference, byte[]> pages =
      new LinkedHashMap<>(PAGES_KEPT, 0.75f, true);

  /** Where the chunks of the last request came from. */
  private final Map<ChunkRef, Set<Place>> handed = new HashMap<>();

  /** Takes over {@code opener}. */
  VaultContent(SnapshotSource source, PackReader packs, ChunkOpener opener) {
    this.source = source;
    this.packs = packs;
    this.opener = opener;
  }

  @Override
  public byte[] read(Reference page) {
    byte[] kept = pages.get(page);
    if (kept != null) {
      return kept;
    }
    byte[] plaintext = open(new ChunkKey(page.kind(), page.key()));
    pages.put(page, plaintext);
    if (pages.size() > PAGES_KEPT) {
      pages.pollFirstEntry();
    }
    return plaintext;
  }

  /** From the first place whose bytes open to the id. */
  private byte[] open(ChunkKey key) {
    ChunkRef chunk = opener.ref(key);
    HoldfastException failure = notThere(chunk);
    for (Place place : source.places(chunk)) {
      try {
        byte[] sealed = read(chunk, place);
        return opener.open(key, sealed, 0, sealed.length);
      } catch (HoldfastException e) {
        e.addSuppressed(failure);
        failure = e;
      }
    }
    throw failure;
  }

  private byte[] read(ChunkRef chunk, Place place) {
    byte[] sealed = packs.read(place.pack(), place.offset(), place.sealedLength());
    if (PackReader.crc32c(sealed, 0, sealed.length) != place.crc32c()) {
      throw damaged(chunk, place);
    }
    return sealed;
  }

  @Override
  public void chunks(Map<ChunkRef, List<ChunkRef>> wanted, Receiver receiver)
      throws InterruptedException {
    handed.clear();
    List<Planned> plan = plan(wanted.values(), receiver);
    int from = 0;
    while (from < plan.size()) {
      int to = endOfRun(plan, from);
      readRun(plan.subList(from, to), receiver);
      from = to;
    }
  }

  private List<Planned> plan(Collection<List<ChunkRef>> wanted, Receiver receiver)
      throws InterruptedException {
    LinkedHashSet<ChunkRef> each = new LinkedHashSet<>();
    wanted.forEach(each::addAll);
    List<Planned> plan = new ArrayList<>(each.size());
    for (ChunkRef chunk : each) {
      List<Place> places = source.places(chunk);
      if (places.isEmpty()) {
        receiver.failed(chunk, notThere(chunk));
      } else {
        plan.add(new Planned(chunk, places.getFirst()));
      }
    }
    plan.sort((left, right) -> Place.compare(left.place(), right.place()));
    return plan;
  }

  private static int endOfRun(List<Planned> plan, int from) {
    Place first = plan.get(from).place();
    int to = from + 1;
    while (to < plan.size() && isNear(first, plan.get(to - 1).place(), plan.get(to).place())) {
      to++;
    }
    return to;
  }

  private static boolean isNear(Place first, Place before, Place next) {
    long gap = next.offset() - ((long) before.offset() + before.sealedLength());
    long span = (long) next.offset() + next.sealedLength() - first.offset();
    return next.pack().equals(first.pack())
        && gap >= 0
        && gap <= PackReader.GAP_BYTES
        && span <= PackReader.RUN_BYTES;
  }

  private void readRun(List<Planned> run, Receiver receiver) throws InterruptedException {
    Place first = run.getFirst().place();
    Place last = run.getLast().place();
    byte[] bytes;
    try {
      bytes =
          packs.read(
              first.pack(), first.offset(), last.offset() + last.sealedLength() - first.offset());
    } catch (HoldfastException e) {
      for (Planned planned : run) {
        readAlone(planned.chunk(), notThere(planned.chunk()), receiver);
      }
      return;
    }
    for (Planned planned : run) {
      int at = planned.place().offset() - first.offset();
      int length = planned.place().sealedLength();
      if (PackReader.crc32c(bytes, at, length) == planned.place().crc32c()) {
        hand(planned, Arrays.copyOfRange(bytes, at, at + length), receiver);
      } else {
        readAlone(planned.chunk(), notThere(planned.chunk()), receiver);
      }
    }
  }

  @Override
  public void again(Map<ChunkRef, List<ChunkRef>> unopened, Receiver receiver)
      throws InterruptedException {
    for (List<ChunkRef> leaf : unopened.values()) {
      for (ChunkRef chunk : leaf) {
        handed
            .getOrDefault(chunk, Set.of())
            .forEach(place ->
                LOG.warn(
                    "{} in pack {} at offset {} does not open; another copy is looked for",
                    chunk,
                    place.pack(),
                    place.offset()));
        readAlone(chunk, SnapshotContent.noOtherCopy(chunk), receiver);
      }
    }
  }

  private void hand(Planned planned, byte[] sealed, Receiver receiver) throws InterruptedException {
    handed.computeIfAbsent(planned.chunk(), chunk -> new HashSet<>()).add(planned.place());
    receiver.chunk(planned.chunk(), ByteBuffer.wrap(sealed));
  }

  /** From whatever place still has it and wasn't handed over before. */
  private void readAlone(ChunkRef chunk, HoldfastException otherwise, Receiver receiver)
      throws InterruptedException {
    HoldfastException failure = otherwise;
    for (Place place : source.places(chunk)) {
      if (!handed.getOrDefault(chunk, Set.of()).contains(place)) {
        try {
          hand(new Planned(chunk, place), read(chunk, place), receiver);
          return;
        } catch (HoldfastException e) {
          failure = e;
        }
      }
    }
    receiver.failed(chunk, failure);
  }

  private static HoldfastException notThere(ChunkRef chunk) {
    return new HoldfastException(
        ErrorCode.CHUNK_NOT_FOUND,
        chunk + " is in no pack of this vault; look for it in another copy of the vault");
  }

  private static HoldfastException damaged(ChunkRef chunk, Place place) {
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        chunk
            + " is damaged in pack "
            + place.pack()
            + " at offset "
            + place.offset()
            + "; bring that pack back from another copy of the vault");
  }

  @Override
  public void close() {
    opener.close();
  }
}
