package io.holdfast.coordinator.absence;

import io.holdfast.common.id.HostId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When hosts were last connected. No record tells, so a coordinator that starts counts from its
 * start, but for hosts that were too long away already, which it is told. One thread.
 */
final class Attendance {
  private final Duration patience;
  private final Instant began;
  private final Map<HostId, Instant> seen = new HashMap<>();

  Attendance(Duration patience, Instant began) {
    this.patience = patience;
    this.began = began;
  }

  /** It was last connected at {@code at}. */
  void remember(HostId host, Instant at) {
    seen.put(host, at);
  }

  /** Looks at a host; answers when it was last there, if that is too long ago. */
  Optional<Instant> look(HostId host, boolean connected, Instant enrolled, Instant now) {
    if (connected) {
      seen.put(host, now);
      return Optional.empty();
    }
    Instant last = seen.computeIfAbsent(host, _ -> enrolled.isAfter(began) ? enrolled : began);
    return now.isAfter(last.plus(patience)) ? Optional.of(last) : Optional.empty();
  }
}
