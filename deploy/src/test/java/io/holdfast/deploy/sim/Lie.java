package io.holdfast.deploy.sim;

/** What a hostile host says that isn't so. Each is sealed as well as the truth would be. */
enum Lie {
  /**
   * Garbage under the id of a content that others have; it commits nothing, and leaves it there.
   */
  GARBAGE_LEFT,
  /** The same, in a snapshot of its own: so that somebody opens it. */
  GARBAGE_COMMITTED,
  /** A page that says in clear that it needs another chunk than it does. */
  OTHER_CLEAR_REFERENCES
}
