package io.holdfast.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a benchmark can't be faster than, or is held against.
 *
 * @param perSecond in the unit of the benchmark
 * @param what where it comes from
 */
record Limit(double perSecond, String what) {

  /** How a row finds its limit, from tools and from rows before it; empty where one is missing. */
  @FunctionalInterface
  interface Source {
    Optional<Limit> find(Tools tools, Scores scores);
  }

  /** Scores of the rows measured so far, by the rows' names. */
  @FunctionalInterface
  interface Scores {
    OptionalDouble of(String row);
  }

  /** Nothing to hold it against. */
  static final Source NONE = (tools, scores) -> Optional.empty();

  /** What another row reached. */
  static Source row(String name) {
    return (tools, scores) -> of(scores.of(name), name);
  }

  static Optional<Limit> of(OptionalDouble perSecond, String what) {
    return perSecond.isPresent()
        ? Optional.of(new Limit(perSecond.getAsDouble(), what))
        : Optional.empty();
  }

  /**
   * Parts one after the other.
   *
   * @param seconds of all of them for one unit; not a number if one of them is unknown
   */
  static Optional<Limit> inTurn(double seconds, String what) {
    return Double.isNaN(seconds) ? Optional.empty() : Optional.of(new Limit(1 / seconds, what));
  }
}
