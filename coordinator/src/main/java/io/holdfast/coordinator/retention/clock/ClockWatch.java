package io.holdfast.coordinator.retention.clock;

import io.holdfast.coordinator.retention.clock.ClockDoubt.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Judges readings of the clocks, one after another. Pure: what comes out depends on what goes in.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>to</th><th>because</th></tr>
 * <tr><td>nothing</td><td>doubted</td><td>no earlier standing is known (a new coordinator has
 *     nothing to expire anyway; one that lost its memory waits)</td></tr>
 * <tr><td>any</td><td>doubted anew</td><td>since the reading before, in the same process, the wall
 *     clock gained or lost more than the tolerance against the monotonic one; or did so in several
 *     steps, of which one in a hundred parts of the time between them is forgotten</td></tr>
 * <tr><td>any</td><td>doubted anew</td><td>another process: it shows an earlier time than the last
 *     reading, beyond the tolerance, or one later by more than it may go unwatched</td></tr>
 * <tr><td>any</td><td>doubted anew</td><td>a record of the journal is ahead of it by more than the
 *     tolerance, and by that much newer than any that was judged before</td></tr>
 * <tr><td>doubted</td><td>trusted</td><td>it ran evenly, watched, for the probation: measured by
 *     the monotonic clock, added up over restarts</td></tr>
 * <tr><td>doubted</td><td>trusted</td><td>an operator says that it is right</td></tr>
 * </table>
 *
 * <p>A doubt that begins anew starts the probation again. The monotonic clock of a suspended
 * machine stands still; to the watch that is a step forward, and it errs to the safe side.
 */
public final class ClockWatch {
  /** One part in so many of the time that passes is forgotten of what was gained or lost. */
  private static final int FORGET_ONE_IN = 100;

  private final ClockLimits limits;

  public ClockWatch(ClockLimits limits) {
    this.limits = limits;
  }

  /** The first reading ever, or after what was known is lost. */
  public ClockStanding start(ClockReading reading) {
    ClockDoubt doubt = doubt(Cause.NEW, reading, Duration.ZERO);
    return new ClockStanding(reading, Duration.ZERO, reading.journal(), Optional.of(doubt));
  }

  /** The first reading of a process that knows what an earlier one left. */
  public ClockStanding resume(ClockStanding left, ClockReading reading) {
    Duration passed = Duration.between(left.last().wall(), reading.wall());
    ClockStanding here = new ClockStanding(reading, left.gained(), left.judged(), left.doubt());
    if (passed.compareTo(limits.tolerance().negated()) < 0) {
      return doubted(here, Cause.BACKWARD, passed.negated());
    }
    if (passed.compareTo(limits.unwatched()) > 0) {
      return doubted(here, Cause.UNWATCHED, passed);
    }
    return againstJournal(here);
  }

  /** The next reading of the same process. */
  public ClockStanding next(ClockStanding before, ClockReading reading) {
    Duration ran = Duration.ofNanos(reading.monotonicNanos() - before.last().monotonicNanos());
    Duration moved = Duration.between(before.last().wall(), reading.wall());
    Duration gained = forgetful(before.gained(), ran).plus(moved.minus(ran));
    ClockStanding here =
        new ClockStanding(
            reading, gained, before.judged(), before.doubt().map(doubt -> doubt.after(ran)));
    if (gained.abs().compareTo(limits.tolerance()) > 0) {
      return doubted(here, gained.isNegative() ? Cause.BACKWARD : Cause.FORWARD, gained.abs());
    }
    return afterProbation(againstJournal(here));
  }

  /** An operator has compared the clock with another one and says that it is right. */
  public ClockStanding confirm(ClockStanding standing) {
    return new ClockStanding(
        standing.last(),
        Duration.ZERO,
        later(standing.judged(), standing.last().journal()),
        Optional.empty());
  }

  private ClockStanding againstJournal(ClockStanding here) {
    Instant journal = here.last().journal();
    Instant believable = later(here.last().wall(), here.judged()).plus(limits.tolerance());
    if (!journal.isAfter(believable)) {
      return here;
    }
    Duration behind = Duration.between(here.last().wall(), journal);
    return doubted(here, Cause.BEHIND_JOURNAL, behind);
  }

  private ClockStanding afterProbation(ClockStanding here) {
    return here.doubt()
        .filter(doubt -> doubt.ordinary().compareTo(limits.probation()) >= 0)
        .map(_ -> confirm(here))
        .orElse(here);
  }

  /** What was gained is judged by this, and counts no more; so is what the journal shows. */
  private ClockStanding doubted(ClockStanding here, Cause cause, Duration by) {
    return new ClockStanding(
        here.last(),
        Duration.ZERO,
        later(here.judged(), here.last().journal()),
        Optional.of(doubt(cause, here.last(), by)));
  }

  private static ClockDoubt doubt(Cause cause, ClockReading reading, Duration by) {
    return new ClockDoubt(cause, reading.wall(), by, Duration.ZERO);
  }

  private static Duration forgetful(Duration gained, Duration ran) {
    Duration forgotten = ran.dividedBy(FORGET_ONE_IN);
    if (gained.abs().compareTo(forgotten) <= 0) {
      return Duration.ZERO;
    }
    return gained.isNegative() ? gained.plus(forgotten) : gained.minus(forgotten);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
