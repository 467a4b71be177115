package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Layouts of the catalog's keys. Integers are big-endian, so that numbers, seqs and times order as
 * keys do; sizes in bytes. A pack's <em>number</em> is given in the order of apply.
 *
 * <pre>
 * meta             what (1): 1 format, 2 head, 3 repository, 4 totals, 5 packs numbered, 6 key ring,
 *                  7 the journal's own state, 8 seq of the newest change of any policy,
 *                  20 seq of the newest commit, page pack or rewrite, 21 seq of the newest loss,
 *                  22 what a sweep may condemn by approval, 23 the last sweep, 40 the rule of
 *                  approvals, 86 seq of the newest root's introduction, while the root before is
 *                  believed, 87 seq before which tokens are of a retired root, 95 seq of the newest
 *                  rollback, 120 and 121 the newest verification of everything that found nothing
 *                  wrong, at least checked and at least proven, each a {@link
 *                  RecordedVerification}, 122 who leads ({@link LeaderChanges}), 123 time of the
 *                  newest restore that ended complete, 140 seq of the newest change of
 *                  labels or facts that took a host into a policy or out of it
 * index            kind (1) id (32) pack number (4) entry (4)      -> {@link IndexRow}
 * pack_numbers     pack id (16)                                    -> pack number (4)
 * packs            pack number (4)                                 -> {@link RegisteredPack}
 * pack_states      pack number (4)                                 -> {@link PackState}
 * pack_owners      pack number (4)                                 -> owner index (2) of each entry;
 *                                                                     no row if there is one owner
 * page_checks      pack number (4) host (16) seq (8)               -> bitmap of entries
 * losses           0 (1), or 1 (1) host (16)                       -> seq (8) of the newest loss
 *                  2 (1)                                           -> seq (8) of the newest Condemn
 * snapshots        snapshot (32), while it is live                 -> {@link Recorded}
 * snapshot_order   host (16) time (8) snapshot (32), while it is   -> nothing
 *                  live
 * snapshot_proofs  snapshot (32)                                   -> {@link RecordedProof}
 * runs             host (16) run (16)                              -> snapshot (32)
 * sessions         session (16), while it is open                  -> {@link Recorded}
 * hosts            host (16)                                       -> {@link Recorded}
 * revocations      host (16)                                       -> seq (8)
 * tokens           token (32)                                      -> {@link Recorded}
 * token_uses       token (32)                                      -> host (16)
 * certificates     host (16) serial                                -> {@link Recorded}
 * grants           reader (16) snapshot (32) grant (16)            -> {@link Recorded}
 * checkpoints      seq (8)                                         -> {@link CheckpointMark}
 * jobs             job (16)                                        -> {@link Recorded}
 * job_ends         job (16)                                        -> {@link Recorded}
 * job_order        0 (1), or 1 (1) host (16); time (8) from the    -> nothing
 *                  newest on, job (16)
 * job_ages         time (8) job (16)                               -> host (16)
 * open_jobs        job (16), while it is open                      -> host (16)
 * policies         policy (16), while it is in force               -> version (8)
 * policy_versions  policy (16) version (8); version 2^63 - 1 is    -> {@link Recorded}
 *                  its deletion
 * source_sets      host (16) source set (32) seq (8) from the      -> nothing, or time (8) of the
 *                  newest on, snapshot (32); until it is dropped      last undo of its deletion
 * deleted_snapshots  snapshot (32), while it can be had back       -> {@link DeletedRow}
 * tombstones       snapshot (32), once it is dropped               -> {@link Recorded}, of the
 *                                                                     commit what jobs and receipts
 *                                                                     need
 * host_lives       host (16)                                       -> {@link HostLives}
 * holds            hold (16), until it is released                 -> {@link Recorded}
 * held_snapshots   snapshot (32)                                   -> hold (16), one or more
 * retention_approvals    host (16) approval (16)                   -> seq (8) of its use or 0,
 *                                                                     {@link Recorded}
 * condemned_packs  pack number (4), while some of its entries are  -> {@link CondemnedRow}
 *                  and it is neither lost nor deleted
 * root_order       seq (8) of the commit, snapshot (32), until it  -> host (16) root (32)
 *                  is dropped
 * dropped_roots    seq (8) of the drop, snapshot (32), until two   -> host (16) root (32)
 *                  checkpoints are newer
 * people           person (16)                                     -> {@link Recorded}, the newest
 * people_removed   person (16)                                     -> {@link Recorded}
 * access_tokens    token (32)                                      -> {@link Recorded}
 * access_tokens_revoked  token (32)                                -> {@link Recorded}
 * approvals        approval (16) step (1); 0 is the request        -> {@link Recorded}
 * audits           time (8) from the newest on, seq (8): records   -> nothing
 *                  that say what a person did
 * host_names       host (16), if it was renamed                    -> {@link Recorded}, the newest
 *                  host (16) 1 (1), if people gave it labels       -> {@link Recorded}, the newest
 *                  host (16) 2 (1), if it told other facts later   -> {@link Recorded}, the newest
 *                  host (16) 3 (1) policy (16), if its labels or   -> time (8) of the newest such
 *                  facts took it into the policy, or out of it        change
 * hosts_decommissioned   host (16)                                 -> {@link Recorded}
 * hosts_replaced   former host (16)                                -> {@link Recorded}
 * host_keys_sealed       host (16), in a private repository        -> {@link Recorded}
 *                  host (16) master key's number (4)               -> hash of the object (32)
 * host_roots       host (16), once it has a root that was introduced -> root (32)
 * host_moves       host (16), unless it didn't go                   -> {@link Recorded}, of the
 *                                                                     newest order
 * hosts_moved      host (16)                                       -> {@link Recorded}
 * series           series (16)                                     -> {@link Recorded} order of the
 *                                                                     last attempt of its last run
 * pack_reads       pack number (4), unless it is lost              -> {@link Statement} that all of
 *                                                                     it was read last, or written
 * read_order       time (8) pack number (4)                        -> nothing
 * pack_shares      pack number (4), unless it is lost              -> sealed bytes (8) of each owner
 * host_bytes       host (16)                                       -> sealed bytes (8) of its shares
 * host_quotas      host (16), if it has one of its own             -> bytes (8), unsigned
 * void_names       pack id (16)                                    -> {@link VoidName}
 * job_runs         host (16) run (16), if its id isn't the job's   -> job (16) of its last attempt
 * </pre>
 */
