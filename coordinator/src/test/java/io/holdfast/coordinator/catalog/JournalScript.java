package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PackId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.common.id.RecordHash;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.rebuild.JournalView;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.DeletionCause;
import io.holdfast.proto.stored.v1.Genesis;
import io.holdfast.proto.stored.v1.HoldReleased;
import io.holdfast.proto.stored.v1.HoldSet;
import io.holdfast.proto.stored.v1.HostEnrolled;
import io.holdfast.proto.stored.v1.JobEnd;
import io.holdfast.proto.stored.v1.JobEnded;
import io.holdfast.proto.stored.v1.JobKind;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Loss;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.PolicyApplied;
import io.holdfast.proto.stored.v1.PolicyDeleted;
import io.holdfast.proto.stored.v1.Proof;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.stored.v1.RetentionApproved;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.stored.v1.SessionOpened;
import io.holdfast.proto.stored.v1.SessionPurpose;
import io.holdfast.proto.stored.v1.SiteEpoch;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotUndeleted;
import io.holdfast.proto.stored.v1.SnapshotsDeleted;
import io.holdfast.proto.stored.v1.SnapshotsDropped;
import io.holdfast.proto.stored.v1.TermStarted;
import io.holdfast.proto.stored.v1.TokenCreated;
import io.holdfast.proto.stored.v1.VerificationEnded;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A journal written line by line, with the footers of its packs: valid as far as the catalog can
 * see, unsigned, and the same in every run. Names of things are made from numbers.
 */
public final class JournalScript implements JournalView, FooterSource {
  private static final byte[] REPOSITORY = sixteen("repository");
  private static final long FIRST_MILLIS = 1_800_000_000_000L;

  private final List<AppliedRecord> records = new ArrayList<>();
  private final Map<PackId, FooterView> footers = new HashMap<>();
  private final Set<PackId> gone = new HashSet<>();
  private final Set<PackId> unreachable = new HashSet<>();
  private int footerReads;
  private Duration later = Duration.ZERO;
  private long term = 1;
  private CoordinatorId leader = coordinator(1);

  /** A journal whose first record is genesis. */
  public static JournalScript begun() {
    JournalScript script = new JournalScript();
    script.record(
        change(c ->
            c.setGenesis(
                Genesis.newBuilder()
                    .setFleet(bytes(sixteen("fleet")))
                    .setSite(bytes(sixteen("site")))
                    .setRootCertificate(ByteString.copyFromUtf8("root certificate"))
                    .setMode(RepositoryMode.REPOSITORY_MODE_SHARED))),
        startTerm());
    return script;
  }

  /** Appends one record. */
  public AppliedRecord record(Change... changes) {
    AppliedRecord record = next(List.of(changes));
    records.add(record);
    return record;
  }

  /** The record that {@link #record} would append. */
  public AppliedRecord next(List<Change> changes) {
    long seq = records.size() + 1L;
    RecordBody.Builder body =
        RecordBody.newBuilder()
            .setRepository(bytes(REPOSITORY))
            .setSeq(seq)
            .setTerm(term)
            .setWriter(bytes(leader.toByteArray()))
            .setIncarnation(bytes(sixteen("incarnation")))
            .setSiteEpoch(SiteEpoch.newBuilder().setNumber(1).setId(bytes(sixteen("epoch"))))
            .setPreviousSeq(seq - 1)
            .setPreviousHash(previousHash())
            .setTimeMillis(FIRST_MILLIS + seq * 1_000 + later.toMillis());
    for (Change change : changes) {
      body.addMutations(
          Mutation.newBuilder()
              .setClear(change.toByteString())
              .setSealed(ByteString.copyFromUtf8("sealed " + seq)));
    }
    return record(body.build());
  }

  /** Any body as a record. */
  public static AppliedRecord record(RecordBody body) {
    return new AppliedRecord(
        new RecordHash(sha256(body.toByteArray())),
        body,
        ByteString.copyFromUtf8("journal state after " + body.getSeq()));
  }

  /** Registers packs in one record. */
  public AppliedRecord register(ScriptedFooter... packs) {
    for (ScriptedFooter pack : packs) {
      footers.put(pack.pack(), pack);
    }
    return record(Arrays.stream(packs).map(ScriptedFooter::registration).toArray(Change[]::new));
  }

  /** Gives the footer of a pack that {@link #register} didn't. */
  public void footer(PackId pack, FooterView footer) {
    footers.put(pack, footer);
  }

