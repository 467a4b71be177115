package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.store.Family;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotUndeleted;
import io.holdfast.proto.stored.v1.SnapshotsDeleted;
import io.holdfast.proto.stored.v1.SnapshotsDropped;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Effects of deletions, their undo, and drops (proto/decisions/0007). What whoever decided relied
 * on is looked at again here, and the record's time is the only one that counts.
 *
 * <ol>
 *   <li>I1: what is held is neither deleted nor dropped.
 *   <li>I2: only what is deleted is dropped, once its undo is over and no open session or restore
 *       names it.
 *   <li>I3: what the rules decided has no effect after a loss, an act on the host's snapshots, or a
 *       change of a policy or of the host's labels and facts that the decision didn't see.
 *   <li>I4: more than half of a host's snapshots go in one record only by an approval of so many,
 *       or because the host was erased: then nobody can open them anyway.
 *   <li>I5: a run that committed once never commits again, and a dropped id never comes back.
 * </ol>
 */
final class DeletionChanges {
  /** Snapshots of one mutation. */
  static final int SNAPSHOTS_MAX = 4_096;

  /** The shortest time in which a deletion can be undone. */
  static final Duration LEAST_UNDO = Duration.ofDays(1);

  static final Duration MOST_UNDO = Duration.ofDays(3_660);

  /** One that may go, and its row. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Candidate(SnapshotId id, byte[] row) {
    SnapshotCommitted committed() {
      return Recorded.of(row).change().getSnapshotCommitted();
    }
  }

  private DeletionChanges() {}

  /** Whether an id was ever committed. */
  static boolean isKnown(byte[] id, Effects effects) {
    return effects.has(Families.SNAPSHOTS, id)
        || effects.has(Families.DELETED_SNAPSHOTS, id)
        || effects.has(Families.TOMBSTONES, id);
  }

  // Deletion.

  static void delete(SnapshotsDeleted change, Effects effects) {
    HostId host = Fields.host(change.getHost());
    DeletionCause cause = known(change.getCause());
    Duration undo = undo(change.getUndoSeconds());
    if (change.getSnapshotsCount() > SNAPSHOTS_MAX
        || undo.compareTo(LEAST_UNDO) < 0
        || undo.compareTo(MOST_UNDO) > 0) {
      effects.ignore();
      return;
    }
    if (cause == DeletionCause.DELETION_CAUSE_RETENTION
        && isOutdated(host, change.getViewSeq(), effects)) {
      return; // I3; who decided will see that, and decide anew
    }
    long until = effects.timeMillis() + undo.toMillis();
    Deletion deletion = new Deletion(effects.timeMillis(), until, cause);
    if (cause == DeletionCause.DELETION_CAUSE_OPERATOR) {
      takeOver(change.getSnapshotsList(), host, effects);
    }
    deleteLive(change, host, deletion, effects);
  }

  private static void deleteLive(
      SnapshotsDeleted change, HostId host, Deletion deletion, Effects effects) {
    List<Candidate> going =
        candidates(change.getSnapshotsList(), host, Families.SNAPSHOTS, effects);
    HostLives.Count count = HostLives.Count.NONE;
    for (Candidate candidate : going) {
      count = count.plus(candidate.committed().hasScheduled(), 1);
    }
    HostLives lives = HostLives.of(host, effects);
    long fall = HostErasures.isErased(host, effects) ? 0 : lives.fall(count, effects.seq());
    if (going.isEmpty()) {
      return; // deleted already, or held meanwhile
    }
    if (!RetentionApprovalChanges.lets(fall, host, change.getApproval(), effects)) {
      effects.ignore(); // I4
      return;
    }
    going.forEach(candidate -> delete(candidate, host, deletion, effects));
    boolean byRules = deletion.cause() == DeletionCause.DELETION_CAUSE_RETENTION;
    lives.acted(count, effects.seq(), byRules ? change.getViewSeq() : 0).put(host, effects);
  }