final class Keys {
  static final int INDEX_PREFIX_BYTES = ChunkRef.LENGTH;
  static final int INDEX_BYTES = INDEX_PREFIX_BYTES + Integer.BYTES + Integer.BYTES;

  static final byte[] FORMAT = {1};

  /** The newest MasterReplaced. */
  static final byte[] MASTER = {85};

  static final byte[] HEAD = {2};
  static final byte[] REPOSITORY = {3};
  static final byte[] TOTALS = {4};
  static final byte[] PACKS_NUMBERED = {5};
  static final byte[] KEY_RING = {6};
  static final byte[] JOURNAL_STATE = {7};
  static final byte[] POLICIES_CHANGED = {8};
  static final byte[] EDGES_CHANGED = {20};
  static final byte[] LOSS_RECORDED = {21};
  static final byte[] SWEEP_APPROVAL = {22};
  static final byte[] LAST_SWEEP = {23};
  static final byte[] APPROVAL_RULE = {40};
  static final byte[] ROOT_INTRODUCED = {86};
  static final byte[] TOKENS_SINCE = {87};
  static final byte[] ROLLED_BACK = {95};
  static final byte[] LAST_CHECKED = {120};
  static final byte[] LAST_PROVEN = {121};
  static final byte[] LEADER = {122};
  static final byte[] LAST_RESTORE = {123};
  static final byte[] TRAITS_CHANGED = {(byte) 140};
  static final byte LABELS_OF_HOST = 1;
  static final byte FACTS_OF_HOST = 2;
  static final byte POLICY_OF_HOST = 3;
  static final byte[] ANY_HOSTS_LOSS = {0};
  static final byte[] ANY_CONDEMN = {2};

  private Keys() {}

  /** Of what a host sealed, once it was sealed anew for master key {@code number}. */
  static byte[] resealed(HostId host, int number) {
    return ByteBuffer.allocate(16 + Integer.BYTES).put(host.toByteArray()).putInt(number).array();
  }

  static byte[] indexPrefix(ChunkRef ref) {
    return indexPrefix(ref.kind().number(), ref.id().value());
  }

  static byte[] indexPrefix(int kind, Bytes32 id) {
    byte[] key = new byte[INDEX_PREFIX_BYTES];
    key[0] = (byte) kind;
    id.write(key, 1);
    return key;
  }

  static byte[] index(int kind, Bytes32 id, int packNumber, int entry) {
    byte[] key = new byte[INDEX_BYTES];
    key[0] = (byte) kind;
    id.write(key, 1);
    ByteBuffer.wrap(key, INDEX_PREFIX_BYTES, 8).putInt(packNumber).putInt(entry);
    return key;
  }

  /** Whether two keys of the index are of one chunk; not if {@code one} is empty. */
  static boolean isSameChunk(byte[] one, byte[] other) {
    return one.length != 0
        && Arrays.equals(one, 0, INDEX_PREFIX_BYTES, other, 0, INDEX_PREFIX_BYTES);
  }

  /** Whether a key of the index is of a copy of a snapshot's record. */
  static boolean isSnapshotCopy(byte[] key) {
    return key[0] == EntryKind.SNAPSHOT_COPY.number();
  }

