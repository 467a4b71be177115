package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.link.JobContext;
import io.holdfast.agent.link.SnapshotReads;
import io.holdfast.agent.restore.DeviceRestore;
import io.holdfast.agent.restore.Findings;
import io.holdfast.agent.restore.Restore;
import io.holdfast.agent.restore.RestoreCounters;
import io.holdfast.agent.restore.RestoreDevices;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.restore.RestoreRun;
import io.holdfast.agent.restore.RestoreTargets;
import io.holdfast.agent.tree.ConflictMode;
import io.holdfast.agent.tree.Privileges;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.match.PathPattern;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RunTotals;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Turns orders of restores into runs, and runs into results. Any thread. */
final class RestoreJobs {
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

  private final RestoreTargets targets;
  private final RestoreDevices devices;
  private final long bytesPerSecondMax;
  private final SnapshotReads snapshots;
  private final RestorePorts ports;
  private final Optional<Consents> consents;

  /**
   * Restores as the host's configuration allows.
   *
   * @param consents asked before anything is written in place; empty if that needs none
   * @param bytesPerSecondMax the host's own limit, which no order exceeds; 0 for none
   */
  RestoreJobs(
      RestoreTargets targets,
      RestoreDevices devices,
      Optional<Consents> consents,
      long bytesPerSecondMax,
      SnapshotReads snapshots,
      RestorePorts ports) {
    this.consents = consents;
    this.targets = targets;
    this.devices = devices;
    this.bytesPerSecondMax = bytesPerSecondMax;
    this.snapshots = snapshots;
    this.ports = ports;
  }

  JobResult run(Order order, JobContext context) throws InterruptedException {
    RestoreOrder restore = order.getRestore();
    RestorePlan plan = plan(restore);
    Path target = target(restore);
    JobLogs.begin(
        context,
        "restoring to",
        List.of(restore.getDevice().isEmpty() ? restore.getTarget() : restore.getDevice()));
    if (isInPlace(restore, target) && !restore.getDryRun() && consents.isPresent()) {
      consents.get().await(hex(order.getJob()), question(restore), context, ports.time());
    }
    try (OpenSnapshot snapshot =
        snapshots.open(
            SnapshotId.of(restore.getSnapshot().toByteArray()),
            restore.getGrant().toByteArray(),
            restore.getSealedKeys().toByteArray())) {
      Restore run = run(restore, snapshot, target, plan);
      context.onRate(ordered -> run.limit(rate(ordered)));
      JobReports reports =
          JobReports.start(ports.time(), PROGRESS_EVERY, () -> context.progress(progress(run)));
      try {
        JobResult result = result(run.execute()).toBuilder().setDryRun(restore.getDryRun()).build();
        JobLogs.end(context, result);
        return result;
      } finally {
        reports.close();
      }
    }
  }

  /** By where it leads: an order may call that place by more than one name. */
  private static boolean isInPlace(RestoreOrder restore, Path target) {
    return restore.getDevice().isEmpty() && RestoreTargets.isInPlace(target);
  }

