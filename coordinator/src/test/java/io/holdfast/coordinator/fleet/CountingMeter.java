package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.proto.wire.v1.JobOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts alarms. */
public final class CountingMeter implements FleetMeter {
  public final AtomicInteger enrolled = new AtomicInteger();
  public final AtomicInteger tokensReused = new AtomicInteger();
  public final AtomicInteger clonesRefused = new AtomicInteger();
  public final AtomicInteger backupsFailed = new AtomicInteger();
  public final List<String> restores = new CopyOnWriteArrayList<>();
  public final AtomicInteger callsEnded = new AtomicInteger();

  @Override
  public void enrolled() {
    enrolled.incrementAndGet();
  }

  @Override
  public void renewed() {}

  @Override
  public void refused(ErrorCode code) {}

  @Override
  public void tokenReused(Optional<HostId> letIn) {
    tokensReused.incrementAndGet();
  }

  @Override
  public void cloneRefused(HostId host) {
    clonesRefused.incrementAndGet();
  }

  @Override
  public void runBegun(Duration late) {}

  @Override
  public void backupFailed() {
    backupsFailed.incrementAndGet();
  }

  @Override
  public void restoreEnded(JobOutcome outcome, long bytes, Duration took) {
    restores.add(outcome + " " + bytes + " " + took);
  }

  @Override
  public void callsEnded(int calls) {
    callsEnded.addAndGet(calls);
  }
}
