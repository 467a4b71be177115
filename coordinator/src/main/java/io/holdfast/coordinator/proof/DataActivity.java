package io.holdfast.coordinator.proof;

import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.ingest.IngestMeter;
import io.holdfast.coordinator.serve.ReadMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** When hosts last moved data through this coordinator. Any thread. */
public final class DataActivity {
  private static final long NEVER = Long.MIN_VALUE;

  private final Time time;
  private final AtomicLong lastNanos = new AtomicLong(NEVER);

  public DataActivity(Time time) {
    this.time = time;
  }

  /** Passes on to {@code meter} and notes that a backup moved data. */
  public IngestMeter over(IngestMeter meter) {
    return new IngestMeter() {
      @Override
      public void uploaded(long sealedBytes) {
        moved();
        meter.uploaded(sealedBytes);
      }

      @Override
      public void committed(long logicalBytes, boolean withGaps) {
        meter.committed(logicalBytes, withGaps);
      }

      @Override
      public void commitRefused() {
        meter.commitRefused();
      }
    };
  }

  /** Passes on to {@code meter} and notes that a restore moved data. */
  public ReadMeter over(ReadMeter meter) {
    return new ReadMeter() {
      @Override
      public void served(long sealedBytes) {
        moved();
        meter.served(sealedBytes);
      }

      @Override
      public void refused() {
        meter.refused();
      }

      @Override
      public void damaged() {
        meter.damaged();
      }

      @Override
      public void unopened() {
        meter.unopened();
      }
    };
  }

  /** Whether nobody has moved data for {@code idle}. */
  public boolean isIdle(Duration idle) {
    return untilIdle(idle).isZero();
  }

  void moved() {
    lastNanos.set(time.nanos());
  }

  /** How long until nobody has moved data for {@code idle}, if nobody does from now on. */
  Duration untilIdle(Duration idle) {
    long last = lastNanos.get();
    if (last == NEVER) {
      return Duration.ZERO;
    }
    Duration since = Duration.ofNanos(time.nanos() - last);
    return since.compareTo(idle) >= 0 ? Duration.ZERO : idle.minus(since);
  }
}
