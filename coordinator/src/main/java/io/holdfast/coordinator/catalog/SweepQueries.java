package io.holdfast.coordinator.catalog;

import com.google.common.primitives.ImmutableLongArray;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.SweepCompleted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What sweeps go by. */
public final class SweepQueries {
  /** Packs that one mutation may condemn entries of. */
  public static final int PACKS_MAX = SweepChanges.PACKS_MAX;

  /** Packs that one Condemn of second copies may name. */
  public static final int SURPLUS_PACKS_MAX = SurplusChanges.PACKS_MAX;

  /** Names that one mutation may give up, or delete. */
  public static final int NAMES_MAX = NameChanges.NAMES_MAX;

  /** Entries that it may hold. */
  public static final int SURPLUS_ENTRIES_MAX = SurplusChanges.ENTRIES_MAX;

  private static final byte[] ALL = {};

  /**
   * A root to follow.
   *
   * @param seq of its commit, or of its drop
   * @param page id of its page
   */
  public record Root(long seq, SnapshotId snapshot, HostId host, Bytes32 page) {}

  /**
   * A pack some of whose entries are condemned.
   *
   * @param seq of the newest record that condemned any
   * @param timeMillis of that record
   * @param condemnedBytes sealed bytes of all that are
   * @param surplusBytes of those, what second copies took
   */
  public record CondemnedPack(
      KnownPack known, long seq, long timeMillis, long condemnedBytes, long surplusBytes) {
    public boolean isWhole() {
      return known.state().condemnedEntries() == known.pack().entries();
    }
  }

  /** What may still be condemned by approval, in sealed bytes. */
  public record Approval(long bytes, long validUntilMillis) {}

  /** How the last sweep ended, and when. */
  public record LastSweep(long timeMillis, SweepCompleted completed) {}

  private final Reads reads;

  SweepQueries(Reads reads) {
    this.reads = reads;
  }

  /** Hands out the roots of what is kept that were committed after {@code seq}, in order. */
  public void rootsAfter(long seq, Consumer<Root> visitor) {
    roots(Families.ROOT_ORDER, Keys.seq(seq + 1), visitor);
  }

  /** Whether {@code snapshot} is live, or can be had back. */
  public boolean isKept(SnapshotId snapshot) {
    byte[] id = snapshot.toByteArray();
    return reads.get(Families.SNAPSHOTS, id).isPresent()
        || reads.get(Families.DELETED_SNAPSHOTS, id).isPresent();
  }

  /** Hands out roots that the two newest checkpoints may hold though they were dropped since. */
  public void droppedRoots(Consumer<Root> visitor) {
    roots(Families.DROPPED_ROOTS, ALL, visitor);
  }

  /** Hands out the roots of {@code host} that those records committed and that are still kept. */
  public void rootsOf(HostId host, ImmutableLongArray commits, Consumer<Root> visitor) {
    try (Cursor cursor = reads.cursor(Families.ROOT_ORDER)) {
      for (int i = 0; i < commits.length(); i++) {
        byte[] commit = Keys.seq(commits.get(i));
        for (boolean more = cursor.seek(commit); more; more = cursor.next()) {
          Root root = root(cursor);
          if (root.host().equals(host)) {
            visitor.accept(root);
          }
        }
      }
    }
  }

  private void roots(Family family, byte[] from, Consumer<Root> visitor) {
    try (Cursor cursor = reads.cursor(family)) {
      for (boolean more = cursor.seek(ALL, from); more; more = cursor.next()) {
        visitor.accept(root(cursor));
      }
    }
  }

  private static Root root(Cursor cursor) {
    ByteBuffer key = ByteBuffer.wrap(cursor.key());
    byte[] value = cursor.value();
    return new Root(
        key.getLong(),
        new SnapshotId(Bytes32.get(key)),
        HostId.of(Arrays.copyOf(value, 16)),
        Bytes32.read(value, 16));
  }

  /** Hosts that have a backup session open. */
  public Set<HostId> hostsInSession() {
    return pins().hosts();
  }

  /** Seq at which the oldest open session or restore that reads a snapshot began. */
  public long oldestPin() {
    return pins().oldest();
  }

  private Pins pins() {
    return Pins.of(this::keys, reads::get);
  }

  private List<byte[]> keys(Family family) {
    List<byte[]> keys = new ArrayList<>();
    try (Cursor cursor = reads.cursor(family)) {
      for (boolean more = cursor.seek(ALL); more; more = cursor.next()) {
        keys.add(cursor.key());
      }
    }
    return keys;
  }

  /**
   * Walks the places of chunks: for each of {@code chunks} the pack number and entry of every
   * location that there ever was, condemned and lost ones too. In the order of keys it is fast.
   */
  public void places(List<ChunkRef> chunks, PlaceVisitor visitor) {
    places(chunks.size(), which -> Keys.indexPrefix(chunks.get(which)), visitor);
  }

  /**
   * As the other one, for very many.
   *
   * @param stored gives each chunk in its stored form ({@link ChunkRef#LENGTH} bytes): kind and id
   */
  public void places(int count, IntFunction<byte[]> stored, PlaceVisitor visitor) {
    try (Cursor cursor = reads.cursor(Families.INDEX)) {
      for (int which = 0; which < count; which++) {
        byte[] prefix = stored.apply(which);
        for (boolean more = cursor.seek(prefix); more; more = cursor.next()) {
          ByteBuffer key = ByteBuffer.wrap(cursor.key(), Keys.INDEX_PREFIX_BYTES, 8);
          visitor.visit(which, key.getInt(), key.getInt());
        }
      }
    }
  }

