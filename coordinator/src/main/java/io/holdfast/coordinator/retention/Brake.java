package io.holdfast.coordinator.retention;

import io.holdfast.coordinator.retention.clock.ClockDoubt;
import java.time.LocalDate;

/** Why nothing expires and nothing is dropped for now. */
public sealed interface Brake {
  /** What is wrong and what settles it, without a full stop. */
  String words();

  /** Ends with the doubt: by an operator's word, or by itself. */
  record ClockDoubted(ClockDoubt doubt) implements Brake {
    @Override
    public String words() {
      return doubt.words() + "; compare it with another clock and confirm it, or wait";
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
    public String words() {
      return snapshots
          + " unscheduled snapshots on "
          + day
          + ", where up to "
          + limit
          + " are ordinary; find out what makes them, then delete or approve them";
    }
  }

  /** One decision would take more than half. */
  record Fall(Rank upTo, long expiring, long live) implements Brake {
    @Override
    public String words() {
      return expiring
          + " of "
          + live
          + " snapshots "
          + upTo.upTo()
          + " would expire at once, more than half; look at the preview, then approve them";
    }
  }
}
