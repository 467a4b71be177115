package io.holdfast.coordinator.proof;

/**
 * Is told how a verification goes, in the thread that runs it. May block, which slows the reading
 * down, and may throw, which ends it; what was recorded by then stays.
 */
public interface VerifyListener {
  /** So much of what is expected was read. */
  void progress(VerifyTally tally) throws InterruptedException;

  /** Told once for each fault, at the latest at the end, when the files that need it are known. */
  void fault(Fault fault) throws InterruptedException;
}