  /** Walks the places of chunks, as the other ones, and tells how much lies there. */
  public void sizedPlaces(List<ChunkRef> chunks, SizedPlaceVisitor visitor) {
    sizedPlaces(chunks.size(), which -> Keys.indexPrefix(chunks.get(which)), visitor);
  }

  /** As the other one, for very many, in their stored form. */
  public void sizedPlaces(int count, IntFunction<byte[]> stored, SizedPlaceVisitor visitor) {
    try (Cursor cursor = reads.cursor(Families.INDEX)) {
      for (int which = 0; which < count; which++) {
        for (boolean more = cursor.seek(stored.apply(which)); more; more = cursor.next()) {
          IndexRow row = IndexRow.of(cursor.key(), cursor.value());
          visitor.visit(row.packNumber(), row.entry(), row.sealedLength());
        }
      }
    }
  }

  /** Walks the places of the copies of snapshots' records. */
  public void sizedCopies(List<SnapshotId> snapshots, SizedPlaceVisitor visitor) {
    int kind = EntryKind.SNAPSHOT_COPY.number();
    sizedPlaces(
        snapshots.size(), which -> Keys.indexPrefix(kind, snapshots.get(which).value()), visitor);
  }

  /** Told where something lies, and how long its sealed bytes are. */
  @FunctionalInterface
  public interface SizedPlaceVisitor {
    void visit(int packNumber, int entry, int sealedLength);
  }

  /** Where a walk over the index goes on. */
  public static final class IndexPlace {
    private final byte[] key;

    private IndexPlace(byte[] key) {
      this.key = key;
    }
  }

  /**
   * Walks the index in its order, from {@code from} or its beginning on, over some {@code rows}
   * rows, and hands out each chunk that has more than one location, whatever became of them.
   *
   * @return where to go on; empty at the end
   */
  public Optional<IndexPlace> severalPlaces(
      Optional<IndexPlace> from, int rows, Consumer<ChunkRef> visitor) {
    byte[] first = from.map(place -> place.key).orElse(ALL);
    try (Cursor cursor = reads.cursor(Families.INDEX)) {
      byte[] before = ALL;
      boolean isHandedOut = false;
      int row = 0;
      for (boolean more = cursor.seek(ALL, first); more; more = cursor.next()) {
        byte[] key = cursor.key();
        if (Keys.isSnapshotCopy(key)) {
          return Optional.empty(); // they come last
        }
        if (!Keys.isSameChunk(before, key)) {
          if (row >= rows) {
            return Optional.of(new IndexPlace(key));
          }
          isHandedOut = false;
        } else if (!isHandedOut) {
          visitor.accept(Keys.chunkOf(key));
          isHandedOut = true;
        }
        before = key;
        row++;
      }
      return Optional.empty();
    }
  }

  /** Sealed bytes of a pack that aren't condemned. */
  public long liveBytes(KnownPack known) {
    long condemned =
        reads
            .get(Families.CONDEMNED_PACKS, Keys.number(known.pack().number()))
            .map(row -> CondemnedRow.of(row).sealedBytes())
            .orElse(0L);
    return known.state().sealedBytes() - condemned;
  }

  /** Told where a chunk lies. */
  @FunctionalInterface
  public interface PlaceVisitor {
    /**
     * One place.
     *
     * @param which position of the chunk among those asked for
     */
    void visit(int which, int packNumber, int entry);
  }

  /** A pack by its number, which some row names. */
  public KnownPack pack(int number) {
    return KnownPack.get(reads::get, number);
  }

  /** Condemned packs whose numbers are {@code firstNumber} or higher, at most {@code limit}. */
  public List<CondemnedPack> condemned(int firstNumber, int limit) {
    List<CondemnedPack> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.CONDEMNED_PACKS)) {
      for (boolean more = cursor.seek(ALL, Keys.number(firstNumber));
          more && found.size() < limit;
          more = cursor.next()) {
        int number = ByteBuffer.wrap(cursor.key()).getInt();
        CondemnedRow row = CondemnedRow.of(cursor.value());
        found.add(
            new CondemnedPack(
                KnownPack.get(reads::get, number),
                row.seq(),
                row.timeMillis(),
                row.sealedBytes(),
                row.surplusBytes()));
      }
    }
    return found;
  }

  /** Seq of the newest commit, page pack or rewrite; 0 if there was none. */
  public long edgesChangedSeq() {
    return seq(Keys.EDGES_CHANGED);
  }

  /** Seq of the newest loss, whomever it concerns; 0 if there was none. */
  public long lossSeq() {
    return seq(Keys.LOSS_RECORDED);
  }

  /** Seq of the older of the two newest checkpoints; 0 if there are fewer. */
  public long olderOfTwoCheckpoints() {
    return CheckpointMark.olderOfTwo(keys(Families.CHECKPOINTS));
  }

  /** Whether that name of a pack was given up. */
  public Optional<VoidName> voidName(PackId pack) {
    return reads.get(Families.VOID_NAMES, pack.toByteArray()).map(VoidName::of);
  }

  /** Whether the journal was ever rolled back: packs may be there that what is void registered. */
  public boolean wasRolledBack() {
    return seq(Keys.ROLLED_BACK) > 0;
  }

  public Optional<Approval> approval() {
    return reads
        .get(Families.META, Keys.SWEEP_APPROVAL)
        .map(ByteBuffer::wrap)
        .map(row -> new Approval(row.getLong(), row.getLong()));
  }

  public Optional<LastSweep> lastSweep() {
    return reads
        .get(Families.META, Keys.LAST_SWEEP)
        .map(Recorded::of)
        .map(recorded ->
            new LastSweep(recorded.timeMillis(), recorded.change().getSweepCompleted()));
  }

  private long seq(byte[] key) {
    return reads.get(Families.META, key).map(row -> ByteBuffer.wrap(row).getLong()).orElse(0L);
  }
}
