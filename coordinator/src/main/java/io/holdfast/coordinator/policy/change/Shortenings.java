package io.holdfast.coordinator.policy.change;

import io.holdfast.common.unit.Durations;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.change.Shortening.Kind;
import io.holdfast.coordinator.retention.Period;
import io.holdfast.coordinator.retention.RetentionChange;
import io.holdfast.coordinator.retention.RetentionRules;
import io.holdfast.coordinator.schedule.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells changes of a policy that may let snapshots go from those that can't: the former ask first.
 * It errs on the side of asking: a rule that is lowered counts, whatever another one makes up for.
 */
public final class Shortenings {
  /** The rhythms of two schedules are compared from here on; any time would do. */
  private static final Instant COMPARED_FROM = Instant.parse("2026-01-01T00:00:00Z");

  private static final int COMPARED_MAX = 1_000;

  private Shortenings() {}

  /**
   * What replacing {@code before} by {@code after} lets go.
   *
   * @param hosts that {@code before} may fit
   */
  public static List<Shortening> of(Policy before, Policy after, Collection<HostTraits> hosts) {
    List<Shortening> out = new ArrayList<>();
    for (DataClass old : before.dataClasses()) {
      Optional<DataClass> young =
          after.dataClasses().stream().filter(each -> each.name().equals(old.name())).findFirst();
      young.ifPresentOrElse(each -> compare(old, each, out), () -> out.add(ends(old)));
    }
    for (HostTraits host : hosts) {
      if (before.selector().fits(host) && !after.selector().fits(host)) {
        out.addAll(ofLeaving(before, host));
      }
    }
    return out;
  }

  /** What goes when {@code policy} no longer fits {@code host}. */
  public static List<Shortening> ofLeaving(Policy policy, HostTraits host) {
    return policy.dataClasses().stream().map(each -> leaves(each, host)).toList();
  }

  /** What deleting {@code policy} lets go. */
  public static List<Shortening> ofDeletion(Policy policy) {
    return policy.dataClasses().stream().map(Shortenings::ends).toList();
  }

  private static Shortening ends(DataClass dataClass) {
    return new Shortening(
        Kind.PROTECTION_ENDS, dataClass.name(), Optional.empty(), "its data class is gone");
  }

  private static Shortening leaves(DataClass dataClass, HostTraits host) {
    return new Shortening(
        Kind.PROTECTION_ENDS,
        dataClass.name(),
        Optional.of(host.id()),
        "the selector no longer fits " + host.name());
  }

  private static void compare(DataClass before, DataClass after, List<Shortening> out) {
    if (!before.source().identity().equals(after.source().identity())) {
      out.add(
          shortening(
              Kind.PROTECTION_ENDS,
              before,
              before.source().identity() + " gives way to " + after.source().identity()));
    }
    if (after.retention().isPresent()) {
      if (before.retention().isEmpty()) {
        out.add(
            shortening(
                Kind.RULES_BEGIN, before, "everything was kept; now " + after.retention().get()));
      } else {
        compareRules(before, after, out);
      }
    } else if (after.gapsLimit() < before.gapsLimit()) {
      String text = "gapsLimit " + before.gapsLimit() + " -> " + after.gapsLimit();
      out.add(shortening(Kind.GAPS_LIMIT_LOWERED, before, text));
    }
    if (before.hold().isPresent() && after.hold().isEmpty()) {
      out.add(shortening(Kind.HOLD_ENDS, before, "\"" + before.hold().get() + "\" holds no more"));
    }
  }

  private static Shortening shortening(Kind kind, DataClass dataClass, String text) {
    return new Shortening(kind, dataClass.name(), Optional.empty(), text);
  }

  private static void compareRules(DataClass before, DataClass after, List<Shortening> out) {
    RetentionRules old = before.retention().orElseThrow();
    RetentionRules young = after.retention().orElseThrow();
    RetentionChange.shortened(old, young)
        .forEach(text -> out.add(shortening(Kind.RULE_LOWERED, before, text)));
    compareSpans(before, after, Math.min(old.count(Period.LAST), young.count(Period.LAST)), out);
  }

  /** The last seven nights become the last seven hours by an edit of the schedule alone. */
  private static void compareSpans(
      DataClass before, DataClass after, int last, List<Shortening> out) {
    Timetable old = before.schedule().timetable();
    Timetable young = after.schedule().timetable();
    if (last == 0 || old.equals(young)) {
      return;
    }
    int compared = Math.min(last, COMPARED_MAX);
    Duration oldSpan = span(old, compared);
    Duration youngSpan = span(young, compared);
    if (youngSpan.multipliedBy(10).compareTo(oldSpan.multipliedBy(9)) < 0) {
      String text =
          "the last "
              + compared
              + " were made in "
              + Durations.rounded(oldSpan)
              + ", now in "
              + Durations.rounded(youngSpan);
      out.add(shortening(Kind.LAST_SPANS_LESS, before, text));
    }
  }

  private static Duration span(Timetable timetable, int runs) {
    Instant first = timetable.next(COMPARED_FROM).opens();
    return Stream.iterate(timetable.next(COMPARED_FROM), timetable::after)
        .skip(runs)
        .findFirst()
        .map(slot -> Duration.between(first, slot.opens()))
        .orElseThrow();
  }
}
