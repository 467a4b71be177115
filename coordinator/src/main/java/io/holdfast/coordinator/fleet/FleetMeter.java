package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import java.time.Duration;

/**
 * Told what happens at the fleet's door and what becomes of its jobs; the metrics listen. Any
 * thread.
 */
public interface FleetMeter {
  void enrolled();

  void renewed();

  /** A call or an enrolment was refused. */
  void refused(ErrorCode code);

  /** Somebody came with a token that had let another host in: an alarm. */
  void tokenReused();

  /** A host's identity was in use twice at one time: an alarm. */
  void cloneRefused();

  /** A schedule's run was ordered so long after its time. */
  void runBegun(Duration late);

  /** A backup that was ordered ended without a snapshot. */
  void backupFailed();

  /** Open calls of a host that is no longer welcome were ended. */
  void callsEnded(int calls);
}
