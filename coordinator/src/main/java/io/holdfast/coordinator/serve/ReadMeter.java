package io.holdfast.coordinator.serve;

/** Told what read sessions do; the metrics listen. Any thread. */
public interface ReadMeter {
  void served(long sealedBytes);

  /** Something was asked for that isn't the asker's. */
  void refused();

  /** A location's bytes were not what was written. */
  void damaged();

  /** A reader said that a copy it was served doesn't open. */
  void unopened();
}
