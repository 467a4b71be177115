package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The snapshots. Live ones unless it says otherwise: a deleted one counts for nothing, though what
 * it needs is kept until it is dropped. Lists are bounded by the caller's limit, which is at least
 * 1.
 */
public final class SnapshotQueries {
  private static final int HOST_AND_TIME_BYTES = 24;
  private static final int SNAPSHOT_BYTES = 32;
  private static final int HOST_BYTES = 16;
  private static final int HOST_AND_SET_BYTES = 48;
  private static final int PLACE_BYTES = HOST_AND_SET_BYTES + Long.BYTES;

  private final Reads reads;

  SnapshotQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<StoredSnapshot> find(SnapshotId id) {
    return reads
        .get(Families.SNAPSHOTS, id.toByteArray())
        .map(row -> snapshot(id, Recorded.of(row)));
  }

  /**
   * What a run committed, if it did, whatever became of it. Of one that was dropped there is left
   * who and when, its root, its totals, and nothing that opens it.
   */
  public Optional<StoredSnapshot> ofRun(HostId host, RunId run) {
    return reads.get(Families.RUNS, Keys.run(host, run)).map(row -> ever(SnapshotId.of(row)));
  }

  private StoredSnapshot ever(SnapshotId id) {
    return findKept(id)
        .map(KeptSnapshot::stored)
        .or(() -> dropped(id))
        .orElseThrow(() -> missing(id));
  }

  private Optional<StoredSnapshot> dropped(SnapshotId id) {
    return reads
        .get(Families.TOMBSTONES, id.toByteArray())
        .map(row -> snapshot(id, Recorded.of(row)));
  }

  /** Whether {@code id} was here once and was dropped: it never comes back. */
  public boolean isDropped(SnapshotId id) {
    return reads.get(Families.TOMBSTONES, id.toByteArray()).isPresent();
  }

  /** The newest snapshot of one source set of one host: the base of its next backup. */
  public Optional<StoredSnapshot> latest(HostId host, Bytes32 sourceSet) {
    try (Cursor cursor = reads.cursor(Families.SOURCE_SETS)) {
      boolean more = cursor.seek(Keys.sourceSet(host, sourceSet));
      for (; more; more = cursor.next()) {
        Optional<StoredSnapshot> live = find(SnapshotId.read(cursor.key(), PLACE_BYTES));
        if (live.isPresent()) {
          return live;
        }
      }
    }
    return Optional.empty();
  }

