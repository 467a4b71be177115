package io.holdfast.deploy.faults;

import java.util.SplittableRandom;

/**
 * What all choices of a test come from.
 *
 * @param value of the system property {@code holdfast.seed}, else drawn anew
 */
public record Seed(String test, long value) {
  /** The seed of this run of {@code test}. */
  public static Seed of(Class<?> test) {
    long value = Long.getLong("holdfast.seed", new SplittableRandom().nextLong() >>> 1);
    Seed seed = new Seed(test.getSimpleName(), value);
    System.out.println(seed);
    return seed;
  }

  /** How many rounds to make: the system property {@code holdfast.rounds} overrules. */
  public static int rounds(int usual) {
    return Integer.getInteger("holdfast.rounds", usual);
  }

  public SplittableRandom random() {
    return new SplittableRandom(value);
  }

  /** The command that runs it again. */
  @Override
  public String toString() {
    return "seed %d: ./deploy/test --full -- -pl deploy -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=%s -Dholdfast.seed=%d"
        .formatted(value, test, value);
  }
}
