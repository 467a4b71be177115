package io.holdfast.agent.restore;

/** One restore from start to result. */
public sealed interface Restore permits RestoreRun, DeviceRestore {
  /** What it has done so far; any thread. */
  RestoreCounters counters();

  /** What it has found so far; any thread. */
  Findings findings();

  /** Receives at most so many bytes a second from now on, 0 for no limit; any thread. */
  void limit(long bytesPerSecond);

  /** Restores. Interrupting the thread ends it. */
  RestoreResult execute() throws InterruptedException;
}