  /** Snapshots of {@code host} from {@code fromMillis} on, oldest first, at most {@code limit}. */
  public List<StoredSnapshot> ofHost(HostId host, long fromMillis, int limit) {
    List<SnapshotId> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.SNAPSHOT_ORDER)) {
      boolean more = cursor.seek(host.toByteArray(), Keys.order(host, fromMillis));
      for (; more && found.size() < limit; more = cursor.next()) {
        found.add(SnapshotId.read(cursor.key(), HOST_AND_TIME_BYTES));
      }
    }
    return all(found);
  }

  /** Those the catalog lists, in the order of {@code ids}. */
  private List<StoredSnapshot> all(List<SnapshotId> ids) {
    List<byte[]> keys = ids.stream().map(SnapshotId::toByteArray).toList();
    List<Optional<byte[]>> rows = reads.multiGet(Families.SNAPSHOTS, keys);
    List<Optional<RecordedProof>> proofs = new ProofQueries(reads).ofSnapshots(keys);
    List<StoredSnapshot> all = new ArrayList<>(ids.size());
    for (int i = 0; i < ids.size(); i++) {
      SnapshotId id = ids.get(i);
      byte[] row = rows.get(i).orElseThrow(() -> missing(id));
      all.add(snapshot(id, Recorded.of(row), proofs.get(i)));
    }
    return all;
  }

  /**
   * The {@code limit} newest snapshots of {@code host}, or of all, oldest first. Looks at the
   * newest of each source set, and at others only as far as they may be among them.
   */
  public List<StoredSnapshot> newest(Optional<HostId> host, int limit) {
    byte[] prefix = host.map(HostId::toByteArray).orElseGet(() -> new byte[0]);
    PriorityQueue<StoredSnapshot> newest =
        new PriorityQueue<>(
            Comparator.comparingLong(StoredSnapshot::seq).thenComparing(StoredSnapshot::id));
    try (Cursor cursor = reads.cursor(Families.SOURCE_SETS)) {
      boolean more = cursor.seek(prefix);
      while (more) {
        byte[] place = cursor.key();
        if (newest.size() == limit && seqAt(place) < newest.element().seq()) {
          more = cursor.seek(prefix, Keys.endOf(Arrays.copyOf(place, HOST_AND_SET_BYTES)));
        } else {
          find(SnapshotId.read(place, PLACE_BYTES)).ifPresent(newest::add);
          if (newest.size() > limit) {
            newest.remove();
          }
          more = cursor.next();
        }
      }
    }
    return newest.stream().sorted(newest.comparator()).toList();
  }

  private static long seqAt(byte[] place) {
    return ~ByteBuffer.wrap(place).getLong(HOST_AND_SET_BYTES);
  }

  /**
   * Snapshots whose id begins with {@code hexDigits}, in the order of ids, at most {@code limit}.
   * INVALID_ARGUMENT if they aren't lower-case hexadecimal digits.
   */
  public List<StoredSnapshot> withPrefix(String hexDigits, int limit) {
    IdPrefix prefix = IdPrefix.of(hexDigits, "snapshot", SNAPSHOT_BYTES);
    List<StoredSnapshot> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.SNAPSHOTS)) {
      boolean more = cursor.seek(prefix.key());
      for (; more && found.size() < limit; more = cursor.next()) {
        SnapshotId id = SnapshotId.of(cursor.key());
        if (prefix.fits(id)) {
          found.add(snapshot(id, Recorded.of(cursor.value())));
        }
      }
    }
    return found;
  }

  /** Hands every snapshot to {@code visitor}, in the order of ids. */
  public void forEach(Consumer<StoredSnapshot> visitor) {
    try (Cursor cursor = reads.cursor(Families.SNAPSHOTS)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        visitor.accept(snapshot(SnapshotId.of(cursor.key()), Recorded.of(cursor.value())));
      }
    }
  }

  // Deleted ones too.

  /** One that is live or can be had back. */
  public Optional<KeptSnapshot> findKept(SnapshotId id) {
    Optional<StoredSnapshot> live = find(id);
    return live.isPresent()
        ? live.map(stored -> new KeptSnapshot(stored, Optional.empty(), undeleted(stored)))
        : reads.get(Families.DELETED_SNAPSHOTS, id.toByteArray()).map(row -> deleted(id, row));
  }

  private KeptSnapshot deleted(SnapshotId id, byte[] row) {
    DeletedRow deleted = DeletedRow.of(row);
    return new KeptSnapshot(
        snapshot(id, deleted.recorded()), Optional.of(deleted.deletion()), OptionalLong.empty());
  }

  private OptionalLong undeleted(StoredSnapshot stored) {
    Bytes32 sourceSet = Bytes32.of(stored.committed().getSourceSet().toByteArray());
    byte[] place = Keys.sourceSet(stored.host(), sourceSet, stored.seq(), stored.id());
    return reads
        .get(Families.SOURCE_SETS, place)
        .filter(row -> row.length > 0)
        .map(row -> OptionalLong.of(ByteBuffer.wrap(row).getLong()))
        .orElse(OptionalLong.empty());
  }

  /**
   * Hands every snapshot that is live or can be had back to {@code visitor}: all whose chunks are
   * kept. The live ones first, in the order of ids.
   */
  public void forEachKept(Consumer<StoredSnapshot> visitor) {
    forEach(visitor);
    try (Cursor cursor = reads.cursor(Families.DELETED_SNAPSHOTS)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        visitor.accept(deleted(SnapshotId.of(cursor.key()), cursor.value()).stored());
      }
    }
  }

  /** As {@link #withPrefix}, of those that are deleted and can be had back. */
  public List<KeptSnapshot> deletedWithPrefix(String hexDigits, int limit) {
    IdPrefix prefix = IdPrefix.of(hexDigits, "snapshot", SNAPSHOT_BYTES);
    List<KeptSnapshot> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.DELETED_SNAPSHOTS)) {
      boolean more = cursor.seek(prefix.key());
      for (; more && found.size() < limit; more = cursor.next()) {
        SnapshotId id = SnapshotId.of(cursor.key());
        if (prefix.fits(id)) {
          found.add(deleted(id, cursor.value()));
        }
      }
    }
    return found;
  }

  /** The source sets of which {@code host} has any that is live or can be had back. */
  public List<Bytes32> sourceSets(HostId host) {
    List<Bytes32> found = new ArrayList<>();
    byte[] prefix = host.toByteArray();
    try (Cursor cursor = reads.cursor(Families.SOURCE_SETS)) {
      boolean more = cursor.seek(prefix);
      while (more) {
        byte[] set = Arrays.copyOfRange(cursor.key(), HOST_BYTES, HOST_AND_SET_BYTES);
        found.add(Bytes32.of(set));
        more = cursor.seek(prefix, Keys.endOf(host, Bytes32.of(set)));
      }
    }
    return found;
  }

  /**
   * Hands those of one source set that are live or can be had back to {@code visitor}, the newest
   * first.
   */
  public void forEachOfSourceSet(HostId host, Bytes32 sourceSet, Consumer<KeptSnapshot> visitor) {
    try (Cursor cursor = reads.cursor(Families.SOURCE_SETS)) {
      boolean more = cursor.seek(Keys.sourceSet(host, sourceSet));
      for (; more; more = cursor.next()) {
        SnapshotId id = SnapshotId.read(cursor.key(), PLACE_BYTES);
        visitor.accept(findKept(id).orElseThrow(() -> missing(id)));
      }
    }
  }

  /**
   * Hands those of one source set that were committed by the record {@code throughSeq} or before,
   * and are live or can be had back, to {@code visitor}, the newest first, until that is the one it
   * looked for.
   */
  public Optional<KeptSnapshot> newestOfSourceSet(
      HostId host, Bytes32 sourceSet, long throughSeq, Predicate<KeptSnapshot> visitor) {
    try (Cursor cursor = reads.cursor(Families.SOURCE_SETS)) {
      byte[] set = Keys.sourceSet(host, sourceSet);
      boolean more = cursor.seek(set, Keys.sourceSet(host, sourceSet, throughSeq));
      for (; more; more = cursor.next()) {
        SnapshotId id = SnapshotId.read(cursor.key(), PLACE_BYTES);
        KeptSnapshot kept = findKept(id).orElseThrow(() -> missing(id));
        if (visitor.test(kept)) {
          return Optional.of(kept);
        }
      }
    }
    return Optional.empty();
  }

  private static HoldfastException missing(SnapshotId id) {
    return new HoldfastException(
        ErrorCode.CATALOG_DAMAGED,
        "the catalog lists snapshot " + id + " but has no row of it; rebuild it");
  }

  private StoredSnapshot snapshot(SnapshotId id, Recorded row) {
    return snapshot(id, row, new ProofQueries(reads).ofSnapshot(id));
  }

  private static StoredSnapshot snapshot(
      SnapshotId id, Recorded row, Optional<RecordedProof> lastProof) {
    SnapshotCommitted committed = row.change().getSnapshotCommitted();
    return new StoredSnapshot(
        id,
        Fields.host(committed.getHost()),
        row.seq(),
        row.timeMillis(),
        committed,
        row.mutation(),
        lastProof);
  }
}
