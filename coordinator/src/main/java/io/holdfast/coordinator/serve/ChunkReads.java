package io.holdfast.coordinator.serve;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.pack.Footers;
import io.holdfast.coordinator.pack.PackReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads chunks of many packs: planned by pack and offset, neighbours in one read, checked by CRC; a
 * bad location is reported and the chunk's other locations are tried. Any thread.
 */
public final class ChunkReads {
  /** Takes what was read, in pack order. */
  public interface Receiver {
    /**
     * A chunk, sealed.
     *
     * @param sealed its bytes, from position to limit of a buffer that has an array; they share
     *     that with their neighbours, so nothing may be written there
     * @param at where the bytes lie
     * @param references the clear references of a page, else empty
     */
    void chunk(ChunkRef chunk, ByteBuffer sealed, Location at, List<ChunkRef> references)
        throws InterruptedException;

    void failed(ChunkRef chunk, HoldfastException cause) throws InterruptedException;
  }

  private static final Logger LOG = LoggerFactory.getLogger(ChunkReads.class);

  private record Planned(ChunkRef chunk, Location location) {}

  private static final Comparator<Planned> PACK_ORDER =
      Comparator.comparing((Planned planned) -> planned.location().pack())
          .thenComparingInt(planned -> planned.location().offset());

  private final Supplier<CatalogView> views;
  private final PackReader packs;
  private final Footers footers;
  private final ReadMeter meter;

  public ChunkReads(
      Supplier<CatalogView> views, PackReader packs, Footers footers, ReadMeter meter) {
    this.views = views;
    this.packs = packs;
    this.footers = footers;
    this.meter = meter;
  }

  /** Hands every one of {@code chunks} to {@code receiver}, read or failed. */
  public void read(HostId host, List<ChunkRef> chunks, Receiver receiver)
      throws InterruptedException {
    read(host, chunks, UnopenedCopies.NONE, receiver);
  }

  /** As {@link #read}, from other places than those of {@code unopened}. */
  void read(HostId host, List<ChunkRef> chunks, UnopenedCopies unopened, Receiver receiver)
      throws InterruptedException {
    try (CatalogView view = views.get()) {
      List<Planned> plan = plan(host, chunks, unopened, view, receiver);
      int from = 0;
      while (from < plan.size()) {
        int to = endOfRun(plan, from);
        readRun(host, plan.subList(from, to), unopened, view, receiver);
        from = to;
      }
    }
  }

  private List<Planned> plan(
      HostId host,
      List<ChunkRef> chunks,
      UnopenedCopies unopened,
      CatalogView view,
      Receiver receiver)
      throws InterruptedException {
    List<Planned> plan = new ArrayList<>(chunks.size());
    Optional<PackId> near = Optional.empty();
    for (ChunkRef chunk : chunks) {
      boolean again = unopened.concern(chunk);
      Optional<Location> location =
          again ? another(host, chunk, unopened, view) : view.chunks().find(chunk, host, near);
      if (location.isEmpty()) {
        receiver.failed(chunk, again ? noneOpens(chunk) : notThere(chunk));
      } else {
        plan.add(new Planned(chunk, location.get()));
        near = Optional.of(location.get().pack());
      }
    }
    plan.sort(PACK_ORDER);
    return plan;
  }

  /** Tells of the copies that don't open, and finds one that wasn't served yet. */
  private Optional<Location> another(
      HostId host, ChunkRef chunk, UnopenedCopies unopened, CatalogView view) {
    List<Location> counting =
        view.chunks().locations(chunk).stream().filter(at -> at.countsFor(host)).toList();
    counting.stream()
        .filter(at -> unopened.contain(chunk, at))
        .forEach(at -> {
          meter.unopened();
          LOG.warn(
              "a reader of host {}'s snapshot says that {} in pack {} at offset {} does not open;"
                  + " run `holdfast verify --level proven` to know",
              host,
              chunk,
              at.pack(),
              at.offset());
        });
    return counting.stream().filter(at -> !unopened.contain(chunk, at)).findFirst();
  }

