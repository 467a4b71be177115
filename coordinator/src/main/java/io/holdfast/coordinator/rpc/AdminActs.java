package io.holdfast.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.Audits;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.HostDirectory;
import io.holdfast.coordinator.fleet.HostLife;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.JobWatch;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.Approvals;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.CancelJobAnswer;
import io.holdfast.proto.wire.v1.CancelJobRequest;
import io.holdfast.proto.wire.v1.DecommissionHostRequest;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import io.holdfast.proto.wire.v1.ExportKeysAnswer;
import io.holdfast.proto.wire.v1.ExportKeysRequest;
import io.holdfast.proto.wire.v1.HostChanged;
import io.holdfast.proto.wire.v1.Policy;
import io.holdfast.proto.wire.v1.PolicyName;
import io.holdfast.proto.wire.v1.PolicyOutcome;
import io.holdfast.proto.wire.v1.RenameHostRequest;
import io.holdfast.proto.wire.v1.ReplaceHostRequest;
import io.holdfast.proto.wire.v1.RevokeHostAnswer;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The Admin calls that destroy or reveal: each asks whether it needs a second person, and leaves a
 * record of who did it. Any thread; calls block.
 */
public final class AdminActs {
  private final FleetPorts ports;
  private final HostDirectory directory;
  private final HostLife life;
  private final AdminHosts hosts;
  private final AdminJobs jobs;
  private final AdminPolicies policies;
  private final AdminNode node;
  private final Approvals approvals;
  private final Audits audits;

  private final Act revokeHost =
      GuardedAct.of(
          ActKind.ACT_KIND_HOST_REVOKE,
          AdminGrpc.getRevokeHostMethod(),
          this::effectOf,
          this::carryOut);
  private final Act decommissionHost =
      GuardedAct.of(
          ActKind.ACT_KIND_HOST_REVOKE,
          AdminGrpc.getDecommissionHostMethod(),
          this::effectOf,
          this::carryOut);
  private final Act replaceHost =
      GuardedAct.of(
          ActKind.ACT_KIND_RESTORE_TO_ANOTHER_HOST,
          AdminGrpc.getReplaceHostMethod(),
          this::effectOf,
          this::carryOut);
  private final Act startRestore =
      GuardedAct.of(
          ActKind.ACT_KIND_RESTORE_TO_ANOTHER_HOST,
          AdminGrpc.getStartRestoreMethod(),
          this::effectOf,
          this::carryOut);
  private final Act applyPolicies =
      GuardedAct.of(
          ActKind.ACT_KIND_POLICY_SHORTENING,
          AdminGrpc.getApplyPoliciesMethod(),
          this::effectOf,
          this::carryOut);
  private final Act deletePolicy =
      GuardedAct.of(
          ActKind.ACT_KIND_POLICY_SHORTENING,
          AdminGrpc.getDeletePolicyMethod(),
          this::effectOf,
          this::carryOut);
  private final Act exportKeys =
      GuardedAct.collected(
          ActKind.ACT_KIND_KEY_EXPORT,
          AdminGrpc.getExportKeysMethod(),
          request -> "show the recovery kit: with the passphrase it opens every backup");

  public AdminActs(
      FleetPorts ports,
      HostDirectory directory,
      HostLife life,
      AdminHosts hosts,
      AdminJobs jobs,
      AdminPolicies policies,
      AdminNode node,
      Approvals approvals) {
    this.ports = ports;
    this.directory = directory;
    this.life = life;
    this.hosts = hosts;
    this.jobs = jobs;
    this.policies = policies;
    this.node = node;
    this.approvals = approvals;
    this.audits = new Audits(ports.mutations());
  }

  /** All that may need a second person. */
  public List<Act> all() {
    return List.of(
        revokeHost,
        decommissionHost,
        replaceHost,
        startRestore,
        applyPolicies,
        deletePolicy,
        exportKeys);
  }

  // Hosts.

  /** Errors of {@link AdminHosts#revokeHost}, and APPROVAL_REQUIRED. */
  RevokeHostAnswer revokeHost(RevokeHostRequest request, Actor actor) throws InterruptedException {
    String id = directory.find(request.getHost()).id().toString();
    RevokeHostRequest exact = request.toBuilder().setHost(id).build();
    approvals.require(revokeHost, exact, actor);
    return hosts.revokeHost(exact, actor.name());
  }

