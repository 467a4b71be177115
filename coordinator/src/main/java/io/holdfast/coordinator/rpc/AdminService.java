package io.holdfast.coordinator.rpc;

import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import io.holdfast.coordinator.browse.AdminSnapshots;
import io.holdfast.coordinator.browse.AdminVault;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.ApproveRetentionAnswer;
import io.holdfast.proto.wire.v1.ApproveRetentionRequest;
import io.holdfast.proto.wire.v1.ApproveSweepAnswer;
import io.holdfast.proto.wire.v1.ApproveSweepRequest;
import io.holdfast.proto.wire.v1.CancelJobAnswer;
import io.holdfast.proto.wire.v1.CancelJobRequest;
import io.holdfast.proto.wire.v1.Clock;
import io.holdfast.proto.wire.v1.ConfirmClockRequest;
import io.holdfast.proto.wire.v1.CreateTokenAnswer;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.DataClassPreview;
import io.holdfast.proto.wire.v1.DecommissionHostRequest;
import io.holdfast.proto.wire.v1.DeletePolicyRequest;
import io.holdfast.proto.wire.v1.DeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.DiffSnapshotsRequest;
import io.holdfast.proto.wire.v1.Difference;
import io.holdfast.proto.wire.v1.ExportKeysAnswer;
import io.holdfast.proto.wire.v1.ExportKeysRequest;
import io.holdfast.proto.wire.v1.File;
import io.holdfast.proto.wire.v1.FindFilesRequest;
import io.holdfast.proto.wire.v1.FoundFile;
import io.holdfast.proto.wire.v1.Hold;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.HostChanged;
import io.holdfast.proto.wire.v1.HostSorted;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.JobName;
import io.holdfast.proto.wire.v1.LabelHostRequest;
import io.holdfast.proto.wire.v1.ListFilesRequest;
import io.holdfast.proto.wire.v1.ListHoldsRequest;
import io.holdfast.proto.wire.v1.ListHostsRequest;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.ListPacksRequest;
import io.holdfast.proto.wire.v1.ListPoliciesRequest;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.MoveHostAnswer;
import io.holdfast.proto.wire.v1.MoveHostRequest;
import io.holdfast.proto.wire.v1.PlanRestoreRequest;
import io.holdfast.proto.wire.v1.PlanRetentionRequest;
import io.holdfast.proto.wire.v1.PlanSweepEvent;
import io.holdfast.proto.wire.v1.PlanSweepRequest;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.PlannedSnapshot;
import io.holdfast.proto.wire.v1.Policy;
import io.holdfast.proto.wire.v1.PolicyName;
import io.holdfast.proto.wire.v1.PolicyOutcome;
import io.holdfast.proto.wire.v1.PreviewDataClassesRequest;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import io.holdfast.proto.wire.v1.ReadJobLogRequest;
import io.holdfast.proto.wire.v1.ReleaseHoldRequest;
import io.holdfast.proto.wire.v1.RenameHostRequest;
import io.holdfast.proto.wire.v1.ReplaceHostRequest;
import io.holdfast.proto.wire.v1.RestorePlan;
import io.holdfast.proto.wire.v1.RevokeHostAnswer;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import io.holdfast.proto.wire.v1.RunRetentionAnswer;
import io.holdfast.proto.wire.v1.RunRetentionRequest;
import io.holdfast.proto.wire.v1.RunSweepEvent;
import io.holdfast.proto.wire.v1.RunSweepRequest;
import io.holdfast.proto.wire.v1.SetDrainingAnswer;
import io.holdfast.proto.wire.v1.SetDrainingRequest;
import io.holdfast.proto.wire.v1.SetHoldRequest;
import io.holdfast.proto.wire.v1.SetHostQuotaAnswer;
import io.holdfast.proto.wire.v1.SetHostQuotaRequest;
import io.holdfast.proto.wire.v1.ShowClockRequest;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.SnapshotName;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.StatusRequest;
import io.holdfast.proto.wire.v1.StoredPack;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import io.holdfast.proto.wire.v1.SweepStatusRequest;
import io.holdfast.proto.wire.v1.TakeHostFactsRequest;
import io.holdfast.proto.wire.v1.TestNotificationsRequest;
import io.holdfast.proto.wire.v1.TestedChannel;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsAnswer;
import io.holdfast.proto.wire.v1.UndeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.VaultStatsAnswer;
import io.holdfast.proto.wire.v1.VaultStatsRequest;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyRequest;
import io.holdfast.proto.wire.v1.WriteCheckpointAnswer;
import io.holdfast.proto.wire.v1.WriteCheckpointRequest;
import java.util.concurrent.Executor;

