package io.holdfast.coordinator.dispatch;

import io.holdfast.common.id.PolicyId;
import io.holdfast.coordinator.catalog.FleetQueries;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.policy.DataClass;
import io.holdfast.coordinator.policy.HostTraits;
import io.holdfast.coordinator.policy.Policy;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.schedule.plan.Duty;
import io.holdfast.coordinator.schedule.plan.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which hosts are in which data classes. Kept while the same versions of policies are in force and
 * no host was moved by its labels or facts, and for {@link #KEPT} at most, within which a host that
 * was enrolled is seen. One thread.
 */
final class Assignments {
  static final Duration KEPT = Duration.ofSeconds(10);

  /** The one vault of a coordinator. */
  static final String VAULT = "primary";

  private final FleetPorts ports;
  private final PolicyBook policies;
  private final HostDirectory hosts;
  private Map<PolicyId, Long> versions = Map.of();
  private long traits;
  private Roster kept = new Roster(List.of());
  private Instant made = Instant.MIN;

  Assignments(FleetPorts ports, PolicyBook policies, HostDirectory hosts) {
    this.ports = ports;
    this.policies = policies;
    this.hosts = hosts;
  }

  /** The same object as before as long as it is kept. */
  Roster at(Instant now) {
    Map<PolicyId, Long> inForce = policies.inForce();
    long changed = ports.look(FleetQueries::traitsChangedSeq);
    boolean isOld = now.isBefore(made) || Duration.between(made, now).compareTo(KEPT) >= 0;
    if (isOld || changed != traits || !inForce.equals(versions)) {
      kept = new Roster(all());
      versions = inForce;
      traits = changed;
      made = now;
    }
    return kept;
  }

  private List<Assignment> all() {
    List<Assignment> all = new ArrayList<>();
    for (StoredPolicy stored : policies.all()) {
      List<NamedHost> fitting = fitting(stored.policy());
      List<StoredPolicy> versions = policies.versions(stored.id());
      for (DataClass dataClass : stored.policy().dataClasses()) {
        Instant since = since(dataClass, versions);
        fitting.forEach(host -> all.add(assignment(stored, dataClass, host, since)));
      }
    }
    return all;
  }

  private List<NamedHost> fitting(Policy policy) {
    return hosts.all().stream()
        .filter(host -> !host.isRevoked())
        .filter(host -> policy.selector().fits(HostTraits.of(host.id(), host.details())))
        .toList();
  }

  /**
   * Since when the data class has had its times: another version of the policy that leaves them as
   * they are loses no run that is due.
   */
  private static Instant since(DataClass dataClass, List<StoredPolicy> versions) {
    Instant since = Instant.MAX;
    for (StoredPolicy version : versions.reversed()) {
      Optional<DataClass> same =
          version.policy().dataClasses().stream()
              .filter(each -> each.name().equals(dataClass.name()))
              .filter(each -> each.schedule().timetable().equals(dataClass.schedule().timetable()))
              .findFirst();
      if (same.isEmpty()) {
        break;
      }
      since = Instant.ofEpochMilli(version.timeMillis());
    }
    return since;
  }

  private static Assignment assignment(
      StoredPolicy stored, DataClass dataClass, NamedHost host, Instant since) {
    Instant here = host.since(stored.id());
    Series series = new Series(stored.id(), dataClass.name(), host.id());
    return new Assignment(
        new Duty(
            series,
            dataClass.schedule(),
            here.isAfter(since) ? here : since,
            VAULT,
            dataClass.limits().group(),
            dataClass.limits().priority()),
        series.id(),
        host,
        stored.policy().name(),
        dataClass,
        BackupOrders.sourceSet(dataClass.source()));
  }
}
