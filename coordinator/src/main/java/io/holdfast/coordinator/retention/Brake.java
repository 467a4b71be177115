package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.retention.clock.ClockDoubt;
import java.time.LocalDate;

/** Why nothing expires and nothing is dropped for now. */
public sealed interface Brake {
  /** What is wrong, without a full stop. */
  String wrong();

  /** What settles it, in the imperative. */
  String settledBy();

  /** Both. */
  default String words() {
    return wrong() + "; " + settledBy();
  }

  /** Ends with the doubt: by an operator's word, or by itself. */
  record ClockDoubted(ClockDoubt doubt) implements Brake {
    @Override
    public String wrong() {
      return doubt.words();
    }

    @Override
    public String settledBy() {
      return "compare it with another clock and confirm it, or wait";
    }
  }

  /**
   * More unscheduled snapshots on a day than this source set is used to.
   *
   * @param day of the worst of them, in UTC
   * @param limit below which it had been ordinary
   */
  record Flood(LocalDate day, long snapshots, long limit) implements Brake {
    @Override
    public String wrong() {
      return snapshots
          + " unscheduled snapshots on "
          + day
          + ", where up to "
          + limit
          + " are ordinary";
    }

    @Override
    public String settledBy() {
      return "find out what makes them, then delete or approve them";
    }
  }

  /** One decision would take more than half. */
  record Fall(Rank upTo, long expiring, long live) implements Brake {
    @Override
    public String wrong() {
      return expiring
          + " of "
          + live
          + " snapshots "
          + upTo.upTo()
          + " would expire at once, more than half";
    }

    @Override
    public String settledBy() {
      return "look at the preview, then approve them";
    }
  }
}
