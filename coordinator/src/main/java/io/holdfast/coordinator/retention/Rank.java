package io.holdfast.coordinator.retention;

/**
 * Whom a snapshot gives way to: only to those of its own rank or a lower one. So whatever a host
 * does by itself, or another site sends, what this site scheduled is kept as if it were alone.
 */
public enum Rank {
  /** This site's schedule ordered it: one for each nominal time, and no host can make more. */
  SCHEDULED("scheduled here"),
  /** Another site's schedule did. */
  SCHEDULED_ELSEWHERE("scheduled"),
  /** A host's or a person's own wish. */
  UNSCHEDULED("scheduled or made here"),
  /** Such a wish at another site. */
  UNSCHEDULED_ELSEWHERE("of any kind");

  private final String upTo;

  Rank(String upTo) {
    this.upTo = upTo;
  }

  /** What snapshots of this rank and the lower ones are called together. */
  public String upTo() {
    return upTo;
  }

  static Rank of(boolean scheduled, Origin origin) {
    return switch (origin) {
      case Origin.Here _ -> scheduled ? SCHEDULED : UNSCHEDULED;
      case Origin.Imported _ -> scheduled ? SCHEDULED_ELSEWHERE : UNSCHEDULED_ELSEWHERE;
    };
  }
}
