package io.holdfast.coordinator.recovery;

import java.util.ArrayList;
import java.util.List;

/** What of the vault could not be read, in words; the first of it. One thread. */
final class RecoveryFindings {
  private static final int KEPT = 1_000;

  private final List<String> kept = new ArrayList<>();

  void add(String text) {
    if (kept.size() < KEPT) {
      kept.add(text);
    }
  }

  List<String> kept() {
    return List.copyOf(kept);
  }
}