  /** As many neighbours as one read may take. */
  private static int endOfRun(List<Planned> plan, int from) {
    Location first = plan.get(from).location();
    int to = from + 1;
    while (to < plan.size()) {
      Location before = plan.get(to - 1).location();
      Location next = plan.get(to).location();
      long gap = next.offset() - ((long) before.offset() + before.sealedLength());
      long span = (long) next.offset() + next.sealedLength() - first.offset();
      if (!next.pack().equals(first.pack())
          || gap > PackReader.GAP_BYTES
          || span > PackReader.RUN_BYTES) {
        return to;
      }
      to++;
    }
    return to;
  }

  private void readRun(
      HostId host, List<Planned> run, UnopenedCopies unopened, CatalogView view, Receiver receiver)
      throws InterruptedException {
    Location first = run.getFirst().location();
    Location last = run.getLast().location();
    int length = last.offset() + last.sealedLength() - first.offset();
    byte[] bytes;
    try {
      bytes = packs.read(first.pack(), first.offset(), length);
    } catch (HoldfastException e) {
      for (Planned planned : run) {
        elsewhere(host, planned, e, unopened, view, receiver);
      }
      return;
    }
    for (Planned planned : run) {
      Location at = planned.location();
      int offset = at.offset() - first.offset();
      if (PackReader.crc32c(bytes, offset, at.sealedLength()) == at.crc32c()) {
        deliver(planned, ByteBuffer.wrap(bytes, offset, at.sealedLength()), view, receiver);
      } else {
        meter.damaged();
        elsewhere(host, planned, damaged(planned), unopened, view, receiver);
      }
    }
  }

  private void deliver(Planned planned, ByteBuffer sealed, CatalogView view, Receiver receiver)
      throws InterruptedException {
    meter.served(sealed.remaining());
    Location at = planned.location();
    List<ChunkRef> references =
        planned.chunk().kind() == ChunkKind.PAGE
            ? Footers.references(footers.get(at.pack(), view), at.entry())
            : List.of();
    receiver.chunk(planned.chunk(), sealed, at, references);
  }

  /** Tries the chunk's other locations, one by one. */
  private void elsewhere(
      HostId host,
      Planned failed,
      HoldfastException cause,
      UnopenedCopies unopened,
      CatalogView view,
      Receiver receiver)
      throws InterruptedException {
    for (Location at : view.chunks().locations(failed.chunk())) {
      boolean other = !at.equals(failed.location()) && !unopened.contain(failed.chunk(), at);
      if (at.countsFor(host) && other) {
        try {
          byte[] sealed = packs.read(at.pack(), at.offset(), at.sealedLength());
          if (PackReader.crc32c(sealed, 0, sealed.length) == at.crc32c()) {
            deliver(new Planned(failed.chunk(), at), ByteBuffer.wrap(sealed), view, receiver);
            return;
          }
          meter.damaged();
        } catch (HoldfastException e) {
          cause.addSuppressed(e);
        }
      }
    }
    receiver.failed(failed.chunk(), cause);
  }

  private static HoldfastException notThere(ChunkRef chunk) {
    return new HoldfastException(
        ErrorCode.CHUNK_NOT_FOUND,
        chunk
            + " is not in the vault any more; restore another snapshot of this file, or run a"
            + " backup of the host, which stores it again if the host still has it");
  }

  private static HoldfastException noneOpens(ChunkRef chunk) {
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        "no copy of "
            + chunk
            + " opens; run `holdfast verify --level proven`, then a backup of the host, which"
            + " stores it again if the host still has it");
  }

  private static HoldfastException damaged(Planned planned) {
    Location at = planned.location();
    return new HoldfastException(
        ErrorCode.CHUNK_CORRUPT,
        planned.chunk()
            + " is damaged in pack "
            + at.pack()
            + " at offset "
            + at.offset()
            + " and has no other copy; run `holdfast verify`, then a backup of the host");
  }
}
