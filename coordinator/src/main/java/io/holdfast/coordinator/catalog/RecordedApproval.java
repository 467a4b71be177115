package io.holdfast.coordinator.catalog;

import io.holdfast.common.id.ApprovalId;
import io.holdfast.common.id.PersonId;
import io.holdfast.proto.stored.v1.ApprovalRequested;
import io.holdfast.proto.stored.v1.ApprovalStep;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.List;
import java.util.Optional;

/**
 * An act that was asked for, and what became of that.
 *
 * @param askedMillis time of the request's record
 * @param moves in the order of steps, which is that of time
 */
public record RecordedApproval(
    ApprovalId id,
    long askedMillis,
    ApprovalRequested request,
    Mutation mutation,
    List<Move> moves) {
  /**
   * One step further.
   *
   * @param beginsByRecord of what was given: another record comes before its act begins
   */
  public record Move(
      ApprovalStep step,
      Optional<PersonId> person,
      boolean beginsByRecord,
      long timeMillis,
      Mutation mutation) {}

  public RecordedApproval {
    moves = List.copyOf(moves);
  }

  /** The last step; empty while nobody has said anything. */
  public Optional<Move> last() {
    return moves.isEmpty() ? Optional.empty() : Optional.of(moves.getLast());
  }

  /** Who asked; empty for whoever used the local socket. */
  public Optional<PersonId> asker() {
    return request.getPerson().isEmpty()
        ? Optional.empty()
        : Optional.of(Fields.person(request.getPerson()));
  }
}
