package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Where chunks lie and whom they count for. <em>Present</em> and <em>counts for a host</em> are two
 * tests, never mixed: marks and pulls ask the first, everything that rests a snapshot on a chunk
 * asks the second. What a host carries over from its own base is known to pages, not here.
 */
public final class ChunkQueries {
  private static final int SNAPSHOT_COPY = EntryKind.SNAPSHOT_COPY.number();

  private final Reads reads;
  private final PackCache packs;
  private final LossQueries losses;

  ChunkQueries(Reads reads, PackCache packs, LossQueries losses) {
    this.reads = reads;
    this.packs = packs;
    this.losses = losses;
  }

  /** Every location ever registered, oldest first, those no longer present included. */
  public List<Location> locations(ChunkRef ref) {
    try (Cursor cursor = reads.cursor(Families.INDEX)) {
      return all(cursor, Keys.indexPrefix(ref));
    }
  }

  /** Where copies of a snapshot's record ride in page packs, oldest first. */
  public List<Location> snapshotCopies(SnapshotId snapshot) {
    try (Cursor cursor = reads.cursor(Families.INDEX)) {
      return all(cursor, Keys.indexPrefix(SNAPSHOT_COPY, snapshot.value()));
    }
  }

  /** The bits of those {@code refs} of which some location is present. */
  public BitSet present(List<ChunkRef> refs) {
    return any(refs, Location::present);
  }

  /** The bits of those {@code refs} of which some location counts for {@code host}. */
  public BitSet counts(HostId host, List<ChunkRef> refs) {
    return any(refs, location -> location.countsFor(host));
  }

  /**
   * The location to read a chunk from for a snapshot of {@code host}: among those that count for it
   * the one in {@code near}, the pack just read from; else a proven one; else the oldest.
   */
  public Optional<Location> find(ChunkRef ref, HostId host, Optional<PackId> near) {
    Location best = null;
    for (Location location : locations(ref)) {
      if (location.countsFor(host) && rank(location, near) > rank(best, near)) {
        best = location;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Whether some location of {@code page} that counts for {@code host} carries a check, made for
   * that host, of all the page's references, and no loss has undone it since.
   */
  public boolean hasLiveCheck(ChunkRef page, HostId host) {
    return locations(page).stream()
        .anyMatch(at -> at.countsFor(host) && isCheckLive(at.pack(), at.entry(), host));
  }

  /**
   * Whether that very entry carries a live check for {@code host}; says nothing of its presence.
   */
  public boolean isCheckLive(PackId pack, int entry, HostId host) {
    Optional<byte[]> number = reads.get(Families.PACK_NUMBERS, pack.toByteArray());
    return number.isPresent() && isCheckLive(ByteBuffer.wrap(number.get()).getInt(), entry, host);
  }

  private boolean isCheckLive(int packNumber, int entry, HostId host) {
    byte[] prefix = Keys.pageChecks(packNumber, host);
    byte[] oldest = Keys.join(prefix, Keys.seq(losses.newestUndoing(host)));
    try (Cursor cursor = reads.cursor(Families.PAGE_CHECKS)) {
      for (boolean more = cursor.seek(prefix, oldest); more; more = cursor.next()) {
        if (BitSet.valueOf(cursor.value()).get(entry)) {
          return true;
        }
      }
      return false;
    }
  }

  private static int rank(Location location, Optional<PackId> near) {
    if (location == null) {
      return 0;
    }
    if (near.isPresent() && near.get().equals(location.pack())) {
      return 3;
    }
    return location.proven() ? 2 : 1;
  }

  /** Looks in the order of keys, so that neighbours share a block of the store. */
  private BitSet any(List<ChunkRef> refs, Predicate<Location> wanted) {
    BitSet found = new BitSet(refs.size());
    try (Cursor cursor = reads.cursor(Families.INDEX)) {
      IntStream.range(0, refs.size())
          .boxed()
          .sorted((left, right) -> refs.get(left).compareTo(refs.get(right)))
          .filter(i -> any(cursor, Keys.indexPrefix(refs.get(i)), wanted))
          .forEach(found::set);
    }
    return found;
  }

  private boolean any(Cursor cursor, byte[] prefix, Predicate<Location> wanted) {
    for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
      if (wanted.test(location(cursor))) {
        return true;
      }
    }
    return false;
  }

  private List<Location> all(Cursor cursor, byte[] prefix) {
    List<Location> locations = new ArrayList<>();
    for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
      locations.add(location(cursor));
    }
    return locations;
  }

  private Location location(Cursor cursor) {
    IndexRow row = IndexRow.of(cursor.key(), cursor.value());
    KnownPack known = packs.get(row.packNumber());
    return new Location(
        known.pack().id(),
        row.entry(),
        known.pack().owners().get(row.owner()),
        row.offset(),
        row.sealedLength(),
        row.plainLength(),
        row.crc32c(),
        known.state().isPresent(row.entry()),
        known.state().isProven(row.entry()),
        known.state().isChecked(row.entry()));
  }
}
