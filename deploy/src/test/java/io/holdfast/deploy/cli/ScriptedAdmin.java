package io.holdfast.deploy.cli;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.rpc.RpcErrors;
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
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * An admin service that answers what a test told it, whatever is asked, and remembers the requests.
 * A job whose script ends without a result stays open until it is cancelled. Safe for many threads.
 */
final class ScriptedAdmin extends AdminGrpc.AdminImplBase {
  private volatile Duration patience = Duration.ZERO;
  private final Map<Class<?>, List<Message>> answers = new HashMap<>();
  private final List<Message> requests = Collections.synchronizedList(new ArrayList<>());
  private final CompletableFuture<StreamObserver<JobEvent>> openJob = new CompletableFuture<>();
  private volatile Optional<HoldfastException> failure = Optional.empty();
  private volatile boolean silent;

  /** What calls that answer with messages of this class get. */
  void script(Message... messages) {
    answers.put(messages[0].getClass(), List.of(messages));
  }

  void failWith(HoldfastException failure) {
    this.failure = Optional.of(failure);
  }

  void neverAnswer() {
    silent = true;
  }

  List<Message> requests() {
    return List.copyOf(requests);
  }

  /** The one request there was. */
  <Q extends Message> Q request(Class<Q> type) {
    List<Q> found = requests().stream().filter(type::isInstance).map(type::cast).toList();
    if (found.size() != 1) {
      throw new AssertionError("expected one " + type.getSimpleName() + " in " + requests);
    }
    return found.getFirst();
  }

  /** Completes once a job without a scripted result has sent all its events. */
  CompletableFuture<StreamObserver<JobEvent>> openJob() {
    return openJob;
  }

  /** How long whoever asked last would have waited for the answer. */
  Duration patience() {
    return patience;
  }

  private <A extends Message> boolean send(Message request, Class<A> type, StreamObserver<A> out) {
    requests.add(request);
    Deadline deadline = Context.current().getDeadline();
    patience =
        Duration.ofMillis(deadline == null ? Long.MAX_VALUE : deadline.timeRemaining(MILLISECONDS));
    if (silent) {
      return false;
    }
    if (failure.isPresent()) {
      out.onError(RpcErrors.toStatus(failure.get()));
      return false;
    }
    answers.getOrDefault(type, List.of()).forEach(answer -> out.onNext(type.cast(answer)));
    return true;
  }

  /** As scripted, for a call of any service. */
  <A extends Message> void answer(Message request, Class<A> type, StreamObserver<A> out) {
    if (send(request, type, out)) {
      out.onCompleted();
    }
  }

  private void job(Message request, StreamObserver<JobEvent> out) {
    if (!send(request, JobEvent.class, out)) {
      return;
    }
    List<Message> events = answers.getOrDefault(JobEvent.class, List.of());
    boolean ends = events.isEmpty() || ((JobEvent) events.getLast()).hasResult();
    if (ends) {
      out.onCompleted();
    } else {
      openJob.complete(out);
    }
  }

