package io.holdfast.coordinator.policy.book;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.HostId;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.AuditDetails;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Details;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.wire.v1.HostFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** A fleet whose hosts get other labels and facts. */
final class TraitKit implements AutoCloseable {
  final FleetKit fleet = new FleetKit(37);
  final PolicyBook policies = new PolicyBook(fleet.ports, fleet.hosts);
  final TraitBook book = new TraitBook(fleet.ports, fleet.hosts, policies);

  /** A host that tells {@code system} and {@code labels} as it is enrolled. */
  NamedHost enrol(String name, String system, Map<String, String> labels)
      throws InterruptedException {
    FleetKit.Machine machine = fleet.machine();
    HostFacts facts =
        HostFacts.newBuilder()
            .setName(name)
            .setOperatingSystem(system)
            .setArchitecture("amd64")
            .putAllLabels(labels)
            .build();
    var request = fleet.request(fleet.token(""), machine, name).setFacts(facts).build();
    return get(fleet.enrolled(fleet.enrolments.enrol(request), machine).id());
  }

  NamedHost get(HostId host) {
    return fleet.hosts.get(host);
  }

  /** Applies a policy that is for whom {@code selector} fits, and for its files in {@code path}. */
  void apply(String name, String selector, String path, String retention)
      throws InterruptedException {
    String text =
        """
        apiVersion: holdfast/v1
        kind: Policy
        metadata: {name: %s}
        spec:
          selector: %s
          source: {files: {include: [%s]}}
          schedule: {cron: "@daily"}
          retention: %s
        """
            .formatted(name, selector, path, retention);
    policies.apply("p.yaml", text, true, "anna");
  }

  /** A snapshot of {@code path} that nobody scheduled. */
  void take(NamedHost host, String path) throws InterruptedException {
    byte[] sourceSet =
        SnapshotFormat.sourceSet(List.of(path.getBytes(StandardCharsets.UTF_8))).toByteArray();
    fleet.ports.append(
        MutationSealer.clear(
            Change.newBuilder()
                .setSnapshotCommitted(
                    SnapshotCommitted.newBuilder()
                        .setSnapshot(ByteString.copyFrom(fleet.randomness.bytes(32)))
                        .setHost(ByteString.copyFrom(host.id().toByteArray()))
                        .setRun(ByteString.copyFrom(fleet.randomness.bytes(16)))
                        .setRoot(ByteString.copyFrom(fleet.randomness.bytes(32)))
                        .setOutcome(Outcome.OUTCOME_COMPLETE)
                        .setSourceSet(ByteString.copyFrom(sourceSet)))
                .build()));
  }

  TraitChange label(NamedHost host, boolean confirmed, Map<String, String> set, String... removed)
      throws InterruptedException {
    return book.label(host, LabelEdit.of(set, Set.of(removed)), confirmed, "anna");
  }

  static HostFacts told(String system) {
    return HostFacts.newBuilder().setOperatingSystem(system).build();
  }

  long seq() {
    return fleet.journal.wireAuthority().getSeq();
  }

  /** What the audit says last. */
  AuditDetails audited() {
    return LongStream.iterate(seq(), at -> at > 0, at -> at - 1)
        .mapToObj(at -> fleet.journal.record(at).body())
        .flatMap(record -> record.getMutationsList().reversed().stream())
        .flatMap(mutation -> fleet.ports.mutations().open(mutation).stream())
        .filter(Details::hasAudit)
        .map(Details::getAudit)
        .findFirst()
        .orElseThrow();
  }

  static List<String> names(List<StoredPolicy> policies) {
    return policies.stream().map(each -> each.policy().name()).toList();
  }

  @Override
  public void close() {
    fleet.close();
  }
}
