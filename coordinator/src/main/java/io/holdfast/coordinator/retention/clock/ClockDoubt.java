package io.holdfast.coordinator.retention.clock;

import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.time.Instant;

/**
 * Why the clock isn't believed.
 *
 * @param since what it showed when the doubt began
 * @param by how far it stepped, or how long nobody watched it
 * @param ordinary how long it has run evenly since, by the monotonic clock
 */
public record ClockDoubt(Cause cause, Instant since, Duration by, Duration ordinary) {
  /** What raised it. */
  public enum Cause {
    /** No earlier reading is known. */
    NEW("nobody has watched it before"),
    FORWARD("it stepped forward by"),
    BACKWARD("it stepped back by"),
    /** The process, or the machine, was down for longer than is ordinary. */
    UNWATCHED("nobody watched it for"),
    /** Records bear times that it says are still to come. */
    BEHIND_JOURNAL("it is behind the journal's newest record by");

    private final String words;

    Cause(String words) {
      this.words = words;
    }
  }

  ClockDoubt after(Duration more) {
    return new ClockDoubt(cause, since, by, ordinary.plus(more));
  }

  /** What is wrong, for people. */
  public String words() {
    String amount = cause == Cause.NEW ? "" : " " + Durations.rounded(by);
    return "the clock is doubted since it showed " + since + ": " + cause.words + amount;
  }
}