  private static void delete(Candidate candidate, HostId host, Deletion deletion, Effects effects) {
    byte[] id = candidate.id().toByteArray();
    long committed = Recorded.of(candidate.row()).timeMillis();
    effects.delete(Families.SNAPSHOTS, id);
    effects.delete(Families.SNAPSHOT_ORDER, Keys.order(host, committed, candidate.id()));
    effects.put(Families.DELETED_SNAPSHOTS, id, new DeletedRow(deletion, candidate.row()).toRow());
    effects.count(Total.SNAPSHOTS, -1);
    effects.count(Total.LOGICAL_BYTES, -candidate.committed().getTotals().getLogicalBytes());
  }

  /** Deleted again: the first undo stands, and a person's word over that of the rules. */
  private static void takeOver(List<ByteString> snapshots, HostId host, Effects effects) {
    for (Candidate candidate : candidates(snapshots, host, Families.DELETED_SNAPSHOTS, effects)) {
      DeletedRow row = DeletedRow.of(candidate.row());
      Deletion deletion =
          new Deletion(
              row.deletion().timeMillis(),
              row.deletion().undoUntilMillis(),
              DeletionCause.DELETION_CAUSE_OPERATOR);
      effects.put(
          Families.DELETED_SNAPSHOTS,
          candidate.id().toByteArray(),
          new DeletedRow(deletion, row.liveRow()).toRow());
    }
  }

  /** Of the ids named those of the host that stand in {@code family} and aren't held, once each. */
  private static List<Candidate> candidates(
      List<ByteString> snapshots, HostId host, Family family, Effects effects) {
    List<Candidate> found = new ArrayList<>();
    Set<SnapshotId> seen = new HashSet<>();
    for (ByteString bytes : snapshots) {
      SnapshotId id = Fields.snapshot(bytes);
      Optional<byte[]> row = effects.get(family, id.toByteArray());
      boolean isHeld = effects.has(Families.HELD_SNAPSHOTS, id.toByteArray());
      if (row.isPresent() && !isHeld && isOf(host, row.get(), family) && seen.add(id)) {
        found.add(new Candidate(id, row.get()));
      }
    }
    return found;
  }

  private static boolean isOf(HostId host, byte[] row, Family family) {
    Recorded recorded =
        family.equals(Families.SNAPSHOTS) ? Recorded.of(row) : DeletedRow.of(row).recorded();
    return Fields.host(recorded.change().getSnapshotCommitted().getHost()).equals(host);
  }

  /** I3. */
  private static boolean isOutdated(HostId host, long view, Effects effects) {
    long loss =
        Math.max(
            seq(Families.LOSSES, Keys.ANY_HOSTS_LOSS, effects),
            seq(Families.LOSSES, Keys.loss(host), effects));
    long policy = seq(Families.META, Keys.POLICIES_CHANGED, effects);
    long traits =
        Math.max(
            revised(host, Keys.LABELS_OF_HOST, effects),
            revised(host, Keys.FACTS_OF_HOST, effects));
    return loss > view
        || policy > view
        || traits > view
        || HostLives.of(host, effects).isActedOnSince(view, effects.seq());
  }

  /** Seq of the newest; {@link Recorded} begins with it. */
  private static long revised(HostId host, byte what, Effects effects) {
    return seq(Families.HOST_NAMES, Keys.revision(host.toByteArray(), what), effects);
  }

  private static long seq(Family family, byte[] key, Effects effects) {
    return effects.get(family, key).map(row -> ByteBuffer.wrap(row).getLong()).orElse(0L);
  }

  private static Duration undo(long seconds) {
    long beyond = MOST_UNDO.toSeconds() + 1;
    return Duration.ofSeconds(Long.compareUnsigned(seconds, beyond) < 0 ? seconds : beyond);
  }

  private static DeletionCause known(DeletionCause cause) {
    return switch (cause) {
      case DELETION_CAUSE_RETENTION, DELETION_CAUSE_OPERATOR -> cause;
      case DELETION_CAUSE_UNSPECIFIED, UNRECOGNIZED -> throw Fields.unknown("cause of a deletion");
    };
  }

  // Undo.

