package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostDecommissioned;
import io.holdfast.proto.stored.v1.HostRenameDetails;
import io.holdfast.proto.stored.v1.HostRenamed;
import io.holdfast.proto.stored.v1.HostReplaced;
import io.holdfast.proto.stored.v1.HostRevoked;
import io.holdfast.proto.stored.v1.Mutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What becomes of hosts after they were enrolled. Any thread; changes are made one after another,
 * since names and replacements depend on those before.
 */
public final class HostLife {
  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final OpenCalls calls;
  private final Audits audits;
  private final ReentrantLock changing = new ReentrantLock();

  public HostLife(FleetPorts ports, HostDirectory hosts, OpenCalls calls) {
    this.ports = ports;
    this.hosts = hosts;
    this.calls = calls;
    this.audits = new Audits(ports.mutations());
  }

  /**
   * Calls {@code host} {@code name} from here on. INVALID_ARGUMENT for a name that can't be, or
   * that another host has that isn't revoked.
   */
  public NamedHost rename(NamedHost host, String name, String actor) throws InterruptedException {
    Facts.checkName(name);
    changing.lockInterruptibly();
    try {
      refuseTaken(host, name);
      HostRenamed renamed = HostRenamed.newBuilder().setHost(bytes(host.id())).build();
      HostRenameDetails details =
          HostRenameDetails.newBuilder().setActor(actor).setName(name).build();
      ports.append(
          ports
              .mutations()
              .seal(
                  Change.newBuilder().setHostRenamed(renamed).build(),
                  Details.newBuilder().setHostRename(details).build()),
          audits.of(
              actor,
              "rename",
              Optional.of(host.id()),
              "\"" + host.name() + "\" -> \"" + name + "\""));
      return hosts.get(host.id());
    } finally {
      changing.unlock();
    }
  }

  private void refuseTaken(NamedHost host, String name) {
    boolean taken =
        hosts.all().stream()
            .anyMatch(other ->
                !other.isRevoked() && !other.id().equals(host.id()) && other.name().equals(name));
    if (name.isEmpty() || taken) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          name.isEmpty()
              ? "a host can't be called nothing; give it a name"
              : "a host is called \"" + name + "\" already; take another name");
    }
  }

  /**
   * Takes {@code host} out of service: revoked, its open calls here ended, missed by nobody, its
   * history kept. Repeating it does nothing.
   */
  public NamedHost decommission(NamedHost host, String actor) throws InterruptedException {
    changing.lockInterruptibly();
    try {
      List<Mutation> mutations = ending(host, actor);
      if (!mutations.isEmpty()) {
        ports.append(mutations.toArray(Mutation[]::new));
      }
    } finally {
      changing.unlock();
    }
    calls.abort(host.id(), HostAuthority.revoked(host.id()));
    return hosts.get(host.id());
  }

  private List<Mutation> ending(NamedHost host, String actor) {
    List<Mutation> mutations = new ArrayList<>();
    if (!host.isRevoked() || ports.look(fleet -> fleet.isMovedAway(host.id()))) {
      HostRevoked revoked = HostRevoked.newBuilder().setHost(bytes(host.id())).build();
      mutations.add(MutationSealer.clear(Change.newBuilder().setHostRevoked(revoked).build()));
    }
    if (!ports.look(fleet -> fleet.isDecommissioned(host.id()))) {
      HostDecommissioned ended = HostDecommissioned.newBuilder().setHost(bytes(host.id())).build();
      mutations.add(MutationSealer.clear(Change.newBuilder().setHostDecommissioned(ended).build()));
      mutations.add(
          audits.of(actor, "decommission", Optional.of(host.id()), "host decommissioned"));
    }
    return mutations;
  }

  /**
   * Lets {@code successor} go on where {@code former} ended, which is decommissioned: in one
   * record. INVALID_ARGUMENT if one of them can't be that.
   */
  public NamedHost replace(NamedHost former, NamedHost successor, String actor)
      throws InterruptedException {
    changing.lockInterruptibly();
    try {
      requireReplaceable(former, successor);
      HostReplaced replaced =
          HostReplaced.newBuilder()
              .setFormer(bytes(former.id()))
              .setSuccessor(bytes(successor.id()))
              .build();
      List<Mutation> mutations = new ArrayList<>(ending(former, actor));
      mutations.add(MutationSealer.clear(Change.newBuilder().setHostReplaced(replaced).build()));
      mutations.add(
          audits.of(
              actor, "replace", Optional.of(successor.id()), "goes on where " + former + " ended"));
      ports.append(mutations.toArray(Mutation[]::new));
    } finally {
      changing.unlock();
    }
    calls.abort(former.id(), HostAuthority.revoked(former.id()));
    return hosts.get(successor.id());
  }

  /** INVALID_ARGUMENT: {@link #replace} would throw it. */
  public void requireReplaceable(NamedHost former, NamedHost successor) {
    if (former.id().equals(successor.id())) {
      throw refuse(former + " can't replace itself");
    }
    if (successor.isRevoked()) {
      throw refuse(successor + " was revoked, and can't be anybody's successor");
    }
    refuseIf(ports.look(fleet -> fleet.successor(former.id())), former, "was replaced before, by ");
    refuseIf(ports.look(fleet -> fleet.successor(successor.id())), successor, "was replaced by ");
    refuseIf(ports.look(fleet -> fleet.former(successor.id())), successor, "replaces already ");
  }

  private void refuseIf(Optional<HostId> other, NamedHost host, String how) {
    if (other.isPresent()) {
      throw refuse(host + " " + how + hosts.get(other.get()));
    }
  }

  private static HoldfastException refuse(String cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT, cause + "; see them with: holdfast host ls");
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }
}
