package io.holdfast.deploy.damage;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The expected outcomes: a line for each part and harm, a column for each step, columns apart by at
 * least two spaces. No cell may be empty.
 */
final class DamageTable {
  private final List<List<String>> rows;

  DamageTable(String text) {
    rows =
        text.lines()
            .filter(line -> !line.isBlank())
            .map(line -> List.of(line.strip().split(" {2,}")))
            .toList();
  }

  /** What is expected of each step; empty if the table lacks the row or a cell of it. */
  Optional<Map<Step, String>> expected(Part part, Harm harm) {
    return rows.stream()
        .filter(row -> row.get(0).equals(part.word()) && row.get(1).equals(harm.word()))
        .filter(row -> row.size() == 2 + Step.values().length)
        .findFirst()
        .map(row -> {
          Map<Step, String> cells = new EnumMap<>(Step.class);
          int column = 2;
          for (Step step : Step.values()) {
            cells.put(step, row.get(column++));
          }
          return cells;
        });
  }

  int rows() {
    return rows.size();
  }

  /** A row as it stands in the table. */
  static String row(Part part, Harm harm, Map<Step, String> cells) {
    Stream<String> outcomes =
        Arrays.stream(Step.values()).map(step -> "%-18s".formatted(cells.get(step)));
    return "%-20s  %-8s  %s"
        .formatted(part.word(), harm.word(), String.join("  ", outcomes.toList()))
        .strip();
  }
}
