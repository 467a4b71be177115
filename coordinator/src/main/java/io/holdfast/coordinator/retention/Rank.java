package io.holdfast.coordinator.retention;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

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

  private static final Map<Rank, List<Rank>> AND_HIGHER = new EnumMap<>(Rank.class);

  static {
    for (Rank rank : values()) {
      AND_HIGHER.put(rank, List.copyOf(EnumSet.range(rank, UNSCHEDULED_ELSEWHERE)));
    }
  }

  private final String upTo;

  Rank(String upTo) {
    this.upTo = upTo;
  }

  /** What snapshots of this rank and the lower ones are called together. */
  public String upTo() {
    return upTo;
  }

  /** This rank and those that give way to it. */
  List<Rank> andHigher() {
    return AND_HIGHER.get(this);
  }

  static Rank of(boolean scheduled, Origin origin) {
    return switch (origin) {
      case Origin.Here _ -> scheduled ? SCHEDULED : UNSCHEDULED;
      case Origin.Imported _ -> scheduled ? SCHEDULED_ELSEWHERE : UNSCHEDULED_ELSEWHERE;
    };
  }
}
