package io.holdfast.agent.restore;

import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.page.PageTreeReader;
import io.holdfast.common.sealing.ChunkOpener;
import io.holdfast.common.snapshot.OpenSnapshot;
import java.time.Duration;

/**
 * One restore from start to result. What is wrong with one entry is in the result's findings; a
 * failure that ends all of it (the coordinator is gone, the disk is full, the root page can't be
 * had) is a HoldfastException, and running again with {@link Conflict#OVERWRITE_IF_DIFFERENT} goes
 * on where it ended.
 */
public final class RestoreRun {
  private final OpenSnapshot snapshot;
  private final TargetTree target;
  private final RestorePlan plan;
  private final RestorePorts ports;
  private final RestoreCounters counters = new RestoreCounters();
  private final Findings findings = new Findings();

  /** Snapshot and target stay the caller's. */
  public RestoreRun(
      OpenSnapshot snapshot, TargetTree target, RestorePlan plan, RestorePorts ports) {
    this.snapshot = snapshot;
    this.target = target;
    this.plan = plan;
    this.ports = ports;
  }

  /** What the run has done so far; any thread. */
  public RestoreCounters counters() {
    return counters;
  }

  /** Restores. Interrupting the thread ends the run; what is incomplete then is removed. */
  public RestoreResult execute() throws InterruptedException {
    long started = ports.time().nanos();
    Samples samples = new Samples(plan.samplePerMille(), ports.limits().sampleFiles());
    try (ChunkOpener ids = opener();
        ChunkWorkers workers = ChunkWorkers.start(ports, this::opener)) {
      PageTreeReader reader = PageTreeReader.open(snapshot.content(), snapshot.root());
      WindowFetch fetch =
          new WindowFetch(
              snapshot.content(),
              workers,
              new RateLimit(ports.time(), plan.bytesPerSecond()),
              counters);
      FileDuty files = new FileDuty(target, plan, counters, findings, samples);
      new Restoring(target, plan, ports.limits(), fetch, ids, files, counters, findings)
          .run(new SelectedEntries(reader, plan, findings));
      counters.verifies();
      new ReadBack(reader, target, fetch, ports.limits(), ids, counters, findings)
          .compare(samples.paths());
    }
    return new RestoreResult(counters, findings, Duration.ofNanos(ports.time().nanos() - started));
  }

  private ChunkOpener opener() {
    return new ChunkOpener(snapshot.keys());
  }
}
