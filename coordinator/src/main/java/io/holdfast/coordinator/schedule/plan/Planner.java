package io.holdfast.coordinator.schedule.plan;

import io.holdfast.coordinator.schedule.plan.WaitingRun.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says which runs are to begin: the same answer for the same questions, whoever asks and however
 * often. It keeps nothing, so nothing of it can be lost.
 *
 * <p>Places are given by priority, then to whoever has waited longest. A lower priority gets what a
 * higher one leaves over; if that is nothing for long, the host is overdue, which is an alarm.
 */
public final class Planner {
  private static final Comparator<DueRun> ORDER =
      Comparator.comparingInt((DueRun run) -> -run.duty().priority())
          .thenComparing(DueRun::since)
          .thenComparingLong(run -> run.duty().place())
          .thenComparing(run -> run.duty().series());

  private final Caps caps;

  public Planner(Caps caps) {
    this.caps = caps;
  }

  /**
   * The plan at {@code now}. Whoever begins a run appends its ORDERED record first and sends the
   * order when that is durable; a plan is void as soon as anything was appended that it didn't
   * foresee.
   */
  public Plan plan(Instant now, Collection<Duty> duties, Situation situation) {
    List<DueRun> due = new ArrayList<>();
    Optional<Instant> lookAgain = Optional.empty();
    Turns turns = new Turns(now);
    for (Duty duty : duties) {
      switch (turns.of(duty, situation.last().apply(duty.series()))) {
        case Turn.Running running -> {}
        case Turn.Ready(RunKey key, int attempt, Instant since) ->
            due.add(new DueRun(duty, key, attempt, since));
        case Turn.Rests(Instant until) -> lookAgain = earlier(lookAgain, until);
      }
    }
    due.sort(ORDER);
    return placed(due, situation, lookAgain);
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Instant other) {
    return one.filter(each -> each.isBefore(other)).or(() -> Optional.of(other));
  }

  private Plan placed(List<DueRun> due, Situation situation, Optional<Instant> lookAgain) {
    Places places = new Places(caps, situation.running());
    List<DueRun> begin = new ArrayList<>();
    List<WaitingRun> waiting = new ArrayList<>();
    for (DueRun run : due) {
      Duty duty = run.duty();
      RunningJob job = new RunningJob(duty.series().host(), duty.vault(), duty.group());
      Optional<Reason> refusal =
          situation.reachable().test(job.host())
              ? places.refusal(job)
              : Optional.of(Reason.HOST_NOT_CONNECTED);
      if (refusal.isPresent()) {
        waiting.add(new WaitingRun(run, refusal.get()));
      } else {
        places.take(job);
        begin.add(run);
      }
    }
    return new Plan(begin, waiting, lookAgain);
  }
}
