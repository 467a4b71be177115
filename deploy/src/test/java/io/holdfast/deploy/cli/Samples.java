package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.proto.wire.v1.File;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ProofStatement;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.RunTotals;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotState;
import io.holdfast.proto.wire.v1.VerifyLevel;

/** Messages as a coordinator would send them. */
final class Samples {
  /** 2026-01-02 03:04:05.678 UTC. */
  static final long MILLIS = 1_767_323_045_678L;

  static final ByteString JOB = ByteString.fromHex("0102030405060708090a0b0c0d0e0f10");
  static final String SNAPSHOT_HEX = "3fa1b2c4d5" + "00".repeat(27);
  static final ByteString SNAPSHOT_ID = ByteString.fromHex(SNAPSHOT_HEX);

  static final RunTotals TOTALS =
      RunTotals.newBuilder()
          .setEntries(13_000)
          .setFiles(12_345)
          .setDirectories(655)
          .setLogicalBytes(3L << 30)
          .setUploadedPlainBytes(34 << 20)
          .setUploadedSealedBytes(12 << 20)
          .build();

  static final Snapshot SNAPSHOT =
      Snapshot.newBuilder()
          .setSnapshot(SNAPSHOT_ID)
          .setHost(ByteString.fromHex("aa".repeat(16)))
          .setHostName("web1")
          .addSources(ByteString.copyFromUtf8("/etc"))
          .setTimeMillis(MILLIS)
          .setDurationMillis(12_500)
          .setTotals(TOTALS)
          .setComplete(true)
          .setState(SnapshotState.SNAPSHOT_STATE_PROVEN)
          .setSeq(42)
          .setProof(statement(VerifyLevel.VERIFY_LEVEL_PROVEN))
          .build();

  /** A restore of another host's snapshot. */
  static final RestorePlan PLAN =
      RestorePlan.newBuilder()
          .setSnapshot(SNAPSHOT_ID)
          .setSnapshotHost("web1")
          .setSnapshotMillis(MILLIS)
          .setFiles(17)
          .setBytes(8L << 30)
          .addMissing(ByteString.copyFromUtf8("etc/none"))
          .setNeedsGrant(true)
          .setMeasuredRate(100 << 20)
          .setMeasuredRestores(3)
          .build();

  private Samples() {}

  static ProofStatement statement(VerifyLevel level) {
    return ProofStatement.newBuilder()
        .setLevel(level)
        .setTimeMillis(MILLIS)
        .setCoordinator(ByteString.fromHex("bb".repeat(16)))
        .setTerm(3)
        .setSeq(1_234)
        .build();
  }

  static JobEvent progress(long bytes) {
    JobProgress progress =
        JobProgress.newBuilder()
            .setJob(JOB)
            .setPhase("sending")
            .setFiles(10)
            .setBytes(bytes)
            .setBytesExpected(1_000_000)
            .build();
    return JobEvent.newBuilder().setJob(JOB).setProgress(progress).build();
  }

  static JobResult.Builder result(JobOutcome outcome) {
    return JobResult.newBuilder()
        .setJob(JOB)
        .setOutcome(outcome)
        .setSnapshot(SNAPSHOT_ID)
        .setTotals(TOTALS)
        .setDurationMillis(12_500);
  }

  static JobEvent end(JobResult.Builder result) {
    return JobEvent.newBuilder().setJob(JOB).setResult(result).build();
  }

  static File file(ByteString path) {
    return File.newBuilder()
        .setPath(path)
        .setType(1)
        .setMode(0644)
        .setUid(1000)
        .setGid(100)
        .setSize(1_234)
        .setMtimeSeconds(MILLIS / 1_000)
        .build();
  }

  static File file(String path) {
    return file(ByteString.copyFromUtf8(path));
  }
}
