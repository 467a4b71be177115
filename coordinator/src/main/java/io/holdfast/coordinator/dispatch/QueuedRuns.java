package io.holdfast.coordinator.dispatch;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.schedule.plan.WaitingRun;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobState;

/**
 * Runs that are due and can't begin yet, as operators see them among the jobs; without an id, for
 * no job has begun.
 */
final class QueuedRuns {
  private QueuedRuns() {}

  static Job view(WaitingRun waiting, Assignment assignment) {
    return Job.newBuilder()
        .setHost(ByteString.copyFrom(assignment.host().id().toByteArray()))
        .setHostName(assignment.host().name())
        .setKind(JobKind.JOB_KIND_BACKUP)
        .setState(JobState.JOB_STATE_WAITING)
        .setWaitsFor(waiting.reason().text())
        .setDueMillis(waiting.run().since().toEpochMilli())
        .setNominalMillis(waiting.run().key().nominal().toEpochMilli())
        .setAttempt(waiting.run().attempt())
        .setPolicy(assignment.policy())
        .setDataClass(assignment.dataClass().name())
        .addAllSources(BackupOrders.shown(assignment.dataClass().source()))
        .build();
  }
}
