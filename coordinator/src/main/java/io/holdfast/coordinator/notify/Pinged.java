package io.holdfast.coordinator.notify;

import java.time.Instant;
import java.util.Optional;

/**
 * What a watchdog was told last of a policy.
 *
 * @param ended when the newest run ended that it was told of
 * @param well whether it was told that all is well
 */
public record Pinged(Optional<Instant> ended, boolean well) {
  static final Pinged NOTHING = new Pinged(Optional.empty(), true);
}
