package io.holdfast.coordinator.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.coordinator.proof.SnapshotHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A history and what becomes of it as a table: {@code <day> <time in UTC> <kind> -> <outcome>},
 * oldest first. Kinds: scheduled, unscheduled, unproven, checked, damaged, gaps, suspect, held,
 * deleted (by an operator, undo for 7 days), expired (deleted by the rules, as long), late (arrived
 * three days later). Outcomes: what keeps it, in parentheses where it only waits for something
 * better; or expire, undelete, await, drop.
 */
final class ExampleTable {
  private static final int KINDS_FROM = 2;

  private final List<SnapshotFacts> history = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private final List<String> outcomes = new ArrayList<>();

  static ExampleTable of(String text) {
    ExampleTable table = new ExampleTable();
    text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(table::add);
    return table;
  }

  private void add(String line) {
    String[] sides = line.split(" *-> *", 2);
    String[] words = sides[0].split(" +");
    Instant time = Instant.parse(words[0] + "T" + words[1] + ":00Z");
    history.add(taken(history.size(), time, List.of(words).subList(KINDS_FROM, words.length)));
    lines.add(sides[0]);
    outcomes.add(sides[1].strip());
  }

  private static SnapshotFacts taken(int id, Instant time, List<String> kinds) {
    Taken taken =
        kinds.contains("unscheduled") ? Taken.unscheduled(id, time) : Taken.scheduled(id, time);
    for (String kind : kinds) {
      taken =
          switch (kind) {
            case "scheduled", "unscheduled" -> taken;
            case "unproven" -> taken.with(SnapshotHealth.State.STORED);
            case "checked" -> taken.with(SnapshotHealth.State.CHECKED);
            case "damaged" -> taken.with(SnapshotHealth.State.DAMAGED);
            case "gaps" -> taken.with(Taken.MANY_GAPS);
            case "suspect" -> taken.suspect();
            case "held" -> taken.held("case 12");
            case "deleted" ->
                taken.with(new Life.Deleted(time.plus(Duration.ofDays(7)), Life.Cause.OPERATOR));
            case "expired" ->
                taken.with(new Life.Deleted(time.plus(Duration.ofDays(7)), Life.Cause.RETENTION));
            case "late" -> taken.imported(time.plus(Duration.ofDays(3)), true);
            default -> throw new IllegalArgumentException("no kind is called " + kind);
          };
    }
    return taken.facts();
  }

  SnapshotHistory history() {
    return history::forEach;
  }

  /** By the rules alone, at {@code situation}. */
  void check(RetentionRules rules, Situation situation) {
    RetentionPlan plan = RetentionPlan.of(rules, situation, history());
    assertEquals(
        table(outcomes),
        table(history.stream().map(snapshot -> outcome(plan.judge(snapshot))).toList()));
  }

  private String table(List<String> outcomesThere) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      out.append(lines.get(i)).append(" -> ").append(outcomesThere.get(i)).append('\n');
    }
    return out.toString();
  }

  static String outcome(Decision decision) {
    return switch (decision) {
      case Decision.Keep keep ->
          keep.reasons().stream().map(ExampleTable::word).collect(Collectors.joining(" "));
      case Decision.Expire _ -> "expire";
      case Decision.Undelete _ -> "undelete";
      case Decision.Await _ -> "await";
      case Decision.Drop _ -> "drop";
    };
  }

  private static String word(Reason reason) {
    return switch (reason) {
      case Reason.Stands stands -> stands.period().word();
      case Reason.NothingBetter waits -> "(" + waits.period().word() + ")";
      case Reason.ArrivedLate late -> "late-" + late.period().word();
      case Reason.Within _ -> "within";
      case Reason.NewestGood _ -> "newest";
      case Reason.NoneGood _ -> "none-good";
      case Reason.DatedAhead _ -> "ahead";
      case Reason.LogOfBase _ -> throw new IllegalArgumentException("no rule says so");
      case Reason.Held _ -> "held";
      case Reason.Frozen _ -> "frozen";
      case Reason.NoRules _ -> "no-rules";
    };
  }
}
