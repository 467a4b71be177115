package io.holdfast.coordinator.proof;

import io.holdfast.proto.stored.v1.LossCause;

/** Told what is re-read and found; the metrics listen. Any thread. */
public interface ProofMeter {
  /** Sealed bytes were re-read and found good. */
  void good(long sealedBytes);

  /** An entry was found bad, for that reason. */
  void bad(LossCause cause);

  /** An entry could not be judged now. */
  void untold();

  /**
   * So many of all snapshots wait to be proven.
   *
   * @param oldestMillis when the oldest of them was committed, 0 if none waits
   */
  void backlog(long unproven, long snapshots, long oldestMillis);
}
