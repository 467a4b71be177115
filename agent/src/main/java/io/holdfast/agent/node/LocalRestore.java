package io.holdfast.agent.node;

import com.google.protobuf.ByteString;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.agent.restore.RestoreRun;
import io.holdfast.agent.tree.Privileges;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A restore on this machine without a coordinator, reported as a job would be. Whoever runs it has
 * the passphrase and this machine: files get everything they had, set-id bits and devices too.
 */
public final class LocalRestore {
  private static final Duration PROGRESS_EVERY = Duration.ofMillis(250);

  private LocalRestore() {}

  /** Restores {@code paths} of {@code snapshot}, or all of it, below {@code target}. */
  public static JobResult run(
      OpenSnapshot snapshot,
      Path target,
      List<ByteString> paths,
      Consumer<JobProgress> progress,
      RestorePorts ports)
      throws InterruptedException {
    RestorePlan plan =
        RestorePlan.EVERYTHING.withPaths(wanted(paths)).withPrivileges(Privileges.full());
    byte[] directory = target.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    RestoreRun run = new RestoreRun(snapshot, directory, plan, ports);
    JobReports reports =
        JobReports.start(
            ports.time(), PROGRESS_EVERY, () -> progress.accept(RestoreJobs.progress(run)));
    try {
      return RestoreJobs.result(run.execute());
    } finally {
      reports.close();
    }
  }

  /** An empty path is the top: everything. */
  private static List<EntryPath> wanted(List<ByteString> paths) {
    return paths.stream().anyMatch(ByteString::isEmpty)
        ? List.of()
        : paths.stream().map(path -> EntryPath.of(path.toByteArray())).toList();
  }
}
