package io.holdfast.coordinator.job;

import io.holdfast.proto.wire.v1.CoordinatorMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a session would write, taken without waiting. */
public final class SessionKit {
  private SessionKit() {}

  /** All that waits to be written; empty if the session is over. */
  public static Optional<List<CoordinatorMessage>> drain(ControlSession session)
      throws InterruptedException {
    List<CoordinatorMessage> drained = new ArrayList<>();
    CoordinatorMessage marker = CoordinatorMessage.getDefaultInstance();
    session.send(marker);
    while (true) {
      Optional<CoordinatorMessage> next = session.next();
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (next.get().equals(marker)) {
        return Optional.of(drained);
      }
      drained.add(next.get());
    }
  }
}