  /** The chunk that a key of the index is of. */
  static ChunkRef chunkOf(byte[] key) {
    return new ChunkRef(ChunkKind.of(key[0]), new ChunkId(Bytes32.read(key, 1)));
  }

  static byte[] number(int packNumber) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(packNumber).array();
  }

  static byte[] seq(long seq) {
    return ByteBuffer.allocate(Long.BYTES).putLong(seq).array();
  }

  static byte[] pageChecks(int packNumber, HostId host) {
    return ByteBuffer.allocate(20).putInt(packNumber).put(host.toByteArray()).array();
  }

  static byte[] pageCheck(int packNumber, HostId host, long seq) {
    return join(pageChecks(packNumber, host), seq(seq));
  }

  static byte[] loss(HostId host) {
    return join(new byte[] {1}, host.toByteArray());
  }

  /** What is newest of {@code what} about a host. */
  static byte[] revision(byte[] host, byte what) {
    return join(host, new byte[] {what});
  }

  /** When a host came to a policy by its labels or facts, or left it. */
  static byte[] revision(byte[] host, PolicyId policy) {
    return join(revision(host, POLICY_OF_HOST), policy.toByteArray());
  }

  /** A moment in a host's order. Times before 1970 would order too. */
  static byte[] order(HostId host, long timeMillis) {
    return join(host.toByteArray(), seq(timeMillis ^ Long.MIN_VALUE));
  }

  static byte[] order(HostId host, long timeMillis, SnapshotId snapshot) {
    return join(order(host, timeMillis), snapshot.toByteArray());
  }

  static byte[] run(HostId host, RunId run) {
    return join(host.toByteArray(), run.toByteArray());
  }

  /** Jobs of all hosts, the newest first. */
  static byte[] jobOrder() {
    return new byte[] {0};
  }

  /** Jobs of one host, the newest first. */
  static byte[] jobOrder(HostId host) {
    return join(new byte[] {1}, host.toByteArray());
  }

  static byte[] jobOrder(byte[] whose, long timeMillis, JobId job) {
    return join(whose, join(seq(timeMillis ^ Long.MAX_VALUE), job.toByteArray()));
  }

  /** The time in such a key. */
  static long orderedMillis(byte[] whose, byte[] orderKey) {
    return ByteBuffer.wrap(orderKey).getLong(whose.length) ^ Long.MAX_VALUE;
  }

  static byte[] jobAge(long timeMillis, JobId job) {
    return join(seq(timeMillis ^ Long.MIN_VALUE), job.toByteArray());
  }

  static byte[] readOrder(byte[] time, byte[] packNumber) {
    return join(time, packNumber);
  }

  static byte[] policyVersion(byte[] policy, long version) {
    return join(policy, seq(version));
  }

  static byte[] approval(byte[] approval, int step) {
    return join(approval, new byte[] {(byte) step});
  }

  /** Audited records, the newest first. */
  static byte[] audit(long timeMillis, long seq) {
    return join(seq(timeMillis ^ Long.MAX_VALUE), seq(~seq));
  }

  /** Snapshots of one source set of one host, the newest first. */
  static byte[] sourceSet(HostId host, Bytes32 sourceSet) {
    return join(host.toByteArray(), sourceSet.toByteArray());
  }

  /** From those of that record on, towards older ones. */
  static byte[] sourceSet(HostId host, Bytes32 sourceSet, long seq) {
    return join(sourceSet(host, sourceSet), seq(~seq));
  }

  static byte[] sourceSet(HostId host, Bytes32 sourceSet, long seq, SnapshotId snapshot) {
    return join(sourceSet(host, sourceSet, seq), snapshot.toByteArray());
  }

  /** Above every row of that source set and below the next one's. */
  static byte[] endOf(HostId host, Bytes32 sourceSet) {
    return endOf(sourceSet(host, sourceSet));
  }

  /** As the other; rows of {@code sourceSet} begin with it. */
  static byte[] endOf(byte[] sourceSet) {
    byte[] end = new byte[Long.BYTES + Bytes32.LENGTH + 1];
    Arrays.fill(end, (byte) 0xff);
    return join(sourceSet, end);
  }

  static byte[] retentionApproval(HostId host, byte[] approval) {
    return join(host.toByteArray(), approval);
  }

  static byte[] certificate(HostId host, ByteString serial) {
    return join(host.toByteArray(), serial.toByteArray());
  }

  static byte[] grants(HostId reader, SnapshotId snapshot) {
    return join(reader.toByteArray(), snapshot.toByteArray());
  }

  static byte[] join(byte[] left, byte[] right) {
    return ByteBuffer.allocate(left.length + right.length).put(left).put(right).array();
  }
}
