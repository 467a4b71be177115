package io.holdfast.coordinator.key;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.key.KeyObject;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.OpenSession;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostErased;
import io.holdfast.proto.stored.v1.JobOrdered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases hosts for good, by destroying the keys that open their snapshots. Any thread; one host at
 * a time.
 *
 * <ol>
 *   <li>I1: the record comes first. From then on nobody here is given the key, whether its object
 *       is there still or not.
 *   <li>I2: the key of an erased host is destroyed in the end: what an error or a crash left is
 *       destroyed by a later {@link #round}.
 *   <li>I3: nothing is destroyed of a host whose record had no effect.
 * </ol>
 */
public final class HostErasure {
  private static final Logger LOG = LoggerFactory.getLogger(HostErasure.class);

  /** Told of an erased host, and its snapshots: what is kept of them in memory is to go. */
  @FunctionalInterface
  public interface Forgetting {
    void forget(HostId host, Collection<SnapshotId> snapshots);
  }

  /**
   * What was erased.
   *
   * @param snapshots that nobody opens here any more
   */
  public record Erased(NamedHost host, long snapshots, long erasedMillis) {}

  private final FleetPorts ports;
  private final Vault vault;
  private final Function<NamedHost, List<String>> holds;
  private final Forgetting forgetting;
  private final Audits audits;
  private final ReentrantLock erasing = new ReentrantLock();

  /**
   * Erases out of {@code vault}.
   *
   * @param holds by what any snapshot of a host is held, policies included
   */
  public HostErasure(
      FleetPorts ports,
      Vault vault,
      Function<NamedHost, List<String>> holds,
      Forgetting forgetting) {
    this.ports = ports;
    this.vault = vault;
    this.holds = holds;
    this.forgetting = forgetting;
    this.audits = new Audits(ports.mutations());
  }

  /** What one says to have {@code host} erased. */
  public static String wordsFor(NamedHost host) {
    return "erase " + host.name();
  }

  /** What erasing {@code host} would do, in words. Errors of {@link #requireErasable}. */
  public String effect(NamedHost host) {
    requireErasable(host);
    return "destroy the key that opens the "
        + snapshots(host.id()).size()
        + " snapshots of "
        + host
        + ", for good: nobody restores from them any more";
  }

  /** CONFIRMATION_REQUIRED, saying what would be gone, unless {@code words} are those for it. */
  public void requireConfirmed(NamedHost host, String words) {
    if (!words.equals(wordsFor(host))) {
      throw new HoldfastException(
          ErrorCode.CONFIRMATION_REQUIRED,
          "this would "
              + effect(host)
              + ". Nothing was done; if you mean it, say so: holdfast host erase "
              + host.id()
              + " --yes '"
              + wordsFor(host)
              + "'");
    }
  }

  /**
   * Throws unless {@code host} can be erased now: INVALID_ARGUMENT if it isn't revoked,
   * SNAPSHOT_HELD, BUSY if a session or a job of it or over its snapshots is open. One that is
   * erased already can be erased again, which does nothing more.
   */
  public void requireErasable(NamedHost host) {
    if (ports.look(fleet -> fleet.isErased(host.id()))) {
      return;
    }
    if (!host.isRevoked()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          host + " is in service; take it out first with: holdfast host decommission " + host.id());
    }
    requireUnheld(host);
    requireUnused(host);
  }

  private void requireUnheld(NamedHost host) {
    List<String> found = holds.apply(host);
    if (!found.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.SNAPSHOT_HELD,
          "snapshots of "
              + host
              + " are held by "
              + String.join(", ", found)
              + "; have that released first (holdfast hold ls), if it may be");
    }
  }

  private void requireUnused(NamedHost host) {
    Set<SnapshotId> snapshots = snapshots(host.id());
    List<String> uses = new ArrayList<>();
    try (CatalogView view = ports.views().get()) {
      for (OpenSession session : view.fleet().sessions()) {
        if (isUse(
            session.opened().getHost(), session.opened().getSnapshot(), host.id(), snapshots)) {
          uses.add("session " + session.id());
        }
      }
      view.jobs()
          .forEachOpen(job -> {
            JobOrdered ordered = job.ordered();
            if (isUse(ordered.getHost(), ordered.getSnapshot(), host.id(), snapshots)) {
              uses.add("job " + job.id());
            }
          });
    }
    if (!uses.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          host
              + " or its snapshots are in use by "
              + String.join(", ", uses)
              + "; wait until that has ended, or cancel it, then try again");
    }
  }

  private static boolean isUse(
      ByteString usedHost, ByteString usedSnapshot, HostId host, Set<SnapshotId> snapshots) {
    return usedHost.equals(bytes(host))
        || (usedSnapshot.size() == Bytes32.LENGTH
            && snapshots.contains(SnapshotId.of(usedSnapshot.toByteArray())));
  }

  /**
   * Erases {@code host} for {@code actor}: journalled and its key destroyed when this returns.
   * Errors of {@link #requireErasable}; BUSY if something came between; VAULT_UNAVAILABLE if the
   * key's object can't be destroyed now, which {@link #round} makes up for.
   */
  public Erased erase(NamedHost host, String actor) throws InterruptedException {
    erasing.lockInterruptibly();
    try {
      requireErasable(host);
      if (!ports.look(fleet -> fleet.isErased(host.id()))) {
        journal(host, actor);
      }
      destroy(host.id());
      return new Erased(
          host,
          snapshots(host.id()).size(),
          ports.look(fleet -> fleet.erasedMillis(host.id())).orElseThrow());
    } finally {
      erasing.unlock();
    }
  }

  private void journal(NamedHost host, String actor) throws InterruptedException {
    HostErased erased = HostErased.newBuilder().setHost(bytes(host.id())).build();
    ports.append(
        MutationSealer.clear(Change.newBuilder().setHostErased(erased).build()),
        audits.of(
            actor,
            "erase",
            Optional.of(host.id()),
            "erase " + snapshots(host.id()).size() + " snapshots of " + host));
    if (!ports.look(fleet -> fleet.isErased(host.id()))) {
      throw new HoldfastException( // I3
          ErrorCode.BUSY,
          host + " was not erased: a session, a job or a hold came between; look, and try again");
    }
    LOG.info("host {} is erased by {}", host.id(), actor);
  }

  private void destroy(HostId host) {
    forgetting.forget(host, snapshots(host));
    ObjectName name = key(host);
    try {
      Set<ObjectName> all = keys(host);
      all.forEach(vault::delete);
      if (all.stream().allMatch(one -> vault.size(one).isEmpty())) {
        return;
      }
    } catch (HoldfastException e) {
      throw new HoldfastException(e.code(), notYet(host, name) + ": " + e.getMessage(), e);
    }
    throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, notYet(host, name));
  }

  /** Under the master key that the journal names. */
  private ObjectName key(HostId host) {
    try (CatalogView view = ports.views().get()) {
      return key(
          view.repository().isPrivate()
              ? KeyObject.sealedHostKeys(ports.repository(), view.masterNumber(), host)
              : KeyObject.hostRecovery(ports.repository(), view.masterNumber(), host));
    }
  }

  private static ObjectName key(KeyObject object) {
    return ObjectName.of(object.name());
  }

  /** While a master key is replaced there are two of them, and nobody can say which one stays. */
  private Set<ObjectName> keys(HostId host) {
    Set<ObjectName> all = new LinkedHashSet<>();
    all.add(key(host));
    all.addAll(MasterObjects.keysOf(vault, host));
    return all;
  }

  private static String notYet(HostId host, ObjectName name) {
    return "host "
        + host
        + " counts as erased, but the vault did not destroy "
        + name
        + " yet; it is tried again by itself";
  }

  /** I2: destroys what is left of the keys of erased hosts. */
  public void round() {
    Set<HostId> erased = ports.look(fleet -> fleet.erased());
    if (erased.isEmpty()) {
      return;
    }
    Set<HostId> kept = MasterObjects.hosts(vault);
    for (HostId host : erased) {
      if (kept.contains(host) || vault.size(key(host)).isPresent()) {
        destroy(host);
        LOG.info("what was left of the key of erased host {} is destroyed", host);
      }
    }
  }

  private Set<SnapshotId> snapshots(HostId host) {
    Set<SnapshotId> found = new HashSet<>();
    try (CatalogView view = ports.views().get()) {
      for (var sourceSet : view.snapshots().sourceSets(host)) {
        view.snapshots().forEachOfSourceSet(host, sourceSet, kept -> found.add(kept.stored().id()));
      }
    }
    return found;
  }

  private static ByteString bytes(HostId host) {
    return ByteString.copyFrom(host.toByteArray());
  }
}
