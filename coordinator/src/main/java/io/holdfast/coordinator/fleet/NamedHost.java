package io.holdfast.coordinator.fleet;

import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.proto.stored.v1.HostDetails;

/** A host and what its sealed part says of it. */
public record NamedHost(EnrolledHost host, HostDetails details) {
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

  @Override
  public String toString() {
    return name() + " (" + id().toString().substring(0, 8) + ")";
  }
}