  /** From here on the footer of {@code pack} is gone from the vault. */
  public void forgetFooter(PackId pack) {
    gone.add(pack);
  }

  /** From here on the footer of {@code pack} can't be read, for now or till it is allowed again. */
  public void cutOff(PackId pack, boolean cut) {
    if (cut) {
      unreachable.add(pack);
    } else {
      unreachable.remove(pack);
    }
  }

  /** Records from here on are so much younger. */
  public void later(Duration by) {
    later = later.plus(by);
  }

  /** Records from here on are of the next term, which {@code coordinator} leads. */
  public void ledBy(CoordinatorId coordinator) {
    term++;
    leader = coordinator;
  }

  public int footerReads() {
    return footerReads;
  }

  /** A journal with the first {@code count} records of this one, sharing its footers. */
  public JournalScript firstRecords(int count) {
    JournalScript copy = new JournalScript();
    copy.records.addAll(records.subList(0, count));
    copy.footers.putAll(footers);
    copy.gone.addAll(gone);
    return copy;
  }

  public List<AppliedRecord> records() {
    return records;
  }

  public AppliedRecord last() {
    return records.getLast();
  }

  @Override
  public Optional<RecordHash> validHash(long seq) {
    return seq < 1 || seq > records.size()
        ? Optional.empty()
        : Optional.of(records.get((int) seq - 1).hash());
  }

  @Override
  public Iterable<AppliedRecord> from(long seq) {
    return List.copyOf(records.subList((int) Math.min(seq - 1, records.size()), records.size()));
  }

