package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Scenario.Budget;
import io.holdfast.coordinator.sweep.model.Scenario.Chunk;
import io.holdfast.coordinator.sweep.model.Scenario.Upload;
import java.util.List;

/** The small worlds. Chunks are named D, E (data), P, Q (pages of data) and R (a page of pages). */
final class Scenarios {
  static final int A = 1;
  static final int B = 2;

  private Scenarios() {}

  /** One page of nothing: the smallest snapshot. */
  static Scenario leaf() {
    return Scenario.of(List.of(new Chunk("P", true, 0, 0)), List.of(new Upload(0, -1)));
  }

  /** One page of one chunk of data. */
  static Scenario page() {
    return Scenario.of(
        List.of(new Chunk("D", false, 0, 0), new Chunk("P", true, 0b1, 0)),
        List.of(new Upload(0, -1), new Upload(1, -1)));
  }

  /** A root page over the page. */
  static Scenario tree() {
    return Scenario.of(
        List.of(
            new Chunk("D", false, 0, 0),
            new Chunk("P", true, 0b1, 0),
            new Chunk("R", true, 0b10, 0)),
        List.of(new Upload(0, -1), new Upload(1, -1), new Upload(2, -1)));
  }

  /** Two pages, each of its own chunk of data; the data share a pack. */
  static Scenario pair() {
    return Scenario.of(
        List.of(
            new Chunk("D", false, 0, 0),
            new Chunk("E", false, 0, 0),
            new Chunk("P", true, 0b1, 0),
            new Chunk("Q", true, 0b10, 0)),
        List.of(new Upload(0, 1), new Upload(2, -1), new Upload(3, -1)));
  }

  /** Two pages of the same data in one pack. */
  static Scenario siblings() {
    return Scenario.of(
        List.of(
            new Chunk("D", false, 0, 0),
            new Chunk("P", true, 0b1, 0),
            new Chunk("Q", true, 0b1, 0)),
        List.of(new Upload(0, -1), new Upload(1, 2)));
  }
}
