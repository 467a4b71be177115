package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostRevoked;
import java.util.Optional;

/** Shuts hosts out. Any thread. */
public final class Revocations {
  private final FleetPorts ports;
  private final OpenCalls calls;
  private final Audits audits;

  public Revocations(FleetPorts ports, OpenCalls calls) {
    this.ports = ports;
    this.calls = calls;
    this.audits = new Audits(ports.mutations());
  }

  /**
   * Revokes {@code host} for good: journalled, in force for new calls, and the open ones here ended
   * when this returns. Repeating it does nothing. NOT_ENROLLED if there is no such host.
   */
  public void revoke(HostId host, String actor) throws InterruptedException {
    boolean isRevoked =
        ports
            .look(fleet -> fleet.host(host))
            .orElseThrow(() -> HostAuthority.unknown(host))
            .revokedSeq()
            .isPresent();
    if (!isRevoked || ports.look(fleet -> fleet.isMovedAway(host))) {
      HostRevoked revoked =
          HostRevoked.newBuilder().setHost(ByteString.copyFrom(host.toByteArray())).build();
      ports.append(
          MutationSealer.clear(Change.newBuilder().setHostRevoked(revoked).build()),
          audits.of(actor, "revoke", Optional.of(host), "host revoked"));
    }
    calls.abort(host, HostAuthority.revoked(host));
  }
}
