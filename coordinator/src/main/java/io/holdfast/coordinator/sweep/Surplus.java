package io.holdfast.coordinator.sweep;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.KnownPack;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.SweepQueries.IndexPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds second copies: locations of chunks that have a better one, as hosts leave them that first
 * back up the same content at once. The index is walked in its order, where they are neighbours.
 *
 * <ol>
 *   <li>I1: what stays is proven, so it counts for every host, whoever uploaded it.
 *   <li>I2: of all chunks that lie in the same packs the same pack's stay, so that whole packs get
 *       empty: the one of which most is live, of equals the oldest.
 * </ol>
 *
 * <p>One thread.
 */
final class Surplus {
  private static final int ROWS = 1 << 16;
  private static final int PACKS_MAX = 1 << 14;

  /** Locations of one chunk that are looked at; a faulty host may store it a million times. */
  private static final int LOCATIONS_MAX = 256;

  private static final int PERCENT = 100;

  /** A location that may go, and the one of the same chunk that stays. */
  record Copy(Location goes, Location stays) {}

  /** Told of each. */
  interface Visitor {
    void copy(Copy copy) throws InterruptedException;
  }

  /** What is known of a pack that holds copies. */
  private record Place(KnownPack known, long livePercent) {}

  private final SweepPorts ports;
  private final Mark mark;
  private final Time time;
  private final Map<PackId, Place> places =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PackId, Place> eldest) {
          return size() > PACKS_MAX;
        }
      };

  Surplus(SweepPorts ports, Mark mark) {
    this.ports = ports;
    this.mark = mark;
    this.time = ports.fleet().time();
  }

  /** Walks the whole index, a new view for each stretch, and tells what it finds. */
  void find(Visitor visitor) throws InterruptedException {
    Optional<IndexPlace> from = Optional.empty();
    do {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      long begin = time.nanos();
      List<Copy> found = new ArrayList<>();
      try (CatalogView view = ports.fleet().views().get()) {
        Set<HostId> busy = view.sweeps().hostsInSession();
        places.clear();
        from =
            view.sweeps()
                .severalPlaces(from, ROWS, chunk -> copies(chunk, busy, view).forEach(found::add));
      }
      for (Copy copy : found) {
        visitor.copy(copy);
      }
      if (ports.hostsMoveData().getAsBoolean()) {
        time.sleep(Duration.ofNanos(time.nanos() - begin)); // half of the time is the hosts'
      }
    } while (from.isPresent());
  }

  private Stream<Copy> copies(ChunkRef chunk, Set<HostId> busy, CatalogView view) {
    List<Location> present =
        view.chunks().locations(chunk).stream()
            .filter(Location::present)
            .limit(LOCATIONS_MAX)
            .toList();
    if (present.size() < 2) {
      return Stream.of();
    }
    Comparator<Location> better =
        Comparator.<Location>comparingLong(at -> place(at, view).livePercent())
            .thenComparingInt(at -> -place(at, view).known().pack().number())
            .thenComparingInt(at -> -at.entry());
    return present.stream()
        .filter(Location::proven) // I1
        .max(better) // I2
        .stream()
        .flatMap(stays ->
            present.stream()
                .filter(at -> !at.equals(stays) && mayGo(at, place(at, view).known(), busy))
                .map(goes -> new Copy(goes, stays)));
  }

  /** What the mark didn't meet is garbage, and no surplus. */
  private boolean mayGo(Location location, KnownPack known, Set<HostId> busy) {
    return known.pack().seq() <= mark.fence()
        && mark.isMarked(known.pack().number(), location.entry())
        && known.pack().owners().stream().noneMatch(busy::contains);
  }

  private Place place(Location location, CatalogView view) {
    Place place = places.get(location.pack());
    if (place == null) {
      KnownPack known = view.packs().find(location.pack()).orElseThrow();
      long sealed = Math.max(1, known.state().sealedBytes());
      place = new Place(known, view.sweeps().liveBytes(known) * PERCENT / sealed);
      places.put(location.pack(), place);
    }
    return place;
  }
}
