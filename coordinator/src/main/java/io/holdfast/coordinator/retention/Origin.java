package io.holdfast.coordinator.retention;

import io.holdfast.common.id.SiteId;
import java.time.Instant;
import java.util.Optional;

/** Where a snapshot was committed. */
public sealed interface Origin {
  /** A backup to this site. */
  Origin HERE = new Here();

  /** This site's own. */
  record Here() implements Origin {}

  /**
   * Pulled from another site.
   *
   * @param arrived by this site's clock
   * @param late it is older than what had already been imported of its source set from there
   */
  record Imported(SiteId site, Instant arrived, boolean late) implements Origin {}

  /**
   * The origin of a snapshot that arrives now. Whether it is late is decided once, on arrival, and
   * recorded with it: what it came after may be gone when somebody asks again.
   *
   * @param committed by the other site's coordinator
   * @param newest commit of what was imported before of the same source set and site, whatever
   *     became of it since
   */
  static Imported arriving(
      SiteId site, Instant arrived, Instant committed, Optional<Instant> newest) {
    return new Imported(site, arrived, newest.filter(committed::isBefore).isPresent());
  }
}