  private String effectOf(RevokeHostRequest request) {
    return "lock " + directory.find(request.getHost()) + " out for good";
  }

  private String carryOut(RevokeHostRequest request, String asker) throws InterruptedException {
    var _ = hosts.revokeHost(request, asker);
    return directory.find(request.getHost()) + " was locked out";
  }

  /** Errors of {@link HostLife#rename}, and of finding it. */
  HostChanged renameHost(RenameHostRequest request, Actor actor) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    return changed(life.rename(host, request.getName(), actor.name()));
  }

  /** Errors of {@link HostLife#decommission}, and APPROVAL_REQUIRED. */
  HostChanged decommissionHost(DecommissionHostRequest request, Actor actor)
      throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    DecommissionHostRequest exact = request.toBuilder().setHost(host.id().toString()).build();
    approvals.require(decommissionHost, exact, actor);
    return changed(life.decommission(host, actor.name()));
  }

  private String effectOf(DecommissionHostRequest request) {
    return "take " + directory.find(request.getHost()) + " out of service for good";
  }

  private String carryOut(DecommissionHostRequest request, String asker)
      throws InterruptedException {
    return life.decommission(directory.find(request.getHost()), asker) + " was decommissioned";
  }

  /** Errors of {@link HostLife#replace}, and APPROVAL_REQUIRED. */
  HostChanged replaceHost(ReplaceHostRequest request, Actor actor) throws InterruptedException {
    NamedHost former = directory.find(request.getFormer());
    NamedHost successor = directory.find(request.getSuccessor());
    life.requireReplaceable(former, successor);
    ReplaceHostRequest exact =
        request.toBuilder()
            .setFormer(former.id().toString())
            .setSuccessor(successor.id().toString())
            .build();
    approvals.require(replaceHost, exact, actor);
    return changed(life.replace(former, successor, actor.name()));
  }

  private String effectOf(ReplaceHostRequest request) {
    NamedHost former = directory.find(request.getFormer());
    NamedHost successor = directory.find(request.getSuccessor());
    life.requireReplaceable(former, successor);
    return "let " + successor + " have the history of " + former + ", which is decommissioned";
  }

  private String carryOut(ReplaceHostRequest request, String asker) throws InterruptedException {
    NamedHost former = directory.find(request.getFormer());
    return life.replace(former, directory.find(request.getSuccessor()), asker)
        + " goes on where "
        + former
        + " ended";
  }

  private static HostChanged changed(NamedHost host) {
    return HostChanged.newBuilder()
        .setHost(ByteString.copyFrom(host.id().toByteArray()))
        .setName(host.name())
        .build();
  }

  // Jobs.

  /** Errors of {@link AdminJobs#startRestore}, HOST_ERASED, and APPROVAL_REQUIRED. */
  JobWatch startRestore(StartRestoreRequest request, Actor actor) throws InterruptedException {
    NamedHost host = directory.find(request.getHost());
    StoredSnapshot snapshot = openable(jobs.snapshot(request.getSnapshot(), host));
    StartRestoreRequest exact =
        request.toBuilder()
            .setHost(host.id().toString())
            .setSnapshot(snapshot.id().toString())
            .build();
    if (!isOwn(snapshot, host)) {
      approvals.require(startRestore, exact, actor);
    }
    return jobs.startRestore(exact, actor.name());
  }

  /** Or HOST_ERASED. */
  private StoredSnapshot openable(StoredSnapshot snapshot) {
    if (ports.look(fleet -> fleet.isErased(snapshot.host()))) {
      throw new HoldfastException(
          ErrorCode.HOST_ERASED,
          directory.get(snapshot.host())
              + " was erased for good: nobody can open its snapshot "
              + snapshot.id()
              + " any more; restore from another host's");
    }
    return snapshot;
  }

  /** Of the host itself, or of one that it replaced. */
  private boolean isOwn(StoredSnapshot snapshot, NamedHost host) {
    return ports.look(fleet -> {
      Optional<HostId> whose = Optional.of(host.id());
      while (whose.isPresent() && !whose.get().equals(snapshot.host())) {
        whose = fleet.former(whose.get());
      }
      return whose.isPresent();
    });
  }

  private String effectOf(StartRestoreRequest request) {
    NamedHost host = directory.find(request.getHost());
    StoredSnapshot snapshot = openable(jobs.snapshot(request.getSnapshot(), host));
    var order = request.getOrder();
    String target = order.getTarget().isEmpty() ? "in place" : order.getTarget().toStringUtf8();
    String paths =
        order.getPathsCount() == 0
            ? "all"
            : order.getPathsList().stream()
                .map(path -> path.toStringUtf8())
                .collect(Collectors.joining(", "));
    return "restore snapshot "
        + snapshot.id()
        + " of "
        + directory.get(snapshot.host())
        + " to "
        + host
        + ", "
        + target
        + ": "
        + paths
        + (order.getPatternsCount() == 0 ? "" : ", where it fits " + order.getPatternsList())
        + (order.getDryRun() ? " (dry run)" : "");
  }

  private String carryOut(StartRestoreRequest request, String asker) throws InterruptedException {
    try (JobWatch watch = jobs.startRestore(request, asker)) {
      return "job " + watch.job() + " ordered; follow it with: holdfast job watch " + watch.job();
    }
  }

  /** Errors of {@link AdminJobs#cancelJob}. */
  CancelJobAnswer cancelJob(CancelJobRequest request, Actor actor) throws InterruptedException {
    CancelJobAnswer answer = jobs.cancelJob(request);
    String job = HexFormat.of().formatHex(request.getJob().toByteArray());
    ports.append(audits.of(actor.name(), "cancel", Optional.empty(), "job " + job));
    return answer;
  }

  // Policies.

  /** Errors of {@link AdminPolicies#applyPolicies}, and APPROVAL_REQUIRED. */
  PolicyOutcome applyPolicies(ApplyPoliciesRequest request, Actor actor)
      throws InterruptedException {
    boolean guarded =
        request.getConfirmed()
            && !request.getDryRun()
            && approvals.isNeeded(ActKind.ACT_KIND_POLICY_SHORTENING, actor);
    if (!guarded) {
      return policies.applyPolicies(request, actor.name());
    }
    if (shortenings(policies.plan(request)).isEmpty()) {
      // And if that has changed by then, the book itself refuses what wasn't confirmed.
      return policies.applyPolicies(request.toBuilder().setConfirmed(false).build(), actor.name());
    }
    approvals.require(applyPolicies, request, actor);
    return policies.applyPolicies(request, actor.name());
  }

  private String effectOf(ApplyPoliciesRequest request) {
    return "apply policies by which snapshots may go: " + shortenings(policies.plan(request));
  }

  private static String shortenings(PolicyOutcome outcome) {
    return outcome.getChangesList().stream()
        .flatMap(change ->
            change.getShorteningsList().stream().map(text -> change.getName() + "/" + text))
        .collect(Collectors.joining("; "));
  }

  private String carryOut(ApplyPoliciesRequest request, String asker) throws InterruptedException {
    return policies.applyPolicies(request, asker).getChangesCount() + " policies applied";
  }

  /** Errors of {@link AdminPolicies#deletePolicy}, and APPROVAL_REQUIRED. */
  PolicyOutcome deletePolicy(DeletePolicyRequest request, Actor actor) throws InterruptedException {
    var _ = named(request);
    if (request.getConfirmed()) {
      approvals.require(deletePolicy, request, actor);
    }
    return policies.deletePolicy(request, actor.name());
  }

  private String effectOf(DeletePolicyRequest request) {
    Policy policy = named(request);
    return "delete policy " + policy.getName() + ", version " + policy.getVersion();
  }

  private Policy named(DeletePolicyRequest request) {
    return policies.showPolicy(PolicyName.newBuilder().setName(request.getName()).build());
  }

  private String carryOut(DeletePolicyRequest request, String asker) throws InterruptedException {
    var _ = policies.deletePolicy(request, asker);
    return "policy " + request.getName() + " deleted";
  }

  // Keys.

  /** Errors of {@link AdminNode#exportKeys}, and APPROVAL_REQUIRED. */
  ExportKeysAnswer exportKeys(ExportKeysRequest request, Actor actor) throws InterruptedException {
    ExportKeysAnswer kit = node.exportKeys();
    approvals.require(exportKeys, request, actor);
    ports.append(
        audits.of(actor.name(), "key_export", Optional.empty(), "the recovery kit was shown"));
    return kit;
  }
}
