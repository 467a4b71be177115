package io.holdfast.coordinator.recovery;

import io.holdfast.common.entry.Reference;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.sealing.ChunkKey;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.snapshot.SnapshotContent;
import io.holdfast.coordinator.pack.PackReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * A snapshot's pages and chunks, straight out of packs: neighbours in one read, each checked by its
 * CRC-32C, and from another place where one fails. One thread.
 */
final class VaultContent implements SnapshotContent {
  /** Open pages kept: the way down to a leaf, and some leaves. */
  private static final int PAGES_KEPT = 32;

  private record Planned(ChunkRef chunk, Place place) {}

  private final SnapshotSource source;
  private final PackReader packs;
  private final ChunkOpener opener;
  private final LinkedHashMap<Reference, byte[]> pages =
      new LinkedHashMap<>(PAGES_KEPT, 0.75f, true);

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
        readAlone(planned, receiver);
      }
      return;
    }
    for (Planned planned : run) {
      int at = planned.place().offset() - first.offset();
      int length = planned.place().sealedLength();
      if (PackReader.crc32c(bytes, at, length) == planned.place().crc32c()) {
        receiver.chunk(planned.chunk(), Arrays.copyOfRange(bytes, at, at + length));
      } else {
        readAlone(planned, receiver);
      }
    }
  }

  /** From whatever place still has it. */
  private void readAlone(Planned planned, Receiver receiver) throws InterruptedException {
    HoldfastException failure = null;
    for (Place place : source.places(planned.chunk())) {
      try {
        receiver.chunk(planned.chunk(), read(planned.chunk(), place));
        return;
      } catch (HoldfastException e) {
        failure = e;
      }
    }
    receiver.failed(planned.chunk(), failure == null ? notThere(planned.chunk()) : failure);
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
