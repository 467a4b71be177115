package io.holdfast.coordinator.schedule.plan;

import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;

/**
 * One run of a series, named by the time it was meant for and never by when it happened to begin.
 * All ids follow from the name: a coordinator that forgot what it ordered orders the same again,
 * and the host and the journal know it again.
 *
 * @param nominal whole seconds, as a recurrence says
 */
public record RunKey(Series series, Instant nominal) {
  private static final int ID_BYTES = 16;

  /** Of the run, whatever the attempt: a host's run commits once. */
  public RunId run() {
    return RunId.of(id("holdfast scheduled run", 0));
  }

  /** Of one attempt, counted from 1. */
  public JobId job(int attempt) {
    return JobId.of(id("holdfast scheduled job", attempt));
  }

  /** The first half of SHA-256 over the series, the nominal seconds (8) and the attempt (4). */
  private byte[] id(String label, int attempt) {
    MessageDigest sha256 = series.sha256(label);
    sha256.update(ByteBuffer.allocate(12).putLong(nominal.getEpochSecond()).putInt(attempt).flip());
    return Arrays.copyOf(sha256.digest(), ID_BYTES);
  }
}