  private static String question(RestoreOrder restore) {
    return "a restore of snapshot " + hex(restore.getSnapshot()) + " in place, over existing files";
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** The device, or the directory. Errors of the two allow-lists. */
  private Path target(RestoreOrder restore) {
    return restore.getDevice().isEmpty()
        ? targets.check(restore.getTarget().toByteArray())
        : devices.check(restore.getDevice().toStringUtf8());
  }

  private Restore run(RestoreOrder restore, OpenSnapshot snapshot, Path target, RestorePlan plan) {
    if (restore.getDevice().isEmpty()) {
      byte[] directory = target.toString().getBytes(StandardCharsets.UTF_8);
      return new RestoreRun(snapshot, directory, plan, ports);
    }
    if (plan.paths().size() != 1 || plan.dryRun()) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "onto a device goes one file of a snapshot, and not as a dry run; name that file");
    }
    return new DeviceRestore(
        snapshot, target, plan.paths().getFirst(), plan.bytesPerSecond(), ports);
  }

  private RestorePlan plan(RestoreOrder order) {
    return new RestorePlan(
        paths(order),
        order.getPatternsList().stream().map(PathPattern::parse).toList(),
        conflict(order),
        privileges(order),
        false,
        order.getDryRun(),
        Math.clamp(order.getSamplePerMille(), 0, 1_000),
        rate(order.getRateLimit()));
  }

  private static List<EntryPath> paths(RestoreOrder order) {
    List<Optional<EntryPath>> paths =
        order.getPathsList().stream().map(path -> path(path.toByteArray())).toList();
    return paths.stream().allMatch(Optional::isPresent)
        ? paths.stream().map(Optional::orElseThrow).toList()
        : List.of();
  }

  /** The path without the slashes that people write around it; empty for the whole snapshot. */
  private static Optional<EntryPath> path(byte[] bytes) {
    int from = 0;
    int to = bytes.length;
    while (from < to && bytes[from] == '/') {
      from++;
    }
    while (to > from && bytes[to - 1] == '/') {
      to--;
    }
    return from == to
        ? Optional.empty()
        : Optional.of(EntryPath.of(Arrays.copyOfRange(bytes, from, to)));
  }

  private static ConflictMode conflict(RestoreOrder order) {
    return switch (order.getConflict()) {
      case CONFLICT_MODE_UNSPECIFIED, CONFLICT_MODE_SKIP -> ConflictMode.SKIP_EXISTING;
      case CONFLICT_MODE_OVERWRITE_IF_DIFFERENT -> ConflictMode.OVERWRITE_IF_DIFFERENT;
      case CONFLICT_MODE_ALWAYS -> ConflictMode.ALWAYS;
      case UNRECOGNIZED ->
          throw new HoldfastException(
              ErrorCode.UNKNOWN_VERSION,
              "the order wants a conflict mode that this agent does not know; update the agent");
    };
  }

  /** What another host made may not become root's here. */
  private static Privileges privileges(RestoreOrder order) {
    boolean own = order.getGrant().isEmpty();
    return new Privileges(true, own, own);
  }

  private long rate(long ordered) {
    if (ordered <= 0 || bytesPerSecondMax == 0) {
      return Math.max(ordered, bytesPerSecondMax);
    }
    return Math.min(ordered, bytesPerSecondMax);
  }

  static JobProgress progress(Restore run) {
    RestoreCounters counters = run.counters();
    return JobProgress.newBuilder()
        .setPhase(counters.isVerifying() ? "verifying" : "restoring")
        .setEntries(counters.entries())
        .setFiles(counters.files())
        .setBytes(counters.bytesSettled())
        .setBytesSent(counters.bytesReceived())
        .setBytesExpected(counters.bytes())
        .setGaps(run.findings().failureCount())
        .build();
  }

  /** What a finished run says on the wire. */
  static JobResult result(RestoreResult done) {
    RestoreCounters counters = done.counters();
    Findings findings = done.findings();
    return JobResult.newBuilder()
        .setOutcome(
            done.isComplete()
                ? JobOutcome.JOB_OUTCOME_COMPLETE
                : JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
        .setTotals(
            RunTotals.newBuilder()
                .setEntries(counters.entries())
                .setFiles(counters.files())
                .setLogicalBytes(counters.bytes())
                .setGaps(findings.failureCount()))
        .setDurationMillis(done.duration().toMillis())
        .addAllGaps(findings.failures().stream().map(RestoreJobs::wire).toList())
        .addAllDifferences(findings.differences().stream().map(RestoreJobs::wire).toList())
        .setDifferenceCount(findings.differenceCount())
        .setFilesWritten(counters.filesWritten())
        .setBytesWritten(counters.bytesWritten())
        .setFilesSkipped(counters.filesSkipped())
        .setFilesDiffering(counters.filesDiffering())
        .setFilesSampled(counters.filesSampled())
        .build();
  }

  private static Gap wire(Findings.Failure failure) {
    return gap(failure.path(), failure.text()).build();
  }

  private static Gap wire(Findings.Difference difference) {
    return gap(difference.path(), difference.text()).build();
  }

  private static Gap.Builder gap(EntryPath path, String text) {
    return Gap.newBuilder().setPath(ByteString.copyFrom(path.toByteArray())).setText(text);
  }
}
