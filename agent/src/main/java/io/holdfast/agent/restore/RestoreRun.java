package io.holdfast.agent.restore;

import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.agent.tree.ConflictMode;
import io.holdfast.agent.tree.TreeOptions;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.snapshot.OpenSnapshot;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * One restore from start to result. What is wrong with one entry is in the result's findings; a
 * failure that ends all of it (the coordinator is gone, the disk is full, the root page can't be
 * had) is a HoldfastException, and running again with {@link ConflictMode#OVERWRITE_IF_DIFFERENT}
 * goes on where it ended.
 */
public final class RestoreRun {
  /** Of paths that aren't there, named where none is. */
  private static final int NAMED_MAX = 10;

  private final OpenSnapshot snapshot;
  private final byte[] directory;
  private final RestorePlan plan;
  private final RestorePorts ports;
  private final RestoreCounters counters = new RestoreCounters();
  private final Findings findings = new Findings();

  /**
   * A run that hasn't begun.
   *
   * @param snapshot stays the caller's
   * @param directory absolute path below which the snapshot's paths are restored, {@code /} for
   *     where they were; whether that may be is the caller's to check ({@link RestoreTargets})
   */
  public RestoreRun(OpenSnapshot snapshot, byte[] directory, RestorePlan plan, RestorePorts ports) {
    this.snapshot = snapshot;
    this.directory = directory.clone();
    this.plan = plan;
    this.ports = ports;
  }

  /** What the run has done so far; any thread. */
  public RestoreCounters counters() {
    return counters;
  }

  /** What the run has found so far; any thread. */
  public Findings findings() {
    return findings;
  }

  /** Restores. Interrupting the thread ends the run; what is incomplete then is removed. */
  public RestoreResult execute() throws InterruptedException {
    long started = ports.time().nanos();
    try (RestoreTarget target = target();
        ChunkOpener ids = opener();
        ChunkWorkers workers = ChunkWorkers.start(ports, this::opener);
        Fetching fetching = fetching(workers)) {
      PageTreeReader reader = PageTreeReader.open(snapshot.content(), snapshot.root());
      restore(reader, target, fetching, ids);
      target.finish().ifPresent(findings::add);
    }
    return new RestoreResult(counters, findings, Duration.ofNanos(ports.time().nanos() - started));
  }

  private Fetching fetching(ChunkWorkers workers) {
    RateLimit rate = new RateLimit(ports.time(), plan.bytesPerSecond());
    return new Fetching(
        snapshot.content(),
        content -> new WindowFetch(content, workers, rate, counters),
        ports.threads());
  }

  private void restore(
      PageTreeReader reader, RestoreTarget target, Fetching fetching, ChunkOpener ids)
      throws InterruptedException {
    Samples samples = new Samples(plan.samplePerMille(), ports.limits().sampleFiles());
    FileDuty files = new FileDuty(target, plan.conflict(), counters, findings, samples);
    new Restoring(target, plan, ports.limits(), fetching, ids, files, counters, findings)
        .run(new SelectedEntries(reader, plan, findings));
    refuseIfNothingWanted();
    counters.verifies();
    new ReadBack(reader, target, fetching.here(), ports.limits(), ids, counters, findings)
        .compare(samples.paths());
  }

  /** A slip of the pen in the only path is no restore with gaps. */
  private void refuseIfNothingWanted() {
    boolean chosen = !plan.paths().isEmpty() || !plan.patterns().isEmpty();
    if (chosen
        && counters.entries() == 0
        && findings.failures().stream().allMatch(RestoreRun::isAbsence)) {
      throw new HoldfastException(
          ErrorCode.PATH_NOT_FOUND,
          findings.failures().stream()
              .limit(NAMED_MAX)
              .map(Findings.Failure::text)
              .collect(Collectors.joining("; ")));
    }
  }

  private static boolean isAbsence(Findings.Failure failure) {
    return failure.code() == ErrorCode.PATH_NOT_FOUND;
  }

  private RestoreTarget target() {
    return plan.dryRun()
        ? RestoreTarget.look(directory)
        : RestoreTarget.open(
            directory,
            TreeOptions.careful(ports.scratch())
                .withConflicts(plan.conflict())
                .withReplaceOtherKinds(plan.conflict() == ConflictMode.ALWAYS)
                .withPrivileges(plan.privileges())
                .withBounds(
                    TreeOptions.careful(ports.scratch()).openDirectoriesMax(), Findings.KEPT));
  }

  private ChunkOpener opener() {
    return ports.openers().apply(snapshot.keys());
  }
}
