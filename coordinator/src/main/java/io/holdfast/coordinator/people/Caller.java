package io.holdfast.coordinator.people;

import io.holdfast.common.id.Bytes32;
import java.util.Optional;

/**
 * Who makes a call, and what let him in.
 *
 * @param token by which he calls; empty at the local socket
 * @param tokenExpiresMillis 0 if there is none
 */
public record Caller(Actor actor, Optional<Bytes32> token, long tokenExpiresMillis) {
  /** Whoever may write to the local socket. */
  public static final Caller LOCAL = new Caller(Actor.LOCAL, Optional.empty(), 0);
}
