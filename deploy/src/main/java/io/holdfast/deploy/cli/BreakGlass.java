package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.JobReports;
import io.holdfast.agent.node.RestoreReports;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.agent.restore.RestoreRun;
import io.holdfast.agent.tree.Privileges;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.recovery.RecoverableSnapshot;
import io.holdfast.coordinator.recovery.Recovery;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RunTotals;
import io.holdfast.proto.wire.v1.Snapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores out of a vault with nothing but its passphrase: the coordinator's recovery feeds the agent's
 * restore.
 */
final class BreakGlass {
  private static final Logger LOG = LoggerFactory.getLogger(BreakGlass.class);
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

  private final Time time;
  private final Randomness randomness;

  BreakGlass(Time time, Randomness randomness) {
    this.time = time;
    this.randomness = randomness;
  }

  void list(LocalOperations.VaultAccess access, Consumer<Snapshot> each) {
    try (Recovery recovery = open(access)) {
      recovery.forEach(snapshot -> each.accept(wire(snapshot)));
      warn(recovery);
    }
  }

  JobResult recover(
      LocalOperations.RecoverRequest request, Consumer<JobProgress> progress) {
    try (Recovery recovery = open(request.access())) {
      warn(recovery);
      RecoverableSnapshot snapshot = recovery.find(request.snapshot());
      try (OpenSnapshot content = recovery.open(snapshot)) {
        return restore(content, request, progress);
      }
    }
  }

  private JobResult restore(
      OpenSnapshot content,
      LocalOperations.RecoverRequest request,
      Consumer<JobProgress> progress) {
    RestorePlan plan =
        RestorePlan.EVERYTHING
            .withPaths(paths(request.paths()))
            .withPrivileges(Privileges.full());
    RestorePorts ports =
        new RestorePorts(
            Thread.ofPlatform().daemon().name("restore-", 0).factory(),
            RestoreLimits.STANDARD,
            scratch(),
            time);
    RestoreRun run =
        new RestoreRun(
            content,
            request.target().toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8),
            plan,
            ports);
    try (JobReports reports =
        JobReports.start(
            time, PROGRESS_EVERY, () -> progress.accept(RestoreReports.progress(run)))) {
      return RestoreReports.result(run.execute());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(
          ErrorCode.JOB_CANCELLED,
          "the recovery was interrupted; run it again, and it goes on with what is missing",
          e);
    }
  }

  private static List<EntryPath> paths(List<ByteString> paths) {
    return paths.stream().anyMatch(ByteString::isEmpty)
        ? List.of()
        : paths.stream().map(path -> EntryPath.of(path.toByteArray())).toList();
  }

  private Recovery open(LocalOperations.VaultAccess access) {
    try (Passphrase passphrase = LocalCommands.open(access.passphrase())) {
      return Recovery.open(
          new Recovery.Request(access.vault(), access.kit().map(BreakGlass::kit), scratch()),
          passphrase,
          FileSystem.local(),
          randomness);
    }
  }

  private static RecoveryKit kit(Path file) {
    try {
      return RecoveryKit.parse(Files.readString(file));
    } catch (IOException e) {
      throw new HoldfastException(
          ErrorCode.IO, "the recovery kit " + file + " can't be read: " + e.getMessage(), e);
    }
  }

  private static Path scratch() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  private static void warn(Recovery recovery) {
    recovery.findings().forEach(finding -> LOG.warn("{}", finding));
    if (recovery.way() == Recovery.Way.FOOTERS) {
      LOG.warn("the snapshots were found by the packs' own footers; the newest may be missing");
    }
  }

  private static Snapshot wire(RecoverableSnapshot snapshot) {
    StoredSnapshot stored = snapshot.stored();
    return Snapshot.newBuilder()
        .setSnapshot(stored.committed().getSnapshot())
        .setHost(stored.committed().getHost())
        .setHostName(snapshot.details().getHostName())
        .addAllSources(snapshot.details().getSourcesList())
        .setTimeMillis(stored.timeMillis())
        .setHostTimeMillis(stored.committed().getHostTimeMillis())
        .setDurationMillis(snapshot.details().getDurationMillis())
        .setTotals(totals(stored.committed().getTotals()))
        .setComplete(stored.committed().getOutcome() == Outcome.OUTCOME_COMPLETE)
        .setRoot(stored.committed().getRoot())
        .setRun(stored.committed().getRun())
        .setSeq(stored.seq())
        .build();
  }

  private static RunTotals totals(Totals totals) {
    return RunTotals.newBuilder()
        .setEntries(totals.getEntries())
        .setFiles(totals.getFiles())
        .setDirectories(totals.getDirectories())
        .setLogicalBytes(totals.getLogicalBytes())
        .setGaps(totals.getGaps())
        .setUploadedPlainBytes(totals.getUploadedPlainBytes())
        .setUploadedSealedBytes(totals.getUploadedSealedBytes())
        .build();
  }
}