  @Override
  public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobAnswer> out) {
    requests.add(request);
    StreamObserver<JobEvent> job = openJob.join();
    ByteString id = request.getJob();
    JobResult result =
        JobResult.newBuilder().setJob(id).setOutcome(JobOutcome.JOB_OUTCOME_FAILED).build();
    job.onNext(JobEvent.newBuilder().setJob(id).setResult(result).build());
    job.onCompleted();
    out.onNext(CancelJobAnswer.getDefaultInstance());
    out.onCompleted();
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusAnswer> out) {
    answer(request, StatusAnswer.class, out);
  }

  @Override
  public void listHosts(ListHostsRequest request, StreamObserver<Host> out) {
    answer(request, Host.class, out);
  }

  @Override
  public void createToken(CreateTokenRequest request, StreamObserver<CreateTokenAnswer> out) {
    answer(request, CreateTokenAnswer.class, out);
  }

  @Override
  public void revokeHost(RevokeHostRequest request, StreamObserver<RevokeHostAnswer> out) {
    answer(request, RevokeHostAnswer.class, out);
  }

  @Override
  public void renameHost(RenameHostRequest request, StreamObserver<HostChanged> out) {
    answer(request, HostChanged.class, out);
  }

  @Override
  public void labelHost(LabelHostRequest request, StreamObserver<HostSorted> out) {
    answer(request, HostSorted.class, out);
  }

  @Override
  public void takeHostFacts(TakeHostFactsRequest request, StreamObserver<HostSorted> out) {
    answer(request, HostSorted.class, out);
  }

  @Override
  public void decommissionHost(DecommissionHostRequest request, StreamObserver<HostChanged> out) {
    answer(request, HostChanged.class, out);
  }

  @Override
  public void moveHost(MoveHostRequest request, StreamObserver<MoveHostAnswer> out) {
    answer(request, MoveHostAnswer.class, out);
  }

  @Override
  public void replaceHost(ReplaceHostRequest request, StreamObserver<HostChanged> out) {
    answer(request, HostChanged.class, out);
  }

  @Override
  public void startBackup(StartBackupRequest request, StreamObserver<JobEvent> out) {
    job(request, out);
  }

  @Override
  public void startRestore(StartRestoreRequest request, StreamObserver<JobEvent> out) {
    job(request, out);
  }

  @Override
  public void listJobs(ListJobsRequest request, StreamObserver<Job> out) {
    answer(request, Job.class, out);
  }

  @Override
  public void showJob(JobName request, StreamObserver<Job> out) {
    answer(request, Job.class, out);
  }

  @Override
  public void watchJob(JobName request, StreamObserver<JobEvent> out) {
    answer(request, JobEvent.class, out);
  }

  @Override
  public void applyPolicies(ApplyPoliciesRequest request, StreamObserver<PolicyOutcome> out) {
    answer(request, PolicyOutcome.class, out);
  }

  @Override
  public void deletePolicy(DeletePolicyRequest request, StreamObserver<PolicyOutcome> out) {
    answer(request, PolicyOutcome.class, out);
  }

  @Override
  public void listPolicies(ListPoliciesRequest request, StreamObserver<Policy> out) {
    answer(request, Policy.class, out);
  }

  @Override
  public void readJobLog(ReadJobLogRequest request, StreamObserver<JobLogLine> out) {
    answer(request, JobLogLine.class, out);
  }

  @Override
  public void setDraining(SetDrainingRequest request, StreamObserver<SetDrainingAnswer> out) {
    answer(request, SetDrainingAnswer.class, out);
  }

  @Override
  public void setHostQuota(SetHostQuotaRequest request, StreamObserver<SetHostQuotaAnswer> out) {
    answer(request, SetHostQuotaAnswer.class, out);
  }

  @Override
  public void planRestore(PlanRestoreRequest request, StreamObserver<RestorePlan> out) {
    answer(request, RestorePlan.class, out);
  }

  @Override
  public void previewPolicies(PreviewPoliciesRequest request, StreamObserver<PlannedRun> out) {
    answer(request, PlannedRun.class, out);
  }

  @Override
  public void previewDataClasses(
      PreviewDataClassesRequest request, StreamObserver<DataClassPreview> out) {
    answer(request, DataClassPreview.class, out);
  }

  @Override
  public void showPolicy(PolicyName request, StreamObserver<Policy> out) {
    answer(request, Policy.class, out);
  }

  @Override
  public void listSnapshots(ListSnapshotsRequest request, StreamObserver<Snapshot> out) {
    answer(request, Snapshot.class, out);
  }

  @Override
  public void showSnapshot(
      io.holdfast.proto.wire.v1.SnapshotName request, StreamObserver<Snapshot> out) {
    answer(request, Snapshot.class, out);
  }

  @Override
  public void deleteSnapshots(
      DeleteSnapshotsRequest request, StreamObserver<DeleteSnapshotsAnswer> out) {
    answer(request, DeleteSnapshotsAnswer.class, out);
  }

  @Override
  public void undeleteSnapshots(
      UndeleteSnapshotsRequest request, StreamObserver<UndeleteSnapshotsAnswer> out) {
    answer(request, UndeleteSnapshotsAnswer.class, out);
  }

  @Override
  public void setHold(SetHoldRequest request, StreamObserver<Hold> out) {
    answer(request, Hold.class, out);
  }

  @Override
  public void releaseHold(ReleaseHoldRequest request, StreamObserver<Hold> out) {
    answer(request, Hold.class, out);
  }

  @Override
  public void listHolds(ListHoldsRequest request, StreamObserver<Hold> out) {
    answer(request, Hold.class, out);
  }

  @Override
  public void planRetention(PlanRetentionRequest request, StreamObserver<PlannedSnapshot> out) {
    answer(request, PlannedSnapshot.class, out);
  }

  @Override
  public void runRetention(RunRetentionRequest request, StreamObserver<RunRetentionAnswer> out) {
    answer(request, RunRetentionAnswer.class, out);
  }

  @Override
  public void planSweep(PlanSweepRequest request, StreamObserver<PlanSweepEvent> out) {
    answer(request, PlanSweepEvent.class, out);
  }

  @Override
  public void runSweep(RunSweepRequest request, StreamObserver<RunSweepEvent> out) {
    answer(request, RunSweepEvent.class, out);
  }

  @Override
  public void approveSweep(ApproveSweepRequest request, StreamObserver<ApproveSweepAnswer> out) {
    answer(request, ApproveSweepAnswer.class, out);
  }

  @Override
  public void sweepStatus(SweepStatusRequest request, StreamObserver<SweepStatusAnswer> out) {
    answer(request, SweepStatusAnswer.class, out);
  }

  @Override
  public void approveRetention(
      ApproveRetentionRequest request, StreamObserver<ApproveRetentionAnswer> out) {
    answer(request, ApproveRetentionAnswer.class, out);
  }

  @Override
  public void showClock(ShowClockRequest request, StreamObserver<Clock> out) {
    answer(request, Clock.class, out);
  }

  @Override
  public void confirmClock(ConfirmClockRequest request, StreamObserver<Clock> out) {
    answer(request, Clock.class, out);
  }

  @Override
  public void listFiles(ListFilesRequest request, StreamObserver<File> out) {
    answer(request, File.class, out);
  }

  @Override
  public void findFiles(FindFilesRequest request, StreamObserver<FoundFile> out) {
    answer(request, FoundFile.class, out);
  }

  @Override
  public void diffSnapshots(DiffSnapshotsRequest request, StreamObserver<Difference> out) {
    answer(request, Difference.class, out);
  }

  @Override
  public void verify(VerifyRequest request, StreamObserver<VerifyEvent> out) {
    answer(request, VerifyEvent.class, out);
  }

  @Override
  public void vaultStats(VaultStatsRequest request, StreamObserver<VaultStatsAnswer> out) {
    answer(request, VaultStatsAnswer.class, out);
  }

  @Override
  public void listPacks(ListPacksRequest request, StreamObserver<StoredPack> out) {
    answer(request, StoredPack.class, out);
  }

  @Override
  public void writeCheckpoint(
      WriteCheckpointRequest request, StreamObserver<WriteCheckpointAnswer> out) {
    answer(request, WriteCheckpointAnswer.class, out);
  }

  @Override
  public void exportKeys(ExportKeysRequest request, StreamObserver<ExportKeysAnswer> out) {
    answer(request, ExportKeysAnswer.class, out);
  }

  @Override
  public void testNotifications(
      TestNotificationsRequest request, StreamObserver<TestedChannel> out) {
    answer(request, TestedChannel.class, out);
  }
}
