package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.journal.JournalModel.Bounds;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Walks every interleaving of two coordinators within bounds; the claims are in {@link
 * JournalClaims}.
 */
class AppendModelTest {
  @Test
  void everyClaimHoldsWithTwoFaultsAndOneLeadershipEach() {
    walk(new Bounds(1, 1, 2, 0), 40_000);
  }

  @Test
  void everyClaimHoldsWithLeadersTakingTurnsAndOneFault() {
    walk(new Bounds(2, 1, 1, 0), 80_000);
  }

  @Test
  void everyClaimHoldsWithAStrayRecordOfADishonestCoordinator() {
    walk(new Bounds(1, 1, 1, 1), 30_000);
  }

  @Test
  @Tag("full")
  void everyClaimHoldsWithThreeFaults() {
    walk(new Bounds(1, 1, 3, 0), 150_000);
  }

  @Test
  @Tag("full")
  void everyClaimHoldsWithTwoStrayRecords() {
    walk(new Bounds(1, 1, 1, 2), 150_000);
    walk(new Bounds(2, 1, 0, 2), 150_000);
  }

  @Test
  @Tag("full")
  void everyClaimHoldsWithSeveralAppendsAndAStray() {
    walk(new Bounds(1, 2, 1, 1), 100_000);
  }

  /** {@code worldsMin} guards against a model that walks nowhere and so proves nothing. */
  private static void walk(Bounds bounds, int worldsMin) {
    int worlds = new JournalModel(bounds, Planted.NOTHING).walk();
    assertTrue(worlds > worldsMin, bounds + " has only " + worlds + " worlds");
  }
}
