package io.holdfast.common.yaml;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is wrong with one text, all of it. Belongs to one thread. */
public final class Problems {
  /** More than this is one mistake repeated; the rest is counted. */
  private static final int SHOWN_MAX = 50;

  private record Problem(Origin origin, String message) {}

  private final String what;
  private final Function<Origin, String> place;
  private final List<Problem> all = new ArrayList<>();

  private Problems(String what, Function<Origin, String> place) {
    this.what = what;
    this.place = place;
  }

  /** Problems of {@code what}, each told with its line. */
  public static Problems byLine(String what) {
    return new Problems(what, Origin::toString);
  }

  /** Problems of {@code what}, each told with its line and column. */
  public static Problems byColumn(String what) {
    return new Problems(what, Origin::exact);
  }

  public void add(Origin origin, String message) {
    all.add(new Problem(origin, message));
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** INVALID_CONFIGURATION with every problem in the order of lines, if there is any. */
  public void throwIfAny() {
    if (all.isEmpty()) {
      return;
    }
    all.sort(
        Comparator.comparingInt((Problem problem) -> problem.origin().line())
            .thenComparingInt(problem -> problem.origin().column()));
    String shown = all.stream().limit(SHOWN_MAX).map(this::line).collect(Collectors.joining("\n"));
    String rest = all.size() <= SHOWN_MAX ? "" : "\nand " + (all.size() - SHOWN_MAX) + " more";
    String count = all.size() == 1 ? "a problem" : all.size() + " problems";
    throw new HoldfastException(
        ErrorCode.INVALID_CONFIGURATION, what + " has " + count + ":\n" + shown + rest);
  }

  private String line(Problem problem) {
    return place.apply(problem.origin()) + ": " + problem.message();
  }
}
