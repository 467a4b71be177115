package io.holdfast.coordinator.ingest;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.ChunkId;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SessionId;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.ScheduledRun;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.SnapshotDetails;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.Commit;
import io.holdfast.proto.wire.v1.RunTotals;
import java.util.List;
import java.util.Optional;

/** One commit as its agent signed it, and the mutation it becomes. */
final class CommitCheck {
  private static final int SEALED_KEY_LIMIT = 1_024;
  private static final int SOURCE_LIMIT = 1_024;
  private static final int SOURCE_BYTES_LIMIT = 65_535;

  private final IngestPorts ports;
  private final EnrolledHost host;
  private final RunId run;
  private final SessionId session;
  private final Commit commit;
  private final Bytes32 sourceSet;

  /** Refuses what is malformed or not signed by the host's key. */
  CommitCheck(IngestPorts ports, EnrolledHost host, RunId run, SessionId session, Commit commit) {
    this.ports = ports;
    this.host = host;
    this.run = run;
    this.session = session;
    this.commit = commit;
    requireLengths();
    this.sourceSet =
        SnapshotFormat.sourceSet(
            commit.getSourcesList().stream().map(ByteString::toByteArray).toList());
    requireSignature();
  }

  ChunkId root() {
    return ChunkId.of(commit.getRoot().toByteArray());
  }

  boolean hasGaps() {
    return commit.getTotals().getGaps() > 0;
  }

  long logicalBytes() {
    return commit.getTotals().getLogicalBytes();
  }

  Mutation mutation() {
    Change change = Change.newBuilder().setSnapshotCommitted(committed()).build();
    Details details =
        Details.newBuilder()
            .setSnapshot(
                SnapshotDetails.newBuilder()
                    .setHostName(hostName())
                    .addAllSources(commit.getSourcesList())
                    .setDurationMillis(commit.getDurationMillis()))
            .build();
    return ports.mutations().seal(change, details);
  }

  private SnapshotCommitted.Builder committed() {
    SnapshotCommitted.Builder committed =
        SnapshotCommitted.newBuilder()
            .setSnapshot(bytes(SnapshotFormat.snapshotId(host.id(), run, root()).value()))
            .setHost(ByteString.copyFrom(host.id().toByteArray()))
            .setRun(ByteString.copyFrom(run.toByteArray()))
            .setRoot(commit.getRoot())
            .setSession(ByteString.copyFrom(session.toByteArray()))
            .setOutcome(hasGaps() ? Outcome.OUTCOME_COMPLETE_WITH_GAPS : Outcome.OUTCOME_COMPLETE)
            .setTotals(totals(commit.getTotals()))
            .setHostTimeMillis(commit.getHostTimeMillis())
            .setRootForRecovery(commit.getRootForRecovery())
            .setRootForHost(commit.getRootForHost())
            .setUploadsDigest(commit.getUploadsDigest())
            .setAgentSignature(commit.getSignature())
            .setSourceSet(bytes(sourceSet));
    scheduled().ifPresent(committed::setScheduled);
    return committed;
  }

  /** By this coordinator's own word: a host can't make a snapshot a scheduled one. */
  private Optional<ScheduledRun> scheduled() {
    try (CatalogView view = ports.views().get()) {
      return view.jobs()
          .ofScheduledRun(host.id(), run)
          .map(RecordedJob::ordered)
          .filter(ordered -> ordered.getSourceSet().equals(bytes(sourceSet)))
          .map(JobOrdered::getScheduled);
    }
  }

  private String hostName() {
    MutationSealer mutations = ports.mutations();
    return mutations.open(host.mutation()).map(details -> details.getHost().getName()).orElse("");
  }

  private void requireLengths() {
    require(commit.getRoot().size() == Bytes32.LENGTH, "its root's id has not 32 bytes");
    require(commit.getUploadsDigest().size() == Bytes32.LENGTH, "its digest has not 32 bytes");
    require(
        commit.getRootForHost().size() <= SEALED_KEY_LIMIT
            && commit.getRootForRecovery().size() <= SEALED_KEY_LIMIT
            && !commit.getRootForRecovery().isEmpty(),
        "the sealed keys of its root are missing or too long");
    List<ByteString> sources = commit.getSourcesList();
    require(
        !sources.isEmpty()
            && sources.size() <= SOURCE_LIMIT
            && sources.stream().allMatch(source -> source.size() <= SOURCE_BYTES_LIMIT),
        "its sources are none, too many or too long");
  }

  private void require(boolean holds, String why) {
    if (!holds) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT, "the commit of run " + run + " is refused: " + why);
    }
  }

  private void requireSignature() {
    VerifyingKey.parse(host.enrolled().getSigningKey().toByteArray())
        .check(
            "the commit of run " + run,
            SigningDomain.COMMIT,
            Signature.of(commit.getSignature().toByteArray()),
            SnapshotFormat.commitStatement(
                ports.repository(),
                host.id(),
                run,
                root(),
                commit.getHostTimeMillis(),
                Bytes32.of(commit.getUploadsDigest().toByteArray()),
                sourceSet));
  }

  private static Totals totals(RunTotals totals) {
    return Totals.newBuilder()
        .setEntries(totals.getEntries())
        .setFiles(totals.getFiles())
        .setDirectories(totals.getDirectories())
        .setLogicalBytes(totals.getLogicalBytes())
        .setGaps(totals.getGaps())
        .setUploadedPlainBytes(totals.getUploadedPlainBytes())
        .setUploadedSealedBytes(totals.getUploadedSealedBytes())
        .build();
  }

  private static ByteString bytes(Bytes32 value) {
    return ByteString.copyFrom(value.toByteArray());
  }
}
