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
import io.holdfast.agent.backup.SparseChunks;
import io.holdfast.agent.enrolment.AuthorityMemory;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.hook.HookContext;
import io.holdfast.agent.hook.HookDirectory;
import io.holdfast.agent.hook.Hooks;
import io.holdfast.agent.job.PointInTime;
import io.holdfast.agent.job.Surroundings;
import io.holdfast.agent.link.CoordinatorReads;
import io.holdfast.agent.link.JobContext;
import io.holdfast.agent.postgres.PostgresPorts;
import io.holdfast.agent.receipt.CommittedRun;
import io.holdfast.agent.receipt.Receipts;
import io.holdfast.agent.source.SpillFile;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.id.RunId;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.common.snapshot.SourceNames;
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
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;

/** Turns orders of backups into runs, and runs into results. Any thread. */
final class BackupJobs {
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

  /** A log's snapshot beside a job takes no more than it needs. */
  private static final BackupLimits LOG_LIMITS = new BackupLimits(4 << 20, 6, 1);

  private final AgentConfig config;
  private final StateDirectory state;
  private final BackupHost host;
  private final CoordinatorReads coordinator;
  private final Receipts receipts;
  private final AuthorityMemory authority;
  private final ExecutorService readers;
  private final ThreadFactory threads;
  private final BackupSources sources;
  private final Clusters clusters;
  private final Surroundings surroundings;
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
    Hooks hooks = new Hooks(new HookDirectory(config.hooks().directory()), state.scratch(), time);
    this.surroundings = new Surroundings(hooks, state.unfinished(), host.host().toString());
    this.time = time;
    this.randomness = randomness;
    this.reading = new RateLimit(time, config.backup().readLimit().bytesPerSecond());
    this.sending = new RateLimit(time, config.backup().sendLimit().bytesPerSecond());
    PostgresPorts postgres =
        new PostgresPorts(
            config.postgres().psql(),
            state.root(),
            state.scratch(),
            host.host().toString(),
            readers,
            reading,
            time,
            config.postgres().archiveEvery(),
            config.postgres().archiveKeep());
    this.clusters = new Clusters(postgres, this::commitLog);
    this.sources = new BackupSources(config, state, readers, hooks, clusters, time);
  }

  /** PostgreSQL clusters of this host, some of whose logs are archived. */
  Clusters clusters() {
    return clusters;
  }

  JobResult run(Order order, JobContext context) throws InterruptedException {
    BackupOrder backup = order.getBackup();
    BackupPlan plan =
        new BackupPlan(run(order), SourceNames.of(backup), backup.getReadEverything());
    List<String> names =
        plan.sources().stream().map(name -> new String(name, StandardCharsets.UTF_8)).toList();
    HookContext told = surroundings.context(order.getJob(), names);
    return surroundings.around(
        order.getJob(),
        backup,
        names,
        context::isCancelled,
        files -> backUp(backup, plan, told, files, context));
  }

  /** What is carried out twice commits once: the attempts of one run, and one order. */
  private static RunId run(Order order) {
    ByteString run = order.getBackup().getRun();
    return RunId.of((run.isEmpty() ? order.getJob() : run).toByteArray());
  }

  private JobResult backUp(
      BackupOrder backup, BackupPlan plan, HookContext told, PointInTime files, JobContext context)
      throws InterruptedException {
    RateLimit ownReading = reading.within(rate(backup.getRateLimit()));
    RateLimit ownSending = sending.within(rate(backup.getRateLimit()));
    context.onRate(limit -> {
      ownReading.change(rate(limit));
      ownSending.change(rate(limit));
    });
    BackupPorts ports =
        ports(
            ownSending,
            (ignored, gaps) ->
                sources.open(backup, new BackupSources.Reading(told, files, ownReading), gaps),
            limits());
    JobLogs.begin(
        context, "backing up", plan.sources().stream().map(ByteString::copyFrom).toList());
    BackupRun running = new BackupRun(ports, host, plan);
    JobReports reports =
        JobReports.start(
            time, PROGRESS_EVERY, () -> context.progress(progress(running.counters())));
    try {
      BackupResult done = running.execute();
      keepReceipt(plan, done);
      sources.committed(backup, done);
      JobResult result = result(done);
      JobLogs.end(context, result);
      return result;
    } finally {
      reports.close();
    }
  }

  /** A snapshot of a cluster's log, which no order asks for. */
  private void commitLog(List<byte[]> names, BackupPorts.Sources content)
      throws InterruptedException {
    BackupPlan plan = new BackupPlan(RunId.of(randomness.bytes(16)), names, false);
    keepReceipt(plan, new BackupRun(ports(sending, content, LOG_LIMITS), host, plan).execute());
  }

  private BackupPorts ports(RateLimit sendRate, BackupPorts.Sources content, BackupLimits limits) {
    DiskPageCache cache =
        DiskPageCache.open(state.pages(), config.memory().pageCacheOnDisk().bytes());
    return new BackupPorts(
        () -> coordinator.upload(sendRate, cache),
        base -> coordinator.base(base, cache),
        content,
        readers,
        threads,
        limits,
        SealOptions.STANDARD,
        time,
        randomness,
        sparse,
        () -> SpillFile.open(state.scratch()));
  }

  /** For reading and for sending, each; none if it makes no sense. */
  private static long rate(long ordered) {
    return Math.max(0, ordered);
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
