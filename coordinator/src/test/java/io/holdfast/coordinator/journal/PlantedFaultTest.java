package io.holdfast.coordinator.journal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.coordinator.journal.JournalModel.Bounds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker is checked: with any one fault planted, some claim breaks. */
class PlantedFaultTest {
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
  void everyPlantedFaultBreaksAClaim(Planted fault) {
    JournalModel model = new JournalModel(boundsFor(fault), fault);
    JournalClaims.Broken broken = assertThrows(JournalClaims.Broken.class, model::walk);
    assertFalse(broken.getSuppressed()[0].getMessage().isEmpty(), "it shows how");
  }

  /** As small as shows it: a walk goes through everything else first. */
  private static Bounds boundsFor(Planted fault) {
    return switch (fault) {
      case SKIP_CHAIN_CHECK, IGNORE_TERM -> new Bounds(1, 1, 0, 1);
      default -> new Bounds(1, 1, 2, 0);
    };
  }
}
