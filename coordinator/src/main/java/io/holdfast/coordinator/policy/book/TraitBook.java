package io.holdfast.coordinator.policy.book;

import com.google.protobuf.ByteString;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.HostDetails;
import io.holdfast.proto.stored.v1.HostFactDetails;
import io.holdfast.proto.stored.v1.HostFactsTaken;
import io.holdfast.proto.stored.v1.HostLabelDetails;
import io.holdfast.proto.stored.v1.HostLabelled;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.wire.v1.HostFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * What hosts are sorted by: labels, which people give, and facts, which hosts tell. Any thread;
 * changes are made one after another, and none beside one of the policies.
 *
 * <ol>
 *   <li>I1: nothing is recorded that is so already.
 *   <li>I2: nobody moves a host so that snapshots may go without having been told that this is
 *       wanted; by what a host tells itself, nothing that is stored may go at all.
 *   <li>I3: a move between policies stands in the audit, whoever made it.
 * </ol>
 */
public final class TraitBook {
  private final FleetPorts ports;
  private final HostDirectory hosts;
  private final PolicyBook policies;
  private final Audits audits;

  public TraitBook(FleetPorts ports, HostDirectory hosts, PolicyBook policies) {
    this.ports = ports;
    this.hosts = hosts;
    this.policies = policies;
    this.audits = new Audits(ports.mutations());
  }

  // What people decide.

  /** What {@code edit} would come to. INVALID_ARGUMENT. */
  public TraitChange plan(NamedHost host, LabelEdit edit) {
    return plan(host, labelled(host.details(), edit), policies.all());
  }

  /**
   * Edits the labels of {@code host}, all of them or none. INVALID_ARGUMENT; CONFIRMATION_REQUIRED
   * if snapshots may go by it and {@code confirmed} doesn't say that this is wanted; errors of the
   * journal.
   */
  public TraitChange label(NamedHost host, LabelEdit edit, boolean confirmed, String actor)
      throws InterruptedException {
    ReentrantLock changing = policies.changing();
    changing.lockInterruptibly();
    try {
      TraitChange change = plan(hosts.get(host.id()), edit);
      if (!change.isNone()) {
        PolicyBook.requireConfirmed(change.shortenings(), confirmed);
        ports.append(
            labelled(change, actor),
            audits.of(actor, "label", Optional.of(host.id()), edit + change.words()));
      }
      return change;
    } finally {
      changing.unlock();
    }
  }

  /** What would come of it if what {@code host} tells counted. */
  public TraitChange plan(NamedHost host, HostFacts told) {
    return plan(host, Facts.with(host.details(), told), policies.all());
  }

  /** Lets what {@code host} tells count; otherwise as {@link #label}. */
  public TraitChange takeFacts(NamedHost host, HostFacts told, boolean confirmed, String actor)
      throws InterruptedException {
    ReentrantLock changing = policies.changing();
    changing.lockInterruptibly();
    try {
      TraitChange change = plan(hosts.get(host.id()), told);
      if (!change.isNone()) {
        PolicyBook.requireConfirmed(change.shortenings(), confirmed);
        ports.append(taken(change, actor), audit(change, actor));
      }
      return change;
    } finally {
      changing.unlock();
    }
  }

  private TraitChange plan(NamedHost host, HostDetails details, List<StoredPolicy> inForce) {
    try (CatalogView view = ports.views().get()) {
      return TraitChange.of(host, details, inForce, view);
    }
  }

  private static HostDetails labelled(HostDetails details, LabelEdit edit) {
    return details.toBuilder().clearLabels().putAllLabels(edit.on(details.getLabelsMap())).build();
  }

  // What hosts tell.

  /** A host, and what it tells. */
  record Told(NamedHost host, HostFacts facts) {}

  /**
   * Lets what hosts tell count, in one record, as far as nothing that is stored may go by it. All
   * changes are answered, in their order; {@link TraitChange#letsGo} says which were left. Errors
   * of the journal: then nothing counts.
   */
  List<TraitChange> take(List<Told> told) throws InterruptedException {
    ReentrantLock changing = policies.changing();
    changing.lockInterruptibly();
    try {
      List<StoredPolicy> inForce = policies.all();
      List<TraitChange> changes = new ArrayList<>();
      List<Mutation> mutations = new ArrayList<>();
      for (Told each : told) {
        NamedHost host = hosts.get(each.host().id());
        TraitChange change = plan(host, Facts.with(host.details(), each.facts()), inForce);
        changes.add(change);
        if (!change.isNone() && !change.letsGo()) {
          mutations.add(taken(change, ""));
          if (change.moves()) {
            mutations.add(audit(change, host.toString()));
          }
        }
      }
      if (!mutations.isEmpty()) {
        ports.append(mutations.toArray(Mutation[]::new));
      }
      return changes;
    } finally {
      changing.unlock();
    }
  }

  // Records.

  private Mutation labelled(TraitChange change, String actor) {
    HostLabelled labelled =
        HostLabelled.newBuilder().setHost(id(change)).addAllMoved(moved(change)).build();
    HostLabelDetails details =
        HostLabelDetails.newBuilder()
            .setActor(actor)
            .putAllLabels(change.after().details().getLabelsMap())
            .build();
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setHostLabelled(labelled).build(),
            Details.newBuilder().setHostLabels(details).build());
  }

  private Mutation taken(TraitChange change, String actor) {
    HostFactsTaken taken =
        HostFactsTaken.newBuilder().setHost(id(change)).addAllMoved(moved(change)).build();
    HostDetails after = change.after().details();
    HostFactDetails details =
        HostFactDetails.newBuilder()
            .setActor(actor)
            .setOperatingSystem(after.getOperatingSystem())
            .setArchitecture(after.getArchitecture())
            .setVersion(after.getVersion())
            .build();
    return ports
        .mutations()
        .seal(
            Change.newBuilder().setHostFactsTaken(taken).build(),
            Details.newBuilder().setHostFacts(details).build());
  }

  private Mutation audit(TraitChange change, String actor) {
    return audits.of(
        actor, "facts", Optional.of(change.after().id()), facts(change) + change.words());
  }

  /** What it was, and is. */
  static String facts(TraitChange change) {
    return system(change.before().details()) + " -> " + system(change.after().details());
  }

  private static String system(HostDetails details) {
    String agent = details.getVersion().isEmpty() ? "" : ", agent " + details.getVersion();
    return (details.getOperatingSystem() + " " + details.getArchitecture()).strip() + agent;
  }

  private static ByteString id(TraitChange change) {
    return ByteString.copyFrom(change.after().id().toByteArray());
  }

  private static List<ByteString> moved(TraitChange change) {
    return Stream.concat(change.begun().stream(), change.ended().stream())
        .map(each -> ByteString.copyFrom(each.id().toByteArray()))
        .toList();
  }
}