/** What operators do, on the wire: parses, calls, maps errors. */
public final class AdminService extends AdminGrpc.AdminImplBase {
  private final AdminHosts hosts;
  private final AdminJobs jobs;
  private final AdminPolicies policies;
  private final AdminSnapshots snapshots;
  private final AdminRetention retention;
  private final AdminSweeps sweeps;
  private final AdminVault vault;
  private final AdminAlarms alarms;
  private final AdminNode node;
  private final AdminActs acts;
  private final RetentionActs retentionActs;
  private final MoveActs moveActs;
  private final TraitActs traitActs;
  private final UnaryCalls calls;
  private final ManyCalls manyCalls;

  /** {@code executor} gives each call a thread of its own that may block. */
  public AdminService(
      AdminHosts hosts,
      AdminJobs jobs,
      AdminPolicies policies,
      AdminSnapshots snapshots,
      AdminRetention retention,
      AdminSweeps sweeps,
      AdminVault vault,
      AdminAlarms alarms,
      AdminNode node,
      AdminActs acts,
      RetentionActs retentionActs,
      MoveActs moveActs,
      TraitActs traitActs,
      Executor executor) {
    this.hosts = hosts;
    this.jobs = jobs;
    this.policies = policies;
    this.snapshots = snapshots;
    this.retention = retention;
    this.sweeps = sweeps;
    this.vault = vault;
    this.alarms = alarms;
    this.node = node;
    this.acts = acts;
    this.retentionActs = retentionActs;
    this.moveActs = moveActs;
    this.traitActs = traitActs;
    Executor inContext = Context.currentContextExecutor(executor);
    this.calls = new UnaryCalls(inContext);
    this.manyCalls = new ManyCalls(inContext);
  }

  /** Who makes the present call; his context goes with the call to the executor. */
  private static Actor actor() {
    return RpcCaller.person().actor();
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusAnswer> answers) {
    calls.answer(answers, node::status);
  }

  @Override
  public void listHosts(ListHostsRequest request, StreamObserver<Host> answers) {
    many(answers, out -> hosts.listHosts(traitActs.showing(alarms.protecting(out))));
  }

  @Override
  public void createToken(CreateTokenRequest request, StreamObserver<CreateTokenAnswer> answers) {
    calls.answer(answers, () -> hosts.createToken(request, actor().name()));
  }

  @Override
  public void revokeHost(RevokeHostRequest request, StreamObserver<RevokeHostAnswer> answers) {
    calls.answer(answers, () -> acts.revokeHost(request, actor()));
  }

  @Override
  public void renameHost(RenameHostRequest request, StreamObserver<HostChanged> answers) {
    calls.answer(answers, () -> acts.renameHost(request, actor()));
  }

  @Override
  public void labelHost(LabelHostRequest request, StreamObserver<HostSorted> answers) {
    calls.answer(answers, () -> traitActs.labelHost(request, actor()));
  }

  @Override
  public void takeHostFacts(TakeHostFactsRequest request, StreamObserver<HostSorted> answers) {
    calls.answer(answers, () -> traitActs.takeHostFacts(request, actor()));
  }

  @Override
  public void decommissionHost(
      DecommissionHostRequest request, StreamObserver<HostChanged> answers) {
    calls.answer(answers, () -> acts.decommissionHost(request, actor()));
  }

