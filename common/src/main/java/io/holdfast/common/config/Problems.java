package io.holdfast.common.config;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What is wrong with one file, all of it. Belongs to one thread. */
final class Problems {
  /** More than this is one mistake repeated; the rest is counted. */
  private static final int SHOWN_MAX = 50;

  private record Problem(Origin origin, String message) {
    @Override
    public String toString() {
      return origin + ": " + message;
    }
  }

  private final String file;
  private final List<Problem> all = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  void add(Origin origin, String message) {
    all.add(new Problem(origin, message));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** INVALID_CONFIGURATION with every problem in the order of lines, if there is any. */
  void throwIfAny() {
    if (all.isEmpty()) {
      return;
    }
    all.sort(Comparator.comparingInt(problem -> problem.origin().line()));
    String shown =
        all.stream().limit(SHOWN_MAX).map(Problem::toString).collect(Collectors.joining("\n"));
    String rest = all.size() <= SHOWN_MAX ? "" : "\nand " + (all.size() - SHOWN_MAX) + " more";
    String what = all.size() == 1 ? "a problem" : all.size() + " problems";
    throw new HoldfastException(
        ErrorCode.INVALID_CONFIGURATION,
        "the configuration " + file + " has " + what + ":\n" + shown + rest);
  }
}
