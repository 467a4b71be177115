package io.holdfast.deploy.sim;

import io.holdfast.coordinator.journal.JournalSlots;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Slots that answer reads of what they remember from memory. */
abstract class PlantedSlots implements JournalSlots {
  private final JournalSlots target;
  private final Map<Long, byte[]> remembered = new HashMap<>();

  PlantedSlots(JournalSlots target) {
    this.target = target;
  }

  void remember(long seq, byte[] record) {
    remembered.put(seq, record);
  }

  @Override
  public Optional<byte[]> read(long seq) {
    byte[] known = remembered.get(seq);
    return known != null ? Optional.of(known) : target.read(seq);
  }

  @Override
  public long highestListed(long above) {
    return target.highestListed(above);
  }
}
