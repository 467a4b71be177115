package io.holdfast.coordinator.sweep.model;

import java.util.function.Supplier;

/** What one party may do next. */
interface Steps {
  /** Gives every step that is possible in {@code state}, always in the same order. */
  void from(State state, Next next);

  /** Takes the steps; the words are asked for only where a trace is told. */
  interface Next {
    void step(State after, Supplier<String> words);

    /** A recorded loss: the one step after which less may be readable than before. */
    void loss(State after, Supplier<String> words);

    /** The sweep gives up, and so will each after it. */
    void blocked(State after, Supplier<String> words);

    /** A commit of {@code snapshot} (a slot), which has to be whole from then on. */
    void commit(State after, int snapshot, Supplier<String> words);
  }
}
