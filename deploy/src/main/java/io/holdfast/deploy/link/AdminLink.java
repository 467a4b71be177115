package io.holdfast.deploy.link;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.AdminGrpc.AdminBlockingStub;
import io.holdfast.proto.wire.v1.AdminGrpc.AdminStub;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.ApproveRetentionAnswer;
import io.holdfast.proto.wire.v1.ApproveRetentionRequest;
import io.holdfast.proto.wire.v1.ApproveSweepAnswer;
import io.holdfast.proto.wire.v1.ApproveSweepRequest;
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
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What people ask of a coordinator. Calls block; streams call back on the caller's thread, one
 * message at a time, so a slow reader slows the coordinator. Every failure is a HoldfastException
 * that names the socket or the address.
 */
public final class AdminLink implements AutoCloseable {
  private final Line line;
  private final AdminBlockingStub stub;
  private final AdminStub streams;

  private AdminLink(Line line) {
    this.line = line;
    this.stub = line.stub(AdminGrpc::newBlockingStub);
    this.streams = line.stub(AdminGrpc::newStub);
  }

  /**
   * Prepares calls over {@code socket}. UNAVAILABLE if nothing is there, NOT_AUTHORISED if its
   * permissions keep this user out; a socket that nobody listens on shows at the first call.
   *
   * @param timeout for every call, streams included; empty for each answer's own and none on
   *     streams
   */
  public static AdminLink open(Path socket, Optional<Duration> timeout) {
    SocketErrors errors = new SocketErrors(socket);
    errors.checkReachable();
    EventLoopGroup eventLoop = eventLoop();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(eventLoop)
            .usePlaintext()
            .overrideAuthority("coordinator")
            .maxInboundMessageSize(Line.MESSAGE_BYTES_MAX)
            .build();
    return new AdminLink(new Line(eventLoop, channel, errors, timeout));
  }

