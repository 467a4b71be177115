package io.holdfast.coordinator.sweep.model;

import io.holdfast.coordinator.sweep.model.Scenario.Chunk;
import io.holdfast.coordinator.sweep.model.Scenario.Upload;
import java.util.List;

/**
 * What there is to store. D and E are data, P and Q pages, R is a page of pages; each page may be a
 * snapshot's root. A forger's version of a page names nothing, where not said otherwise.
 */
final class Shapes {
  private static final int NOTHING = 0;
  private static final Chunk D = data("D");
  private static final Chunk E = data("E");

  private Shapes() {}

  /** One page of nothing: the smallest snapshot. */
  static Scenario leaf() {
    return Scenario.of(List.of(page("P", NOTHING)), List.of(alone(0)));
  }

  /** One page of one chunk of data. */
  static Scenario page() {
    return Scenario.of(List.of(D, page("P", 0b1)), List.of(alone(0), alone(1)));
  }

  /** The page, of which a forger says that it names E, which nobody stores. */
  static Scenario ghost() {
    return Scenario.of(List.of(D, E, new Chunk("P", true, 0b1, 0b10)), List.of(alone(0), alone(2)));
  }

  /** A root page over the page. */
  static Scenario tree() {
    return Scenario.of(
        List.of(D, page("P", 0b1), page("R", 0b10)), List.of(alone(0), alone(1), alone(2)));
  }

  /** Two pages, each of its own chunk of data; the data share a pack. */
  static Scenario pair() {
    return Scenario.of(
        List.of(D, E, page("P", 0b1), page("Q", 0b10)),
        List.of(new Upload(0, 1), alone(2), alone(3)));
  }

  /** Two pages of the same data, which shares its pack with what nothing refers to. */
  static Scenario rest() {
    return Scenario.of(
        List.of(D, E, page("P", 0b1), page("Q", 0b1)),
        List.of(new Upload(0, 1), alone(2), alone(3)));
  }

  /** Two pages of the same data in one pack. */
  static Scenario siblings() {
    return Scenario.of(
        List.of(D, page("P", 0b1), page("Q", 0b1)), List.of(alone(0), new Upload(1, 2)));
  }

  private static Chunk data(String name) {
    return new Chunk(name, false, NOTHING, NOTHING);
  }

  private static Chunk page(String name, int references) {
    return new Chunk(name, true, references, NOTHING);
  }

  private static Upload alone(int chunk) {
    return new Upload(chunk, -1);
  }
}