  @Override
  public void moveHost(MoveHostRequest request, StreamObserver<MoveHostAnswer> answers) {
    calls.answer(answers, () -> moveActs.moveHost(request, actor()));
  }

  @Override
  public void replaceHost(ReplaceHostRequest request, StreamObserver<HostChanged> answers) {
    calls.answer(answers, () -> acts.replaceHost(request, actor()));
  }

  @Override
  public void startBackup(StartBackupRequest request, StreamObserver<JobEvent> answers) {
    many(answers, out -> AdminJobs.follow(jobs.startBackup(request, actor().name()), out));
  }

  @Override
  public void startRestore(StartRestoreRequest request, StreamObserver<JobEvent> answers) {
    many(answers, out -> AdminJobs.follow(acts.startRestore(request, actor()), out));
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobAnswer> answers) {
    calls.answer(answers, () -> acts.cancelJob(request, actor()));
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<Job> answers) {
    many(answers, out -> jobs.listJobs(request, out));
  }

  @Override
  public void showJob(JobName request, StreamObserver<Job> answers) {
    calls.answer(answers, () -> jobs.showJob(request));
  }

  @Override
  public void watchJob(JobName request, StreamObserver<JobEvent> answers) {
    many(answers, out -> jobs.watchJob(request, out));
  }

  @Override
  public void applyPolicies(ApplyPoliciesRequest request, StreamObserver<PolicyOutcome> answers) {
    calls.answer(answers, () -> acts.applyPolicies(request, actor()));
  }

  @Override
  public void deletePolicy(DeletePolicyRequest request, StreamObserver<PolicyOutcome> answers) {
    calls.answer(answers, () -> acts.deletePolicy(request, actor()));
  }

  @Override
  public void listPolicies(ListPoliciesRequest request, StreamObserver<Policy> answers) {
    many(answers, policies::listPolicies);
  }

  @Override
  public void showPolicy(PolicyName request, StreamObserver<Policy> answers) {
    calls.answer(answers, () -> policies.showPolicy(request));
  }

  @Override
  public void readJobLog(ReadJobLogRequest request, StreamObserver<JobLogLine> answers) {
    many(answers, out -> jobs.readJobLog(request, out));
  }

  @Override
  public void setDraining(SetDrainingRequest request, StreamObserver<SetDrainingAnswer> answers) {
    calls.answer(answers, () -> jobs.setDraining(request));
  }

  @Override
  public void setHostQuota(
      SetHostQuotaRequest request, StreamObserver<SetHostQuotaAnswer> answers) {
    calls.answer(answers, () -> hosts.setHostQuota(request, actor().name()));
  }

  @Override
  public void planRestore(PlanRestoreRequest request, StreamObserver<RestorePlan> answers) {
    calls.answer(answers, () -> jobs.planRestore(request.getRestore()));
  }

  @Override
  public void previewPolicies(PreviewPoliciesRequest request, StreamObserver<PlannedRun> answers) {
    many(answers, out -> policies.previewPolicies(request, out));
  }

  @Override
  public void previewDataClasses(
      PreviewDataClassesRequest request, StreamObserver<DataClassPreview> answers) {
    many(answers, out -> policies.previewDataClasses(request, out));
  }

  @Override
  public void listSnapshots(ListSnapshotsRequest request, StreamObserver<Snapshot> answers) {
    many(answers, out -> snapshots.listSnapshots(request, out::accept));
  }

  @Override
  public void showSnapshot(SnapshotName request, StreamObserver<Snapshot> answers) {
    calls.answer(answers, () -> snapshots.showSnapshot(request));
  }

  @Override
  public void deleteSnapshots(
      DeleteSnapshotsRequest request, StreamObserver<DeleteSnapshotsAnswer> answers) {
    calls.answer(answers, () -> retentionActs.deleteSnapshots(request, actor()));
  }

  @Override
  public void undeleteSnapshots(
      UndeleteSnapshotsRequest request, StreamObserver<UndeleteSnapshotsAnswer> answers) {
    calls.answer(answers, () -> retention.undeleteSnapshots(request, actor().name()));
  }

