package io.holdfast.coordinator.people;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.ApprovalId;
import io.holdfast.common.id.PersonId;
import io.holdfast.proto.stored.v1.ActKind;
import java.util.Optional;

/**
 * An act that was asked for, and what became of that.
 *
 * @param asker his name, and his id unless he used the local socket
 * @param act the call's serialized request
 * @param decider who gave or refused it; empty while nobody has
 * @param text why it was refused, what came of it, why it failed, or what to do now
 */
public record Approval(
    ApprovalId id,
    ActKind kind,
    State state,
    String asker,
    Optional<PersonId> askerId,
    long askedMillis,
    long expiresMillis,
    String method,
    ByteString act,
    String effect,
    String decider,
    long decidedMillis,
    String text) {
  /** See {@code ApprovalChanges} for how one follows the other. */
  public enum State {
    OPEN,
    /** Its asker makes the same call again; the act hasn't begun. */
    GIVEN,
    /** The act is being carried out now. */
    BEGUN,
    /** It was, and the coordinator stopped then: nobody knows what became of it. */
    INTERRUPTED,
    REFUSED,
    EXPIRED,
    CARRIED_OUT,
    FAILED
  }

  /** The id's first digits, as people type it. */
  public String shortId() {
    return id.toString().substring(0, 8);
  }
}
