package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.unit.DataSize;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostQuotaSet;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** How much of the vault hosts fill, and may. Any thread. */
public final class Quotas {
  private static final long UNLIMITED = -1;

  private final FleetPorts ports;
  private final Audits audits;
  private final ToLongFunction<HostId> inForce;

  /**
   * Quotas by record.
   *
   * @param inForce bytes that a host may fill, 0 for any number
   */
  public Quotas(FleetPorts ports, ToLongFunction<HostId> inForce) {
    this.ports = ports;
    this.audits = new Audits(ports.mutations());
    this.inForce = inForce;
  }

  /** Bytes that {@code host} may fill, 0 for any number. */
  public long of(HostId host) {
    return inForce.applyAsLong(host);
  }

  /** Sealed bytes that {@code host} uploaded and that are in the vault. */
  public long stored(HostId host) {
    return ports.look(fleet -> fleet.storedBytes(host));
  }

  /**
   * Sets the quota of {@code host}, in force when this returns. Errors of the journal.
   *
   * @param bytes unsigned; 0 for what the configuration says, the highest number for none
   */
  public void set(NamedHost host, long bytes, String actor) throws InterruptedException {
    HostQuotaSet set =
        HostQuotaSet.newBuilder()
            .setHost(ByteString.copyFrom(host.id().toByteArray()))
            .setBytes(bytes)
            .build();
    ports.append(
        MutationSealer.clear(Change.newBuilder().setHostQuotaSet(set).build()),
        audits.of(actor, "quota", Optional.of(host.id()), text(bytes)));
  }

  private static String text(long bytes) {
    if (bytes == UNLIMITED) {
      return "no quota";
    }
    return bytes == 0 ? "quota as configured" : "quota of " + new DataSize(bytes);
  }
}
