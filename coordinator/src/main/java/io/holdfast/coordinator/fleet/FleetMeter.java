package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.wire.v1.JobOutcome;
import java.time.Duration;
import java.util.Optional;

/**
 * Told what happens at the fleet's door and what becomes of its jobs; the metrics listen, and the
 * watch. Any thread.
 */
public interface FleetMeter {
  void enrolled();

  void renewed();

  /** A call or an enrolment was refused. */
  void refused(ErrorCode code);

  /** Somebody came with a token that had let in another host, if that is known: an alarm. */
  void tokenReused(Optional<HostId> letIn);

  /** The identity of {@code host} was in use twice at one time: an alarm. */
  void cloneRefused(HostId host);

  /** A schedule's run was ordered so long after its time. */
  void runBegun(Duration late);

  /** A backup that was ordered ended without a snapshot. */
  void backupFailed();

  /** A restore that was ordered ended, having written so many bytes of files in that time. */
  void restoreEnded(JobOutcome outcome, long bytes, Duration took);

  /** Open calls of a host that is no longer welcome were ended. */
  void callsEnded(int calls);
}