  static void undelete(SnapshotUndeleted change, Effects effects) {
    SnapshotId id = Fields.snapshot(change.getSnapshot());
    Optional<byte[]> row = effects.get(Families.DELETED_SNAPSHOTS, id.toByteArray());
    if (row.isEmpty()) {
      return; // it is live, or dropped meanwhile
    }
    byte[] live = DeletedRow.of(row.get()).liveRow();
    Recorded recorded = Recorded.of(live);
    SnapshotCommitted committed = recorded.change().getSnapshotCommitted();
    HostId host = Fields.host(committed.getHost());
    effects.delete(Families.DELETED_SNAPSHOTS, id.toByteArray());
    effects.put(Families.SNAPSHOTS, id.toByteArray(), live);
    effects.put(Families.SNAPSHOT_ORDER, Keys.order(host, recorded.timeMillis(), id), new byte[0]);
    effects.put(Families.SOURCE_SETS, place(id, recorded), Keys.seq(effects.timeMillis()));
    effects.count(Total.SNAPSHOTS, 1);
    effects.count(Total.LOGICAL_BYTES, committed.getTotals().getLogicalBytes());
    HostLives.of(host, effects).added(committed.hasScheduled()).put(host, effects);
  }

  private static byte[] place(SnapshotId id, Recorded recorded) {
    SnapshotCommitted committed = recorded.change().getSnapshotCommitted();
    Bytes32 sourceSet = Fields.bytes32(committed.getSourceSet(), "source set");
    return Keys.sourceSet(Fields.host(committed.getHost()), sourceSet, recorded.seq(), id);
  }

  // Drop.

  static void drop(SnapshotsDropped change, Effects effects) {
    HostId host = Fields.host(change.getHost());
    if (change.getSnapshotsCount() > SNAPSHOTS_MAX) {
      effects.ignore();
      return;
    }
    if (isOutdated(host, change.getViewSeq(), effects)) {
      return; // as a deletion by the rules
    }
    Set<ByteString> named = Pins.of(effects).snapshots();
    boolean any = false;
    for (Candidate candidate :
        candidates(change.getSnapshotsList(), host, Families.DELETED_SNAPSHOTS, effects)) {
      DeletedRow row = DeletedRow.of(candidate.row());
      boolean isOver = row.deletion().undoUntilMillis() <= effects.timeMillis();
      boolean isNamed = named.contains(ByteString.copyFrom(candidate.id().toByteArray()));
      if (isOver && !isNamed) {
        drop(candidate.id(), row.recorded(), effects);
        any = true;
      }
    }
    if (any) {
      HostLives.of(host, effects)
          .acted(HostLives.Count.NONE, effects.seq(), change.getViewSeq())
          .put(host, effects);
    }
  }

  private static void drop(SnapshotId id, Recorded recorded, Effects effects) {
    effects.delete(Families.DELETED_SNAPSHOTS, id.toByteArray());
    effects.delete(Families.SOURCE_SETS, place(id, recorded));
    effects.delete(Families.SNAPSHOT_PROOFS, id.toByteArray());
    effects.put(Families.TOMBSTONES, id.toByteArray(), tombstone(recorded).toRow());
    RootChanges.drop(recorded, effects);
  }

  /** Without what opens it and what names people. */
  private static Recorded tombstone(Recorded recorded) {
    SnapshotCommitted committed = recorded.change().getSnapshotCommitted();
    SnapshotCommitted.Builder left =
        SnapshotCommitted.newBuilder()
            .setSnapshot(committed.getSnapshot())
            .setHost(committed.getHost())
            .setRun(committed.getRun())
            .setRoot(committed.getRoot())
            .setOutcome(committed.getOutcome())
            .setTotals(committed.getTotals())
            .setSourceSet(committed.getSourceSet());
    if (committed.hasScheduled()) {
      left.setScheduled(committed.getScheduled());
    }
    Change change = Change.newBuilder().setSnapshotCommitted(left).build();
    return new Recorded(
        recorded.seq(),
        recorded.timeMillis(),
        Mutation.newBuilder().setClear(change.toByteString()).build());
  }
}
