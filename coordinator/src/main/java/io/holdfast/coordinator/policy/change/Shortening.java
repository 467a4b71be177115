package io.holdfast.coordinator.policy.change;

import io.holdfast.common.id.HostId;
import java.util.Optional;

/**
 * One way in which a change lets snapshots go that would have stayed.
 *
 * @param dataClass whose snapshots
 * @param host whose, if not those of every host of the policy
 * @param text for whoever approves it
 */
public record Shortening(Kind kind, String dataClass, Optional<HostId> host, String text) {
  /** In which way. */
  public enum Kind {
    /** Everything was kept. */
    RULES_BEGIN,
    RULE_LOWERED,
    /** The last so many are made in less time. */
    LAST_SPANS_LESS,
    /** Snapshots that counted don't any longer. */
    GAPS_LIMIT_LOWERED,
    HOLD_ENDS,
    /** Nothing says any longer how long snapshots are kept. */
    PROTECTION_ENDS
  }
}
