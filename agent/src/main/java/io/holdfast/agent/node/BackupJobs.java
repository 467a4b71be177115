package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupHost;
import io.holdfast.agent.backup.BackupLimits;
import io.holdfast.agent.backup.BackupPlan;
import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.backup.BackupRun;
import io.holdfast.agent.backup.Gaps;
import io.holdfast.agent.backup.RunCounters;
import io.holdfast.agent.backup.SourceCursor;
import io.holdfast.agent.backup.SparseChunks;
import io.holdfast.agent.enrolment.AuthorityMemory;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.CoordinatorReads;
import io.holdfast.agent.link.JobContext;
import io.holdfast.agent.receipt.CommittedRun;
import io.holdfast.agent.receipt.Receipts;
import io.holdfast.agent.source.HostFiles;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.walk.PathFilter;
import io.holdfast.agent.walk.WalkCursor;
import io.holdfast.agent.walk.WalkLimits;
import io.holdfast.agent.walk.WalkOptions;
import io.holdfast.common.id.RunId;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RunTotals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;

/** Turns orders of backups into runs, and runs into results. Any thread. */
final class BackupJobs {
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

  private final AgentConfig config;
  private final StateDirectory state;
  private final BackupHost host;
  private final CoordinatorReads coordinator;
  private final Receipts receipts;
  private final AuthorityMemory authority;
  private final ExecutorService readers;
  private final ThreadFactory threads;
  private final Time time;
  private final Randomness randomness;
  private final RateLimit reading;
  private final RateLimit sending;
  private final SparseChunks sparse = new SparseChunks();

  BackupJobs(
      AgentConfig config,
      StateDirectory state,
      BackupHost host,
      CoordinatorReads coordinator,
      Receipts receipts,
      AuthorityMemory authority,
      ExecutorService readers,
      ThreadFactory threads,
      Time time,
      Randomness randomness) {
    this.config = config;
    this.state = state;
    this.host = host;
    this.coordinator = coordinator;
    this.receipts = receipts;
    this.authority = authority;
    this.readers = readers;
    this.threads = threads;
    this.time = time;
    this.randomness = randomness;
    this.reading = new RateLimit(time, config.backup().readLimit().bytesPerSecond());
    this.sending = new RateLimit(time, config.backup().sendLimit().bytesPerSecond());
  }

  JobResult run(Order order, JobContext context) throws InterruptedException {
    BackupOrder backup = order.getBackup();
    // An order that is carried out twice commits once, and so does a run that takes two orders.
    ByteString named = backup.getRun().isEmpty() ? order.getJob() : backup.getRun();
    RunId run = RunId.of(named.toByteArray());
    BackupPlan plan =
        new BackupPlan(
            run,
            backup.getSourcesList().stream().map(ByteString::toByteArray).toList(),
            backup.getReadEverything());
    DiskPageCache cache =
        DiskPageCache.open(state.pages(), config.memory().pageCacheOnDisk().bytes());
    BackupPorts ports =
        new BackupPorts(
            () -> coordinator.upload(sending.within(ordered(backup))),
            base -> coordinator.base(base, cache),
            (ignored, gaps) -> walk(backup, gaps),
            readers,
            threads,
            limits(),
            SealOptions.STANDARD,
            time,
            randomness,
            sparse);
    JobLogs.begin(context, "backing up", backup.getSourcesList());
    BackupRun running = new BackupRun(ports, host, plan);
    JobReports reports =
        JobReports.start(
            time, PROGRESS_EVERY, () -> context.progress(progress(running.counters())));
    try {
      BackupResult done = running.execute();
      keepReceipt(plan, done);
      JobResult result = result(done);
      JobLogs.end(context, result);
      return result;
    } finally {
      reports.close();
    }
  }

  private void keepReceipt(BackupPlan plan, BackupResult done) {
    byte[] signed = done.receipt().toByteArray();
    CommittedRun commit =
        new CommittedRun(
            plan.run(), done.snapshot(), done.root(), SnapshotFormat.sourceSet(plan.sources()));
    Receipt receipt = receipts.verify(signed, commit);
    authority.saw(receipt.getIncarnation(), receipt.getSeq(), receipt.getRecordHash());
    receipts.keep(signed, commit);
  }

  private BackupLimits limits() {
    int buffers = (int) Math.max(6, config.memory().inFlight().bytes() / (4 << 20));
    return new BackupLimits(4 << 20, buffers, 2);
  }

  private SourceCursor walk(BackupOrder order, Gaps gaps) {
    List<String> patterns = new ArrayList<>(config.backup().exclude());
    patterns.addAll(order.getPatternsList());
    WalkOptions options =
        new WalkOptions(
            order.getSourcesList().stream().map(ByteString::toByteArray).toList(),
            PathFilter.parse(patterns),
            List.of(state.root().toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)),
            order.getOneFileSystem(),
            !order.getIncludeCaches(),
            state.scratch(),
            WalkLimits.defaults());
    return new HostFiles(WalkCursor.open(options, readers), gaps, reading.within(ordered(order)));
  }

  /** The order's own rate, for reading and for sending; none if it makes no sense. */
  private static long ordered(BackupOrder order) {
    return Math.max(0, order.getRateLimit());
  }

  private static JobProgress progress(RunCounters counters) {
    return JobProgress.newBuilder()
        .setPhase("sending")
        .setEntries(counters.entries())
        .setFiles(counters.files())
        .setBytes(counters.bytes())
        .setBytesRead(counters.bytesRead())
        .setBytesSent(counters.uploadedSealedBytes())
        .setGaps(counters.gaps())
        .build();
  }

  private static JobResult result(BackupResult done) {
    RunCounters counters = done.counters();
    return JobResult.newBuilder()
        .setOutcome(
            done.isComplete()
                ? JobOutcome.JOB_OUTCOME_COMPLETE
                : JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
        .setSnapshot(ByteString.copyFrom(done.snapshot().toByteArray()))
        .setTotals(
            RunTotals.newBuilder()
                .setEntries(counters.entries())
                .setFiles(counters.files())
                .setDirectories(counters.directories())
                .setLogicalBytes(counters.bytes())
                .setGaps(counters.gaps())
                .setUploadedPlainBytes(counters.uploadedPlainBytes())
                .setUploadedSealedBytes(counters.uploadedSealedBytes()))
        .setDurationMillis(done.duration().toMillis())
        .addAllGaps(done.gaps().stream().map(BackupJobs::wire).toList())
        .build();
  }

  private static Gap wire(Gaps.Found gap) {
    return Gap.newBuilder()
        .setPath(ByteString.copyFrom(gap.path().toByteArray()))
        .setReason(gap.gap().reason().number())
        .setText(gap.text())
        .build();
  }
}