  @Override
  public void setHold(SetHoldRequest request, StreamObserver<Hold> answers) {
    calls.answer(answers, () -> retention.setHold(request, actor().name()));
  }

  @Override
  public void releaseHold(ReleaseHoldRequest request, StreamObserver<Hold> answers) {
    calls.answer(answers, () -> retentionActs.releaseHold(request, actor()));
  }

  @Override
  public void listHolds(ListHoldsRequest request, StreamObserver<Hold> answers) {
    many(answers, retention::listHolds);
  }

  @Override
  public void planRetention(PlanRetentionRequest request, StreamObserver<PlannedSnapshot> answers) {
    many(answers, out -> retention.planRetention(request, out));
  }

  @Override
  public void runRetention(
      RunRetentionRequest request, StreamObserver<RunRetentionAnswer> answers) {
    calls.answer(answers, () -> retention.runRetention(request));
  }

  @Override
  public void planSweep(PlanSweepRequest request, StreamObserver<PlanSweepEvent> answers) {
    many(answers, sweeps::plan);
  }

  @Override
  public void runSweep(RunSweepRequest request, StreamObserver<RunSweepEvent> answers) {
    many(answers, sweeps::run);
  }

  @Override
  public void approveSweep(
      ApproveSweepRequest request, StreamObserver<ApproveSweepAnswer> answers) {
    calls.answer(answers, () -> sweeps.approve(request, actor().name()));
  }

  @Override
  public void sweepStatus(SweepStatusRequest request, StreamObserver<SweepStatusAnswer> answers) {
    calls.answer(answers, sweeps::status);
  }

  @Override
  public void approveRetention(
      ApproveRetentionRequest request, StreamObserver<ApproveRetentionAnswer> answers) {
    calls.answer(answers, () -> retention.approveRetention(request, actor().name()));
  }

  @Override
  public void showClock(ShowClockRequest request, StreamObserver<Clock> answers) {
    calls.answer(answers, retention::showClock);
  }

  @Override
  public void confirmClock(ConfirmClockRequest request, StreamObserver<Clock> answers) {
    calls.answer(answers, () -> retention.confirmClock(request, actor().name()));
  }

  @Override
  public void listFiles(ListFilesRequest request, StreamObserver<File> answers) {
    many(answers, out -> snapshots.listFiles(request, out::accept));
  }

  @Override
  public void findFiles(FindFilesRequest request, StreamObserver<FoundFile> answers) {
    many(answers, out -> snapshots.findFiles(request, out::accept));
  }

  @Override
  public void diffSnapshots(DiffSnapshotsRequest request, StreamObserver<Difference> answers) {
    many(answers, out -> snapshots.diffSnapshots(request, out::accept));
  }

  @Override
  public void verify(VerifyRequest request, StreamObserver<VerifyEvent> answers) {
    many(answers, out -> vault.verify(request, out::accept));
  }

  @Override
  public void listPacks(ListPacksRequest request, StreamObserver<StoredPack> answers) {
    many(answers, out -> vault.listPacks(request, out::accept));
  }

  @Override
  public void vaultStats(VaultStatsRequest request, StreamObserver<VaultStatsAnswer> answers) {
    calls.answer(answers, vault::vaultStats);
  }

  @Override
  public void writeCheckpoint(
      WriteCheckpointRequest request, StreamObserver<WriteCheckpointAnswer> answers) {
    calls.answer(answers, () -> node.writeCheckpoint(actor().name()));
  }

  @Override
  public void exportKeys(ExportKeysRequest request, StreamObserver<ExportKeysAnswer> answers) {
    calls.answer(answers, () -> acts.exportKeys(request, actor()));
  }

  @Override
  public void testNotifications(
      TestNotificationsRequest request, StreamObserver<TestedChannel> answers) {
    many(answers, alarms::testNotifications);
  }

  private <A> void many(StreamObserver<A> answers, ManyCalls.Many<A> work) {
    manyCalls.answer(answers, work);
  }
}