  /**
   * Prepares calls to {@code remote}, each with its token; {@code time} judges the coordinator's
   * certificate. Whether anybody is there shows at the first call.
   *
   * @param timeout as for {@link #open(Path, Optional)}
   */
  public static AdminLink open(Remote remote, Optional<Duration> timeout, Time time) {
    EventLoopGroup eventLoop = eventLoop();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(remote.at().host(), remote.at().port())
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(eventLoop)
            .sslContext(TlsContexts.of(time).anonymous(remote.trust()))
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers(remote)))
            .maxInboundMessageSize(Line.MESSAGE_BYTES_MAX)
            .build();
    return new AdminLink(new Line(eventLoop, channel, new RemoteErrors(remote.at()), timeout));
  }

  private static EventLoopGroup eventLoop() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("admin-link", true), NioIoHandler.newFactory());
  }

  private static Metadata headers(Remote remote) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + remote.token().reveal());
    return headers;
  }

  /** The calls about people, over the same connection. */
  public PeopleLink people() {
    return new PeopleLink(line);
  }

  /** The calls about keys, over the same connection. */
  public KeysLink keys() {
    return new KeysLink(line);
  }

  /** The calls about what people did, over the same connection. */
  public AuditLink audit() {
    return new AuditLink(line);
  }

  public StatusAnswer status() {
    return answer(admin -> admin.status(StatusRequest.getDefaultInstance()));
  }

  public void hosts(Consumer<Host> each) {
    stream(
        (admin, answers) -> admin.listHosts(ListHostsRequest.getDefaultInstance(), answers), each);
  }

  public CreateTokenAnswer createToken(CreateTokenRequest request) {
    return answer(admin -> admin.createToken(request));
  }

  public RevokeHostAnswer revokeHost(String host) {
    RevokeHostRequest request = RevokeHostRequest.newBuilder().setHost(host).build();
    return answer(admin -> admin.revokeHost(request));
  }

  public MoveHostAnswer moveHost(MoveHostRequest request) {
    return line.answer(stub, Line.MOVE_TIMEOUT, admin -> admin.moveHost(request));
  }

  public HostChanged renameHost(String host, String name) {
    RenameHostRequest request = RenameHostRequest.newBuilder().setHost(host).setName(name).build();
    return answer(admin -> admin.renameHost(request));
  }

  public HostSorted labelHost(LabelHostRequest request) {
    return answer(admin -> admin.labelHost(request));
  }

  public HostSorted takeHostFacts(TakeHostFactsRequest request) {
    return answer(admin -> admin.takeHostFacts(request));
  }

  public HostChanged decommissionHost(String host) {
    DecommissionHostRequest request = DecommissionHostRequest.newBuilder().setHost(host).build();
    return answer(admin -> admin.decommissionHost(request));
  }

  public HostChanged replaceHost(ReplaceHostRequest request) {
    return answer(admin -> admin.replaceHost(request));
  }

  /** Starts a backup and reports it until it ends; the last event carries the result. */
  public void backup(StartBackupRequest request, Consumer<JobEvent> each) {
    stream((admin, answers) -> admin.startBackup(request, answers), each);
  }

  /** Starts a restore and reports it until it ends; the last event carries the result. */
  public void restore(StartRestoreRequest request, Consumer<JobEvent> each) {
    stream((admin, answers) -> admin.startRestore(request, answers), each);
  }

  /** Asks for the end of a job; its own stream reports that end. */
  public void cancelJob(ByteString job) {
    CancelJobRequest request = CancelJobRequest.newBuilder().setJob(job).build();
    var _ = answer(admin -> admin.cancelJob(request));
  }

  public void jobs(ListJobsRequest request, Consumer<Job> each) {
    stream((admin, answers) -> admin.listJobs(request, answers), each);
  }

  public Job job(String name) {
    JobName request = JobName.newBuilder().setJob(name).build();
    return answer(admin -> admin.showJob(request));
  }

  public void jobLog(ReadJobLogRequest request, Consumer<JobLogLine> each) {
    stream((admin, answers) -> admin.readJobLog(request, answers), each);
  }

  public void watchJob(String name, Consumer<JobEvent> each) {
    JobName request = JobName.newBuilder().setJob(name).build();
    stream((admin, answers) -> admin.watchJob(request, answers), each);
  }

  public PolicyOutcome applyPolicies(ApplyPoliciesRequest request) {
    return answer(admin -> admin.applyPolicies(request));
  }

  public PolicyOutcome deletePolicy(DeletePolicyRequest request) {
    return answer(admin -> admin.deletePolicy(request));
  }

  public void policies(Consumer<Policy> each) {
    stream(
        (admin, answers) -> admin.listPolicies(ListPoliciesRequest.getDefaultInstance(), answers),
        each);
  }

  public Policy policy(String name) {
    PolicyName request = PolicyName.newBuilder().setName(name).build();
    return answer(admin -> admin.showPolicy(request));
  }

  public SetHostQuotaAnswer setHostQuota(SetHostQuotaRequest request) {
    return answer(admin -> admin.setHostQuota(request));
  }

  /** How many jobs still run. */
  public int setDraining(boolean draining) {
    SetDrainingRequest request = SetDrainingRequest.newBuilder().setDraining(draining).build();
    return answer(admin -> admin.setDraining(request)).getJobsRunning();
  }

  public RestorePlan planRestore(StartRestoreRequest request) {
    PlanRestoreRequest plan = PlanRestoreRequest.newBuilder().setRestore(request).build();
    return answer(admin -> admin.planRestore(plan));
  }

  public void previewPolicies(PreviewPoliciesRequest request, Consumer<PlannedRun> each) {
    stream((admin, answers) -> admin.previewPolicies(request, answers), each);
  }

  public void previewDataClasses(
      PreviewDataClassesRequest request, Consumer<DataClassPreview> each) {
    stream((admin, answers) -> admin.previewDataClasses(request, answers), each);
  }

  public void snapshots(ListSnapshotsRequest request, Consumer<Snapshot> each) {
    ListSnapshotsRequest bundled = request.toBuilder().setBundled(true).build();
    Consumer<Snapshot> several =
        first -> {
          each.accept(first);
          first.getFollowersList().forEach(each);
        };
    stream((admin, answers) -> admin.listSnapshots(bundled, answers), several);
  }

  public Snapshot snapshot(String name) {
    SnapshotName request = SnapshotName.newBuilder().setSnapshot(name).build();
    return answer(admin -> admin.showSnapshot(request));
  }

  public DeleteSnapshotsAnswer deleteSnapshots(DeleteSnapshotsRequest request) {
    return answer(admin -> admin.deleteSnapshots(request));
  }

  public UndeleteSnapshotsAnswer undeleteSnapshots(UndeleteSnapshotsRequest request) {
    return answer(admin -> admin.undeleteSnapshots(request));
  }

  public Hold setHold(SetHoldRequest request) {
    return answer(admin -> admin.setHold(request));
  }

  public Hold releaseHold(ReleaseHoldRequest request) {
    return answer(admin -> admin.releaseHold(request));
  }

  public void holds(Consumer<Hold> each) {
    stream(
        (admin, answers) -> admin.listHolds(ListHoldsRequest.getDefaultInstance(), answers), each);
  }

  /** What would become of each snapshot; an empty {@code host} stands for all. */
  public void planRetention(String host, Consumer<PlannedSnapshot> each) {
    PlanRetentionRequest request = PlanRetentionRequest.newBuilder().setHost(host).build();
    stream((admin, answers) -> admin.planRetention(request, answers), each);
  }

  /** Makes a round of retention; an empty {@code host} stands for all. Waits for its end. */
  public RunRetentionAnswer runRetention(String host) {
    RunRetentionRequest request = RunRetentionRequest.newBuilder().setHost(host).build();
    return line.answer(stub, Line.ROUND_TIMEOUT, admin -> admin.runRetention(request));
  }

  public ApproveRetentionAnswer approveRetention(ApproveRetentionRequest request) {
    return answer(admin -> admin.approveRetention(request));
  }

  /** Progress, then what a sweep would do now. */
  public void planSweep(Consumer<PlanSweepEvent> each) {
    stream(
        (admin, answers) -> admin.planSweep(PlanSweepRequest.getDefaultInstance(), answers), each);
  }

  /** Progress, then the result of a sweep, which goes on if this is interrupted. */
  public void runSweep(Consumer<RunSweepEvent> each) {
    stream((admin, answers) -> admin.runSweep(RunSweepRequest.getDefaultInstance(), answers), each);
  }

  public ApproveSweepAnswer approveSweep(ApproveSweepRequest request) {
    return answer(admin -> admin.approveSweep(request));
  }

  public SweepStatusAnswer sweepStatus() {
    return answer(admin -> admin.sweepStatus(SweepStatusRequest.getDefaultInstance()));
  }

  public Clock clock() {
    return answer(admin -> admin.showClock(ShowClockRequest.getDefaultInstance()));
  }

  public Clock confirmClock(boolean confirmed) {
    ConfirmClockRequest request = ConfirmClockRequest.newBuilder().setConfirmed(confirmed).build();
    return answer(admin -> admin.confirmClock(request));
  }

  public void files(ListFilesRequest request, Consumer<File> each) {
    stream((admin, answers) -> admin.listFiles(request, answers), each);
  }

  public void find(FindFilesRequest request, Consumer<FoundFile> each) {
    stream((admin, answers) -> admin.findFiles(request, answers), each);
  }

  public void differences(DiffSnapshotsRequest request, Consumer<Difference> each) {
    stream((admin, answers) -> admin.diffSnapshots(request, answers), each);
  }

  /** Re-reads the vault; the last event carries the result. */
  public void verify(VerifyRequest request, Consumer<VerifyEvent> each) {
    stream((admin, answers) -> admin.verify(request, answers), each);
  }

  public VaultStatsAnswer vaultStats() {
    return answer(admin -> admin.vaultStats(VaultStatsRequest.getDefaultInstance()));
  }

  /** Packs, the one that was read longest ago first; limit 0 for all. */
  public void packs(int limit, Consumer<StoredPack> each) {
    stream(
        (admin, answers) ->
            admin.listPacks(ListPacksRequest.newBuilder().setLimit(limit).build(), answers),
        each);
  }

  public WriteCheckpointAnswer writeCheckpoint() {
    WriteCheckpointRequest request = WriteCheckpointRequest.getDefaultInstance();
    return line.answer(stub, Line.ROUND_TIMEOUT, admin -> admin.writeCheckpoint(request));
  }

  /** Sends a test over every channel, and reports each. */
  public void testNotifications(Consumer<TestedChannel> each) {
    stream(
        (admin, answers) ->
            admin.testNotifications(TestNotificationsRequest.getDefaultInstance(), answers),
        each);
  }

  /** The text of the recovery kit. */
  public String exportKeys() {
    return answer(admin -> admin.exportKeys(ExportKeysRequest.getDefaultInstance())).getKit();
  }

  private <A> A answer(Function<AdminBlockingStub, A> call) {
    return line.answer(stub, call);
  }

  private <A> void stream(BiConsumer<AdminStub, StreamObserver<A>> call, Consumer<A> each) {
    line.stream(streams, call, each);
  }

  /** Ends the calls that run and those that begin later. By any thread. */
  public void breakOff() {
    line.breakOff();
  }

  /** Breaks off what still runs, at this end. */
  @Override
  public void close() {
    line.close();
  }
}
