package io.holdfast.coordinator.policy.book;

import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.change.FieldChange;
import io.holdfast.coordinator.policy.change.PolicyDiff;
import io.holdfast.coordinator.policy.change.Shortening;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of one policy.
 *
 * @param before the version in force, if there is one
 * @param after what takes its place; empty for a deletion
 * @param shortenings in which ways it lets snapshots go that would have stayed
 */
public record PolicyChange(
    Optional<StoredPolicy> before, Optional<Policy> after, List<Shortening> shortenings) {
  /** In a word. */
  public enum Kind {
    CREATED,
    CHANGED,
    UNCHANGED,
    DELETED
  }

  public PolicyChange {
    shortenings = List.copyOf(shortenings);
  }

  public String name() {
    return after.orElseGet(() -> before.orElseThrow().policy()).name();
  }

  public Kind kind() {
    if (after.isEmpty()) {
      return Kind.DELETED;
    }
    if (before.isEmpty()) {
      return Kind.CREATED;
    }
    return before.get().policy().equals(after.get()) ? Kind.UNCHANGED : Kind.CHANGED;
  }

  /** Field by field; none unless it is changed. */
  public List<FieldChange> fields() {
    return kind() == Kind.CHANGED
        ? PolicyDiff.of(before.orElseThrow().policy(), after.orElseThrow())
        : List.of();
  }
}
