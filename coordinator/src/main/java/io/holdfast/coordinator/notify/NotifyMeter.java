package io.holdfast.coordinator.notify;

/** Told what is delivered; the metrics listen. Any thread. */
public interface NotifyMeter {
  void delivered(String channel);

  /** An attempt failed; there will be another. */
  void failed(String channel);

  /** A notice was given up, because too many wait. */
  void dropped(String channel);
}
