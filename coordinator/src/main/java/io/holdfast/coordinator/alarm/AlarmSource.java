package io.holdfast.coordinator.alarm;

import java.time.Instant;
import java.util.Set;

/** Finds out what is wrong in some ways. Owns its kinds: no other source has them. */
public interface AlarmSource {
  Set<AlarmKind> kinds();

  /** What is wrong at {@code now}. Errors count as {@link Look#UNKNOWN}. */
  Look look(Instant now);
}
