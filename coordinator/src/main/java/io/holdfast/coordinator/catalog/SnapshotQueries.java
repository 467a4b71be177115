package io.holdfast.coordinator.catalog;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.coordinator.catalog.store.Reads;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The snapshots. Lists are bounded by the caller's limit, which is at least 1. */
public final class SnapshotQueries {
  private static final int HOST_AND_TIME_BYTES = 24;
  private static final int SNAPSHOT_BYTES = 32;
  private static final ProofLevel UNPROVEN = ProofLevel.PROOF_LEVEL_UNSPECIFIED;

  private final Reads reads;

  SnapshotQueries(Reads reads) {
    this.reads = reads;
  }

  public Optional<StoredSnapshot> find(SnapshotId id) {
    return reads
        .get(Families.SNAPSHOTS, id.toByteArray())
        .map(row -> snapshot(id, Recorded.of(row)));
  }

  /** What a run committed, if it did. */
  public Optional<StoredSnapshot> ofRun(HostId host, RunId run) {
    return named(Families.RUNS, Keys.run(host, run));
  }

  /** The newest snapshot of one source set of one host: the base of its next backup. */
  public Optional<StoredSnapshot> latest(HostId host, Bytes32 sourceSet) {
    return named(Families.LATEST, Keys.latest(host, sourceSet));
  }

  /** Snapshots of {@code host} from {@code fromMillis} on, oldest first, at most {@code limit}. */
  public List<StoredSnapshot> ofHost(HostId host, long fromMillis, int limit) {
    List<StoredSnapshot> found = new ArrayList<>();
    try (Cursor cursor = reads.cursor(Families.SNAPSHOT_ORDER)) {
      boolean more = cursor.seek(host.toByteArray(), Keys.order(host, fromMillis));
      for (; more && found.size() < limit; more = cursor.next()) {
        found.add(get(SnapshotId.read(cursor.key(), HOST_AND_TIME_BYTES)));
      }
    }
    return found;
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

  private Optional<StoredSnapshot> named(Family family, byte[] key) {
    return reads.get(family, key).map(row -> get(SnapshotId.of(row)));
  }

  private StoredSnapshot get(SnapshotId id) {
    return find(id)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.CATALOG_DAMAGED,
                "the catalog lists snapshot " + id + " but has no row of it; rebuild it"));
  }

  private StoredSnapshot snapshot(SnapshotId id, Recorded row) {
    SnapshotCommitted committed = row.change().getSnapshotCommitted();
    Optional<byte[]> proof = reads.get(Families.SNAPSHOT_PROOFS, id.toByteArray());
    return new StoredSnapshot(
        id,
        Fields.host(committed.getHost()),
        row.seq(),
        row.timeMillis(),
        committed,
        row.mutation(),
        proof.map(level -> ProofLevel.forNumber(level[0])).orElse(UNPROVEN),
        proof.map(level -> ByteBuffer.wrap(level).getLong(1)).orElse(0L));
  }
}
