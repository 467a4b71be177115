package io.holdfast.coordinator.absence;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.PolicyId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.RecordedPolicy;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.RestoreSpeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How the fleet stands, found out anew each time. Any thread. */
public final class Absence {
  /** A version of a policy, for noticing that another one is in force. */
  private record InForce(PolicyId policy, long version) {}

  /** What a deadline was worked out from: that of a timetable costs more than all else here. */
  private record Worked(Expectation expectation, Optional<SnapshotId> good, Instant due) {}

  private final AbsencePorts ports;
  private final Attendance attendance;
  private final EvidenceBook evidence;
  private List<InForce> inForce = List.of();
  private Expectations expectations = new Expectations(List.of());
  private Map<SeriesId, Worked> worked = new HashMap<>();

  /** Counts the absence of hosts from {@code began} on. */
  public Absence(AbsencePorts ports, Instant began) {
    this.ports = ports;
    this.attendance = new Attendance(ports.hostAway(), began);
    this.evidence = new EvidenceBook(ports.health(), ports.mutations(), ports.proofWithin());
  }

  /** {@code host} was last seen at {@code at}, as was found out before this process began. */
  public synchronized void remember(HostId host, Instant at) {
    attendance.remember(host, at);
  }

  /** How the fleet stands at {@code now}. Errors of the catalog. */
  public synchronized AbsenceReport report(Instant now) {
    List<NamedHost> hosts = ports.hosts().all().stream().filter(host -> !host.isRevoked()).toList();
    evidence.keepOnly(hosts.stream().map(NamedHost::id).collect(Collectors.toSet()));
    Map<SeriesId, Worked> before = worked;
    worked = new HashMap<>();
    List<HostState> states = new ArrayList<>();
    try (CatalogView view = ports.views().get()) {
      renew(view);
      hosts.forEach(host -> states.add(state(view, host, now, before)));
    }
    return AbsenceReport.of(now, expectations.names(), states);
  }

  /** Reads the policies again if others are in force. */
  private void renew(CatalogView view) {
    List<RecordedPolicy> current = view.policies().current();
    List<InForce> now =
        current.stream().map(each -> new InForce(each.id(), each.version())).toList();
    if (!now.equals(inForce)) {
      expectations =
          new Expectations(
              current.stream()
                  .map(each -> new Expectations.Versions(ports.policies().versions(each.id())))
                  .filter(versions -> !versions.all().isEmpty())
                  .toList());
      inForce = now;
    }
  }

  private HostState state(
      CatalogView view, NamedHost host, Instant now, Map<SeriesId, Worked> before) {
    Instant enrolled = host.enrolled();
    List<Expectation> expected = expectations.of(host);
    List<Evidence> found = evidence.of(view, host.id(), expected, now);
    Optional<RestoreSpeed> speed =
        expected.stream().anyMatch(each -> each.rto().isPresent())
            ? ports.speeds().of(view, host.id())
            : Optional.empty();
    List<SeriesState> series = new ArrayList<>();
    for (int i = 0; i < expected.size(); i++) {
      Instant due = due(expected.get(i), found.get(i), before);
      series.add(SeriesState.of(expected.get(i), found.get(i), due, now, speed));
    }
    boolean connected = ports.connected().test(host.id());
    return new HostState(
        host.id(),
        host.name(),
        enrolled,
        host.sorted(),
        connected,
        series,
        attendance.look(host.id(), connected, enrolled, now));
  }

  private Instant due(Expectation expectation, Evidence found, Map<SeriesId, Worked> before) {
    SeriesId series = expectation.target().series();
    Optional<SnapshotId> good = found.good().map(GoodSnapshot::id);
    Worked known = before.get(series);
    boolean holds =
        known != null && known.good().equals(good) && known.expectation().equals(expectation);
    Worked now =
        holds ? known : new Worked(expectation, good, Deadline.of(expectation, found.good()));
    worked.put(series, now);
    return now.due();
  }
}
