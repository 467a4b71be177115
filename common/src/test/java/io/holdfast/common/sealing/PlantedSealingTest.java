package io.holdfast.common.sealing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What sealing promises holds, and a sealer or opener that does less would be noticed. */
class PlantedSealingTest {
  @ParameterizedTest
  @EnumSource(SealingClaim.class)
  void everyClaimHolds(SealingClaim claim) {
    assertTrue(claim.holds(Sealing.HONEST), claim + "");
  }

  @ParameterizedTest
  @EnumSource(PlantedSealing.class)
  void everyPlantedBugBreaksItsClaimThoughWhatWasSealedStillOpens(PlantedSealing bug) {
    assertFalse(bug.noticed.holds(bug), bug + " broke nothing");
    assertTrue(SealingClaim.WHAT_WAS_SEALED_OPENS.holds(bug), bug + " is a bug that shows");
  }
}
