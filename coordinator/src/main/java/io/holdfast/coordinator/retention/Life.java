package io.holdfast.coordinator.retention;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Whether a snapshot is live or deleted with an undo. A dropped one has no row any more.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>from</th><th>to</th><th>because</th></tr>
 * <tr><td>live</td><td>deleted</td><td>no rule keeps it and no brake is on, or an operator deletes
 *     it; never while it is held</td></tr>
 * <tr><td>deleted</td><td>deleted</td><td>deleted again: the first undo stands, and an operator's
 *     word over that of the rules</td></tr>
 * <tr><td>deleted</td><td>live</td><td>undone by an operator, as long as it isn't dropped; or the
 *     rules had deleted it and would keep it now: what stood in its place is lost or deleted, or
 *     they were loosened. From then on it is young again for the floor</td></tr>
 * <tr><td>deleted</td><td>dropped</td><td>its undo ended by a clock that is trusted, no brake is on
 *     and it isn't held (a hold may come after the deletion)</td></tr>
 * <tr><td>live</td><td>dropped</td><td>never</td></tr>
 * <tr><td>dropped</td><td>any</td><td>never</td></tr>
 * </table>
 *
 * <p>Until it is dropped all it refers to stays: marks follow it like any other.
 */
public sealed interface Life {
  /** It counts. {@code undeleted} says when its deletion was undone, if it was. */
  record Live(Optional<Instant> undeleted) implements Life {
    /** Of a snapshot that was never deleted. */
    public static final Live NEW = new Live(Optional.empty());
  }

  /** It counts for nothing and can be had back at least until {@code undoUntil}. */
  record Deleted(Instant undoUntil, Cause cause) implements Life {}

  /** Who wanted it deleted. */
  enum Cause {
    /** The rules, which may come to want it back. */
    RETENTION,
    /** A person. */
    OPERATOR
  }

  /** What a deletion makes of it. The caller has seen that it isn't held. */
  default Deleted delete(Instant now, Duration undo, Cause cause) {
    return switch (this) {
      case Live _ -> new Deleted(now.plus(undo), cause);
      case Deleted already ->
          cause == Cause.OPERATOR ? new Deleted(already.undoUntil, cause) : already;
    };
  }

  /** What an undo makes of it. */
  default Live undelete(Instant now) {
    return switch (this) {
      case Live live -> live;
      case Deleted _ -> new Live(Optional.of(now));
    };
  }
}
