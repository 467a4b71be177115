package io.holdfast.common.progress;

import io.holdfast.common.seam.Time;
import io.holdfast.common.unit.DataRate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Estimates rate and time left over a sliding window of {@link #WINDOW}: long enough that one large
 * file doesn't make the time left jump, short enough that a stall shows. Holds at most {@link
 * #SAMPLES_MAX} samples.
 */
public final class ProgressMeter {
  static final Duration WINDOW = Duration.ofSeconds(20);
  static final int SAMPLES_MAX = 40;

  private static final long SPACING_NANOS = WINDOW.toNanos() / SAMPLES_MAX;
  private static final double NANOS_A_SECOND = 1e9;

  private record Sample(long nanos, long bytes) {}

  private final Time time;
  private final long startNanos;
  private final Deque<Sample> window = new ArrayDeque<>();
  private long bytesDone;
  private long bytesExpected;

  public ProgressMeter(Time time) {
    this.time = time;
    this.startNanos = time.nanos();
    window.add(new Sample(startNanos, 0));
  }

  /**
   * Notes that {@code bytesDone} of {@code bytesExpected} (0 if unknown) are done now. When it goes
   * back, as at the start of another phase, measuring begins anew.
   */
  public void sample(long bytesDone, long bytesExpected) {
    long now = time.nanos();
    if (bytesDone < this.bytesDone) {
      window.clear();
    }
    this.bytesDone = bytesDone;
    this.bytesExpected = bytesExpected;
    if (window.isEmpty() || now - window.getLast().nanos() >= SPACING_NANOS) {
      window.add(new Sample(now, bytesDone));
    }
    forgetOld(now);
  }

  /** Keeps one sample beyond the window: the rate is measured from there. */
  private void forgetOld(long now) {
    while (window.size() > 2 && now - secondOldest().nanos() >= WINDOW.toNanos()) {
      window.removeFirst();
    }
    while (window.size() > SAMPLES_MAX) {
      window.removeFirst();
    }
  }

  private Sample secondOldest() {
    Sample oldest = window.removeFirst();
    Sample second = window.getFirst();
    window.addFirst(oldest);
    return second;
  }

  public ProgressEstimate estimate() {
    long now = time.nanos();
    DataRate rate = rate(now);
    return new ProgressEstimate(
        bytesDone, bytesExpected, Duration.ofNanos(now - startNanos), rate, left(rate));
  }

  private DataRate rate(long now) {
    Sample from = window.getFirst();
    long nanos = now - from.nanos();
    if (nanos <= 0) {
      return new DataRate(0);
    }
    return new DataRate((long) ((bytesDone - from.bytes()) * NANOS_A_SECOND / nanos));
  }

  private Optional<Duration> left(DataRate rate) {
    long bytesLeft = bytesExpected - bytesDone;
    if (bytesExpected <= 0 || bytesLeft < 0 || rate.bytesPerSecond() == 0) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds(bytesLeft / rate.bytesPerSecond()));
  }
}
