package io.holdfast.deploy.sim;

/**
 * What happened in a world, or in several.
 *
 * @param trace digest of every choice made: equal for equal runs
 * @param foreignWakeUps moments that the seed didn't choose
 */
record Outcome(
    long trace,
    long acknowledged,
    long restored,
    long records,
    long losses,
    long deletedPacks,
    long foreignWakeUps) {
  static final Outcome NONE = new Outcome(0, 0, 0, 0, 0, 0, 0);

  Outcome plus(Outcome other) {
    return new Outcome(
        trace * 31 + other.trace,
        acknowledged + other.acknowledged,
        restored + other.restored,
        records + other.records,
        losses + other.losses,
        deletedPacks + other.deletedPacks,
        foreignWakeUps + other.foreignWakeUps);
  }
}
