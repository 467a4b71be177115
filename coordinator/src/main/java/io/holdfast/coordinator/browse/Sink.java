package io.holdfast.coordinator.browse;

/** Takes answers one by one, at the pace of who reads them. */
@FunctionalInterface
public interface Sink<T> {
  /** Blocks while the reader is behind; CANCELLED when it is gone. */
  void send(T answer) throws InterruptedException;
}
