package io.holdfast.coordinator.catalog;

import com.google.protobuf.ByteString;
import io.holdfast.proto.stored.v1.HostMoved;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.Optional;

/**
 * How a host's move to another repository stands.
 *
 * @param mutation of the newest of the two, the clear and the sealed part as in the journal
 * @param orderedMillis when it was ordered; 0 if it went by itself
 * @param tokenSha256 of the order; empty if there is none
 * @param movedMillis when it said that it is there; 0 if it hasn't
 * @param moved where it went; the default message if it hasn't
 */
public record MovedHost(
    Mutation mutation,
    long orderedMillis,
    ByteString tokenSha256,
    long movedMillis,
    HostMoved moved) {

  static Optional<MovedHost> of(Optional<byte[]> ordered, Optional<byte[]> moved) {
    Optional<Recorded> order = ordered.map(Recorded::of);
    Optional<Recorded> done = moved.map(Recorded::of);
    return done.or(() -> order)
        .map(newest ->
            new MovedHost(
                newest.mutation(),
                order.map(Recorded::timeMillis).orElse(0L),
                order
                    .map(found -> found.change().getHostMoveOrdered().getTokenSha256())
                    .orElse(ByteString.EMPTY),
                done.map(Recorded::timeMillis).orElse(0L),
                done.map(found -> found.change().getHostMoved())
                    .orElse(HostMoved.getDefaultInstance())));
  }

  /** Whether it is there, by its own word. */
  public boolean isDone() {
    return movedMillis > 0;
  }
}
