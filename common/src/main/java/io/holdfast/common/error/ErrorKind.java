package io.holdfast.common.error;

/**
 * What the receiver of an error should do. One table maps kinds to gRPC status codes and one to
 * exit codes, so that every error means the same thing on the wire, in a script and to a person.
 */
public enum ErrorKind {
  /**
   * Try again later, unchanged: the cause is expected to pass (network, a busy or starting peer).
   */
  RETRY,
  /** Somebody else has the authority now: find the leader, or stop acting as one. */
  FENCED,
  /** The request can never succeed as it is: correct it. */
  INVALID,
  /** The named thing isn't there. */
  NOT_FOUND,
  /** The caller has not shown who it is. */
  UNAUTHENTICATED,
  /** The caller is known and may not do this. */
  DENIED,
  /** Space, memory, quota or another bound is used up. */
  EXHAUSTED,
  /** Bytes are not what they were when written. */
  CORRUPT,
  /** The state needed isn't there yet or any more (references missing, session closed). */
  CONFLICT,
  /** A broken invariant: the owner of the state has stopped. */
  INTERNAL
}
