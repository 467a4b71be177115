package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.coordinator.catalog.store.Cursor;
import io.holdfast.coordinator.catalog.store.KeyValueStore;
import io.holdfast.coordinator.catalog.store.StoreView;
import io.holdfast.proto.stored.v1.KeyRingWritten;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The catalog as it was after one record: all answers of one view agree with each other, whatever
 * is applied meanwhile, and {@link #appliedSeq} says which record it was. For one thread; held for
 * one operation and closed by its creator. Reading errors are IO, damage found on the way
 * CATALOG_DAMAGED.
 */
public final class CatalogView implements AutoCloseable {
  private final StoreView store;
  private final LossQueries losses;
  private final ChunkQueries chunks;

  private CatalogView(StoreView store) {
    this.store = store;
    this.losses = new LossQueries(store);
    this.chunks = new ChunkQueries(store, new PackCache(store), losses);
  }

  /** A view of the catalog in {@code store}, which stays the caller's. */
  public static CatalogView of(KeyValueStore store) {
    return new CatalogView(store.view());
  }

  /** The last record applied; empty before genesis. */
  public Optional<CatalogHead> head() {
    return store.get(Families.META, Keys.HEAD).map(CatalogHead::of);
  }

  /** Seq of the last record applied; 0 before genesis. */
  public long appliedSeq() {
    return head().map(CatalogHead::seq).orElse(0L);
  }

  /** What the journal wanted kept with the last record; empty before genesis. */
  public Optional<ByteString> journalState() {
    return store.get(Families.META, Keys.JOURNAL_STATE).map(ByteString::copyFrom);
  }

  /** What genesis said; UNAVAILABLE before it. */
  public RepositoryIdentity repository() {
    return store
        .get(Families.META, Keys.REPOSITORY)
        .map(RepositoryIdentity::of)
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.UNAVAILABLE,
                "the catalog has applied no record yet; wait until it has read the journal"));
  }

  public CatalogTotals totals() {
    return store
        .get(Families.META, Keys.TOTALS)
        .map(CatalogTotals::of)
        .orElse(CatalogTotals.none());
  }

  /** The newest key ring, if one was written. */
  public Optional<KeyRingWritten> keyRing() {
    return store
        .get(Families.META, Keys.KEY_RING)
        .map(row -> Recorded.of(row).change().getKeyRingWritten());
  }

  /** Number of the master key under which the keys at rest are sealed. */
  public int masterNumber() {
    return store
        .get(Families.META, Keys.MASTER)
        .map(row -> Recorded.of(row).change().getMasterReplaced().getNumber())
        .orElse(1);
  }

  /** How often another coordinator than before began to lead, since genesis. */
  public long leaderChanges() {
    return store.get(Families.META, Keys.LEADER).map(LeaderChanges::count).orElse(0L);
  }

  /** Checkpoints that the journal names, oldest first. */
  public List<CheckpointMark> checkpoints() {
    List<CheckpointMark> marks = new ArrayList<>();
    try (Cursor cursor = store.cursor(Families.CHECKPOINTS)) {
      for (boolean more = cursor.seek(new byte[0]); more; more = cursor.next()) {
        marks.add(CheckpointMark.of(cursor.key(), cursor.value()));
      }
    }
    return marks;
  }

  public ChunkQueries chunks() {
    return chunks;
  }

  public LossQueries losses() {
    return losses;
  }

  public ProofQueries proofs() {
    return new ProofQueries(store);
  }

  public PackQueries packs() {
    return new PackQueries(store);
  }

  public SnapshotQueries snapshots() {
    return new SnapshotQueries(store);
  }

  public JobQueries jobs() {
    return new JobQueries(store);
  }

  public RetentionQueries retention() {
    return new RetentionQueries(store);
  }

  public SweepQueries sweeps() {
    return new SweepQueries(store);
  }

  public PolicyQueries policies() {
    return new PolicyQueries(store);
  }

  public PeopleQueries people() {
    return new PeopleQueries(store);
  }

  public ApprovalQueries approvals() {
    return new ApprovalQueries(store);
  }

  public AuditQueries audits() {
    return new AuditQueries(store);
  }

  public FleetQueries fleet() {
    return new FleetQueries(store);
  }

  /**
   * SHA-256 over everything the catalog holds: equal for any two that applied the same records,
   * however often they were stopped, rebuilt or restored. Reads all of it.
   */
  public Bytes32 digest() {
    return CatalogDigest.of(store);
  }

  @Override
  public void close() {
    store.close();
  }
}
