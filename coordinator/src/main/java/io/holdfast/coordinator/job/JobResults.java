package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;

/** Results that the coordinator makes up itself, and the bounds of those that it is sent. */
final class JobResults {
  private static final int PATHS_MAX = 1_000;
  private static final int HOOKS_MAX = 64;

  private JobResults() {}

  static JobResult vanished(Job job, String how) {
    return failed(
        job.id(),
        ErrorDetail.newBuilder()
            .setCode(ErrorCode.HOST_NOT_CONNECTED.number())
            .setMessage(
                "agent vanished: host "
                    + job.host()
                    + " "
                    + how
                    + "; look at the agent's log there, and start the job again: what was sent"
                    + " stays")
            .build());
  }

  static JobResult failed(JobId job, ErrorDetail error) {
    return JobResult.newBuilder()
        .setJob(ByteString.copyFrom(job.toByteArray()))
        .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
        .setError(error)
        .build();
  }

  /** {@code result} with lists as long as promised; an outcome unknown here counts as failed. */
  static JobResult bounded(HostId host, JobResult result) {
    JobResult.Builder kept = result.toBuilder();
    if (result.getGapsCount() > PATHS_MAX) {
      kept.clearGaps().addAllGaps(result.getGapsList().subList(0, PATHS_MAX));
    }
    if (result.getDifferencesCount() > PATHS_MAX) {
      kept.clearDifferences().addAllDifferences(result.getDifferencesList().subList(0, PATHS_MAX));
    }
    if (result.getHooksCount() > HOOKS_MAX) {
      kept.clearHooks().addAllHooks(result.getHooksList().subList(0, HOOKS_MAX));
    }
    return switch (result.getOutcome()) {
      case JOB_OUTCOME_COMPLETE, JOB_OUTCOME_COMPLETE_WITH_GAPS, JOB_OUTCOME_FAILED -> kept.build();
      case JOB_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
          kept.setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
              .setError(
                  ErrorDetail.newBuilder()
                      .setCode(ErrorCode.UNKNOWN_VERSION.number())
                      .setMessage(
                          "host "
                              + host
                              + " reports an outcome that this release doesn't know; upgrade the"
                              + " coordinator"))
              .build();
    };
  }
}
