package io.holdfast.coordinator.vault;

/**
 * How hard a self-test races: {@code creators} at once for one name, {@code rounds} times over.
 * Stores that break under races broke in more than half of such rounds when measured, so a few
 * dozen leave no doubt.
 */
public record RaceSize(int creators, int rounds) {
  public static final RaceSize DEFAULT = new RaceSize(16, 50);

  public RaceSize {
    if (creators < 2 || rounds < 1) {
      throw new IllegalArgumentException(
          "no race: " + creators + " creators, " + rounds + " rounds");
    }
  }
}