  @Override
  public Optional<FooterView> footer(RegisteredPack pack) {
    footerReads++;
    if (unreachable.contains(pack.id())) {
      throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "pack " + pack.id() + ": try again");
    }
    if (gone.contains(pack.id()) || !footers.containsKey(pack.id())) {
      throw new HoldfastException(ErrorCode.OBJECT_NOT_FOUND, "pack " + pack.id() + " is gone");
    }
    return Optional.of(footers.get(pack.id()));
  }

  // Changes.

  public static Change change(Function<Change.Builder, Change.Builder> set) {
    return set.apply(Change.newBuilder()).build();
  }

  public static Change token(int number) {
    return change(c ->
        c.setTokenCreated(
            TokenCreated.newBuilder()
                .setToken(bytes(hash("token " + number).toByteArray()))
                .setExpiresMillis(FIRST_MILLIS * 2)));
  }

  public static Change enrol(HostId host, int token) {
    return change(c ->
        c.setHostEnrolled(
            HostEnrolled.newBuilder()
                .setHost(bytes(host.toByteArray()))
                .setToken(bytes(hash("token " + token).toByteArray()))
                .setSigningKey(ByteString.copyFromUtf8("key of " + host))));
  }

  public static Change open(SessionId session, HostId host) {
    return change(c ->
        c.setSessionOpened(
            SessionOpened.newBuilder()
                .setSession(bytes(session.toByteArray()))
                .setHost(bytes(host.toByteArray()))
                .setPurpose(SessionPurpose.SESSION_PURPOSE_BACKUP)));
  }

  public static Change commit(HostId host, RunId run, SnapshotId snapshot, SessionId session) {
    return commit(host, run, snapshot, session, sourceSet(1));
  }

  public static Change commit(
      HostId host, RunId run, SnapshotId snapshot, SessionId session, Bytes32 sourceSet) {
    return change(c ->
        c.setSnapshotCommitted(
            SnapshotCommitted.newBuilder()
                .setSnapshot(bytes(snapshot.toByteArray()))
                .setHost(bytes(host.toByteArray()))
                .setRun(bytes(run.toByteArray()))
                .setRoot(bytes(hash("root of " + snapshot).toByteArray()))
                .setSession(bytes(session.toByteArray()))
                .setSourceSet(bytes(sourceSet.toByteArray()))));
  }

  /** A backup is ordered, whose run will be {@link #run} of {@code job}. */
  public static Change orderJob(int job, int host) {
    return change(c ->
        c.setJobOrdered(
            JobOrdered.newBuilder()
                .setJob(bytes(run(job).toByteArray()))
                .setHost(bytes(host(host).toByteArray()))
                .setKind(JobKind.JOB_KIND_BACKUP)));
  }

  /** An attempt of the run of a schedule, which is meant for second {@code nominal}. */
  public static Change orderRun(int job, int host, int series, int nominal, int attempt) {
    return change(c ->
        c.setJobOrdered(
            JobOrdered.newBuilder()
                .setJob(bytes(run(job).toByteArray()))
                .setHost(bytes(host(host).toByteArray()))
                .setKind(JobKind.JOB_KIND_BACKUP)
                .setRun(bytes(scheduledRun(series, nominal).toByteArray()))
                .setSourceSet(bytes(sourceSet(1).toByteArray()))
                .setScheduled(
                    ScheduledRun.newBuilder()
                        .setPolicy(bytes(policy(1).toByteArray()))
                        .setSeries(bytes(series(series).toByteArray()))
                        .setNominalSeconds(nominal)
                        .setAttempt(attempt))));
  }

  /** What the attempts of {@link #orderRun} have in common. */
  public static RunId scheduledRun(int series, int nominal) {
    return RunId.of(sixteen("series " + series + " at " + nominal));
  }

  public static SeriesId series(int number) {
    return SeriesId.of(sixteen("series " + number));
  }

  public static Change endJob(int job, int host, boolean assumed) {
    return change(c ->
        c.setJobEnded(
            JobEnded.newBuilder()
                .setJob(bytes(run(job).toByteArray()))
                .setHost(bytes(host(host).toByteArray()))
                .setEnd(JobEnd.JOB_END_FAILED)
                .setAssumed(assumed)));
  }

  public static Change applyPolicy(int policy, long version) {
    return change(c ->
        c.setPolicyApplied(
            PolicyApplied.newBuilder()
                .setPolicy(bytes(policy(policy).toByteArray()))
                .setVersion(version)
                .setTextSha256(bytes(hash("policy " + policy + " " + version).toByteArray()))));
  }

  public static Change deletePolicy(int policy) {
    return change(c ->
        c.setPolicyDeleted(
            PolicyDeleted.newBuilder().setPolicy(bytes(policy(policy).toByteArray()))));
  }

  /** As {@link #commit}, by a schedule. */
  public static Change commitScheduled(int host, int number, int sourceSet) {
    Change commit =
        commit(host(host), run(number), snapshot(number), session(number), sourceSet(sourceSet));
    ScheduledRun scheduled =
        ScheduledRun.newBuilder()
            .setPolicy(bytes(policy(1).toByteArray()))
            .setSeries(bytes(sixteen("series " + host + " " + sourceSet)))
            .setNominalSeconds(FIRST_MILLIS / 1_000 + number)
            .setAttempt(1)
            .build();
    return change(c ->
        c.setSnapshotCommitted(commit.getSnapshotCommitted().toBuilder().setScheduled(scheduled)));
  }

  /** What a deletion says besides whose and which. */
  public record Deleting(DeletionCause cause, long viewSeq, Duration undo, String approval) {
    public static final Deleting BY_OPERATOR =
        new Deleting(DeletionCause.DELETION_CAUSE_OPERATOR, 0, Duration.ofDays(7), "");

    public static Deleting byRules(long viewSeq) {
      return new Deleting(DeletionCause.DELETION_CAUSE_RETENTION, viewSeq, Duration.ofDays(7), "");
    }

    public Deleting approved(String by) {
      return new Deleting(cause, viewSeq, undo, by);
    }

    public Deleting undo(Duration other) {
      return new Deleting(cause, viewSeq, other, approval);
    }
  }

  public static Change delete(Deleting how, int host, int... snapshots) {
    return change(c ->
        c.setSnapshotsDeleted(
            SnapshotsDeleted.newBuilder()
                .setHost(bytes(host(host).toByteArray()))
                .addAllSnapshots(ids(snapshots))
                .setCause(how.cause())
                .setViewSeq(how.viewSeq())
                .setUndoSeconds(how.undo().toSeconds())
                .setApproval(
                    how.approval().isEmpty() ? ByteString.EMPTY : bytes(sixteen(how.approval())))));
  }

  public static Change undelete(int snapshot) {
    return change(c ->
        c.setSnapshotUndeleted(
            SnapshotUndeleted.newBuilder().setSnapshot(bytes(snapshot(snapshot).toByteArray()))));
  }

  public static Change drop(long viewSeq, int host, int... snapshots) {
    return change(c ->
        c.setSnapshotsDropped(
            SnapshotsDropped.newBuilder()
                .setHost(bytes(host(host).toByteArray()))
                .addAllSnapshots(ids(snapshots))
                .setViewSeq(viewSeq)));
  }

  public static Change hold(String hold, int... snapshots) {
    return change(c ->
        c.setHoldSet(
            HoldSet.newBuilder().setHold(bytes(sixteen(hold))).addAllSnapshots(ids(snapshots))));
  }

  public static Change release(String hold) {
    return change(c -> c.setHoldReleased(HoldReleased.newBuilder().setHold(bytes(sixteen(hold)))));
  }

  /** Good for ever. */
  public static Change approve(String approval, int host, long expiring) {
    return approve(approval, host, expiring, Long.MAX_VALUE);
  }

  public static Change approve(String approval, int host, long expiring, long validUntilMillis) {
    return change(c ->
        c.setRetentionApproved(
            RetentionApproved.newBuilder()
                .setApproval(bytes(sixteen(approval)))
                .setHost(bytes(host(host).toByteArray()))
                .setExpiring(expiring)
                .setUnscheduledPerDay(200)
                .setValidUntilMillis(validUntilMillis)));
  }

  private static List<ByteString> ids(int... snapshots) {
    return Arrays.stream(snapshots)
        .mapToObj(number -> bytes(snapshot(number).toByteArray()))
        .toList();
  }

  /** Proves the given entries; none means all. */
  public static Change prove(PackId pack, ProofLevel level, int... entries) {
    return change(c ->
        c.setProof(
            Proof.newBuilder()
                .setPack(bytes(pack.toByteArray()))
                .setLevel(level)
                .setEntries(bitmap(entries))));
  }

  /** All of the snapshots was found good. */
  public static Change proveSnapshots(ProofLevel level, int... snapshots) {
    return change(
        c -> c.setProof(Proof.newBuilder().setLevel(level).addAllSnapshots(ids(snapshots))));
  }

  /** The pack was read from end to end, and the given entries found good. */
  public static Change readWhole(PackId pack, int... entries) {
    return change(c ->
        c.setProof(
            Proof.newBuilder()
                .setPack(bytes(pack.toByteArray()))
                .setLevel(ProofLevel.PROOF_LEVEL_CHECKED)
                .setEntries(bitmap(entries))
                .setWhole(true)));
  }

  /** Everything was verified. */
  public static Change verified(ProofLevel level, long faults) {
    return change(c ->
        c.setVerificationEnded(
            VerificationEnded.newBuilder().setLevel(level).setPacks(3).setFaults(faults)));
  }

  public static Change startTerm() {
    return change(c -> c.setTermStarted(TermStarted.getDefaultInstance()));
  }

  /** Loses the given entries; none means all. */
  public static Change lose(PackId pack, LossCause cause, int... entries) {
    return change(c ->
        c.setLoss(
            Loss.newBuilder()
                .setPack(bytes(pack.toByteArray()))
                .setCause(cause)
                .setEntries(bitmap(entries))));
  }

  // Names.

  public static HostId host(int number) {
    return HostId.of(sixteen("host " + number));
  }

  public static CoordinatorId coordinator(int number) {
    return CoordinatorId.of(sixteen("coordinator " + number));
  }

  public static PolicyId policy(int number) {
    return PolicyId.of(sixteen("policy " + number));
  }

  public static PackId pack(int number) {
    return PackId.of(sixteen("pack " + number));
  }

  public static RunId run(int number) {
    return RunId.of(sixteen("run " + number));
  }

  public static SessionId session(int number) {
    return SessionId.of(sixteen("session " + number));
  }

  public static SnapshotId snapshot(int number) {
    return new SnapshotId(hash("snapshot " + number));
  }

  public static Bytes32 sourceSet(int number) {
    return hash("sources " + number);
  }

  public static ChunkRef data(int number) {
    return new ChunkRef(ChunkKind.DATA, new ChunkId(hash("chunk " + number)));
  }

  public static ChunkRef page(int number) {
    return new ChunkRef(ChunkKind.PAGE, new ChunkId(hash("page " + number)));
  }

  public static Bytes32 hash(String name) {
    return sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  public static byte[] sixteen(String name) {
    return Arrays.copyOf(hash(name).toByteArray(), 16);
  }

  public static ByteString bytes(byte[] bytes) {
    return ByteString.copyFrom(bytes);
  }

  public static ByteString bitmap(int... entries) {
    BitSet bits = new BitSet();
    for (int entry : entries) {
      bits.set(entry);
    }
    return ByteString.copyFrom(bits.toByteArray());
  }

  private ByteString previousHash() {
    return records.isEmpty()
        ? ByteString.copyFrom(new byte[32])
        : bytes(records.getLast().hash().toByteArray());
  }

  private static Bytes32 sha256(byte[] bytes) {
    try {
      return Bytes32.of(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
