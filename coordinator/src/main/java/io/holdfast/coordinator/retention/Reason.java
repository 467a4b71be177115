package io.holdfast.coordinator.retention;

import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Why a snapshot is kept, for programs as a type and for people as {@link #words}. */
public sealed interface Reason {
  /** One line, without a full stop. */
  String words();

  /** What keeps it, in a word that never changes: what is counted by. */
  default String rule() {
    return switch (this) {
      case NoRules _ -> "no_rules";
      case Stands stands -> stands.period().word();
      case NothingBetter better -> better.period().word();
      case ArrivedLate late -> late.period().word();
      case Within _ -> "within";
      case NewestGood _ -> "newest_good";
      case NoneGood _ -> "none_good";
      case DatedAhead _ -> "dated_ahead";
      case LogOfBase _ -> "base_backup";
      case Held _ -> "hold";
      case Frozen _ -> "brake";
    };
  }

  /** Nothing says how long it is kept. */
  record NoRules() implements Reason {
    @Override
    public String words() {
      return "no policy says how long it is kept";
    }
  }

  /** It is the one that stands for its bucket, which is among those that the rule names. */
  record Stands(Period period, Instant time, ZoneId zone) implements Reason {
    @Override
    public String words() {
      return period.word()
          + ": stands for "
          + period.bucket()
          + " "
          + BucketCalendar.of(zone).name(period, time);
    }
  }

  /** It doesn't count, and nothing that does stands in its place. */
  record NothingBetter(Period period, Instant time, ZoneId zone, Flaw flaw) implements Reason {
    @Override
    public String words() {
      return period.word()
          + ": "
          + flaw.words()
          + ", but nothing better stands for "
          + period.bucket()
          + " "
          + BucketCalendar.of(zone).name(period, time);
    }
  }

  /** It arrived late from another site: it competes with nothing and is kept from its arrival. */
  record ArrivedLate(Period period, Instant arrived) implements Reason {
    @Override
    public String words() {
      return period.word() + ": arrived late, counted from " + arrived + " and kept beside others";
    }
  }

  /** It is younger than the floor. */
  record Within(Duration within) implements Reason {
    @Override
    public String words() {
      return "within " + Durations.exact(within) + " of the newest good one";
    }
  }

  /** No newer one is good. */
  record NewestGood(Rank upTo) implements Reason {
    @Override
    public String words() {
      return "the newest good one of those " + upTo.upTo();
    }
  }

  /** There is no good one to measure ages by. */
  record NoneGood(Rank upTo) implements Reason {
    @Override
    public String words() {
      return "there is no good one of those " + upTo.upTo() + " yet";
    }
  }

  record DatedAhead(Instant time) implements Reason {
    @Override
    public String words() {
      return "dated " + time + ", ahead of the clock";
    }
  }

  /** A log of a database that goes up to the next base backup that is kept, or is the newest. */
  record LogOfBase() implements Reason {
    @Override
    public String words() {
      return "a base backup that is kept needs the log in it";
    }
  }

  record Held(List<String> holds) implements Reason {
    public Held {
      holds = List.copyOf(holds);
    }

    @Override
    public String words() {
      return "held: " + String.join(", ", holds);
    }
  }

  /** The rules would let it go; something has to be settled first. */
  record Frozen(List<Brake> brakes) implements Reason {
    public Frozen {
      brakes = List.copyOf(brakes);
    }

    @Override
    public String words() {
      return "nothing expires now: "
          + String.join("; ", brakes.stream().map(Brake::words).toList());
    }
  }
}
