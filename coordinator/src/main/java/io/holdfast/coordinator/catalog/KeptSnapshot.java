package io.holdfast.coordinator.catalog;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A snapshot whose chunks are kept: it is live, or was deleted and can be had back.
 *
 * @param deletion of one that isn't live
 * @param undeletedMillis when its last deletion was undone, if one was
 */
public record KeptSnapshot(
    StoredSnapshot stored, Optional<Deletion> deletion, OptionalLong undeletedMillis) {
  public boolean isLive() {
    return deletion.isEmpty();
  }
}
