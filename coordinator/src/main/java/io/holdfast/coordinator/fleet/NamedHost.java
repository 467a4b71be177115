package io.holdfast.coordinator.fleet;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.proto.stored.v1.HostDetails;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A host and what counts of it now: its name, labels and facts, whichever record gave them.
 *
 * @param moved when its labels or facts last took it into a policy or out of it
 */
public record NamedHost(EnrolledHost host, HostDetails details, Map<PolicyId, Instant> moved) {
  public NamedHost {
    moved = Map.copyOf(moved);
  }

  public HostId id() {
    return host.id();
  }

  /** For people; neither unique nor proof of anything. */
  public String name() {
    return details.getName();
  }

  public boolean isRevoked() {
    return host.revokedSeq().isPresent();
  }

  public Instant enrolled() {
    return Instant.ofEpochMilli(host.timeMillis());
  }

  /** Since when {@code policy} may be for it: nothing of the time before was missed. */
  public Instant since(PolicyId policy) {
    return Optional.ofNullable(moved.get(policy)).filter(enrolled()::isBefore).orElse(enrolled());
  }

  /** When its labels or facts last moved it between policies; else when it was enrolled. */
  public Instant sorted() {
    return moved.values().stream()
        .filter(enrolled()::isBefore)
        .max(Instant::compareTo)
        .orElse(enrolled());
  }

  /** As if this counted of it. */
  public NamedHost with(HostDetails others) {
    return new NamedHost(host, others, moved);
  }

  @Override
  public String toString() {
    return name() + " (" + id().toString().substring(0, 8) + ")";
  }
}
