package io.holdfast.agent.hook;

import java.util.Optional;

/** What a program prints, as it prints it (K4). One thread. */
public final class HookStream implements AutoCloseable {
  private final HookCall call;
  private final HookProcess process;
  private final long deadlineNanos;
  private boolean ended;

  HookStream(HookCall call, HookProcess process, long deadlineNanos) {
    this.call = call;
    this.process = process;
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * What comes next, up to {@code length} bytes; waits for it.
   *
   * @return how many; -1 at the end, once it is known that all of it came
   * @throws io.holdfast.common.error.HoldfastException HOOK_FAILED if it ended with another status
   *     than 0, or its time is over
   */
  public int read(byte[] into, int at, int length) throws InterruptedException {
    if (ended) {
      return -1;
    }
    int count = process.read(into, at, length, deadlineNanos);
    if (count > 0) {
      return count;
    }
    boolean over = count < 0 || process.hasFailed();
    if (!over || !process.awaitEnd(deadlineNanos)) {
      process.end();
      throw HookOutput.failed(call.name(), Hooks.overTime(call), process.lastLines());
    }
    Optional<String> failure = Hooks.failure(process);
    if (failure.isPresent()) {
      throw HookOutput.failed(call.name(), failure.get(), process.lastLines());
    }
    ended = true;
    return -1;
  }

  /** Ends the program if it still runs. */
  @Override
  public void close() {
    process.close();
  }
}
