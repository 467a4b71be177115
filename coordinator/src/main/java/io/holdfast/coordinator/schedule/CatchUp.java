package io.holdfast.coordinator.schedule;

import io.holdfast.common.unit.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Until when a run that couldn't begin is made up for: because no coordinator was there, the host
 * was away, or nothing was free. Of several that were missed only the last one is.
 *
 * @param within after its time; empty for as long as the next one isn't due
 */
public record CatchUp(Optional<Duration> within) {
  public static final CatchUp ALWAYS = new CatchUp(Optional.empty());

  /** A restart of the coordinator mustn't lose a run. */
  private static final Duration LEAST = Duration.ofMinutes(5);

  private static final String ALWAYS_WORD = "always";

  public CatchUp {
    if (within.isPresent() && within.get().compareTo(LEAST) < 0) {
      throw new IllegalArgumentException(
          "\""
              + Durations.exact(within.get())
              + "\" is too short to restart a coordinator in: write "
              + Durations.exact(LEAST)
              + " or more, or "
              + ALWAYS_WORD);
    }
  }

  /** {@code always} or a duration. IllegalArgumentException or INVALID_ARGUMENT otherwise. */
  public static CatchUp parse(String text) {
    return text.strip().equals(ALWAYS_WORD)
        ? ALWAYS
        : new CatchUp(Optional.of(Durations.parse(text)));
  }

  /** Whether a run whose time was {@code start} may still begin. */
  public boolean allows(Instant start, Instant now) {
    return within.isEmpty() || !now.isAfter(start.plus(within.get()));
  }

  @Override
  public String toString() {
    return within.map(Durations::exact).orElse(ALWAYS_WORD);
  }
}
