package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SessionClosed;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SnapshotCommitted;

/** Effects of sessions, commits and grants. */
final class SnapshotChanges {
  private SnapshotChanges() {}

  static void open(SessionOpened change, Mutation mutation, Effects effects) {
    byte[] session = Fields.bytes16(change.getSession(), "session id");
    Fields.host(change.getHost());
    if (effects.has(Families.SESSIONS, session)) {
      effects.ignore();
      return;
    }
    effects.put(Families.SESSIONS, session, effects.recorded(mutation));
  }

  /** Closing twice is fine: a commit closes too. */
  static void close(SessionClosed change, Effects effects) {
    effects.delete(Families.SESSIONS, Fields.bytes16(change.getSession(), "session id"));
  }

  /** A run commits once: its second commit only closes the session it names. */
  static void commit(SnapshotCommitted change, Mutation mutation, Effects effects) {
    HostId host = Fields.host(change.getHost());
    RunId run = Fields.run(change.getRun());
    SnapshotId snapshot = Fields.snapshot(change.getSnapshot());
    Bytes32 sourceSet = Fields.bytes32(change.getSourceSet(), "source set");
    if (!change.getSession().isEmpty()) {
      effects.delete(Families.SESSIONS, Fields.bytes16(change.getSession(), "session id"));
    }
    byte[] id = snapshot.toByteArray();
    if (effects.has(Families.RUNS, Keys.run(host, run)) || DeletionChanges.isKnown(id, effects)) {
      effects.ignore();
      return;
    }
    effects.put(Families.SNAPSHOTS, id, effects.recorded(mutation));
    effects.put(
        Families.SNAPSHOT_ORDER, Keys.order(host, effects.timeMillis(), snapshot), new byte[0]);
    effects.put(Families.RUNS, Keys.run(host, run), id);
    effects.put(
        Families.SOURCE_SETS,
        Keys.sourceSet(host, sourceSet, effects.seq(), snapshot),
        new byte[0]);
    RootChanges.add(change, effects);
    effects.count(Total.SNAPSHOTS, 1);
    effects.count(Total.LOGICAL_BYTES, change.getTotals().getLogicalBytes());
    HostLives.of(host, effects).added(change.hasScheduled()).put(host, effects);
    JobChanges.committed(host, run, effects);
  }

  static void grant(GrantIssued change, Mutation mutation, Effects effects) {
    byte[] grant = Fields.bytes16(change.getGrant(), "grant id");
    HostId reader = Fields.host(change.getReader());
    SnapshotId snapshot = Fields.snapshot(change.getSnapshot());
    byte[] key = Keys.join(Keys.grants(reader, snapshot), grant);
    if (effects.has(Families.GRANTS, key)) {
      effects.ignore();
      return;
    }
    effects.put(Families.GRANTS, key, effects.recorded(mutation));
  }
}
