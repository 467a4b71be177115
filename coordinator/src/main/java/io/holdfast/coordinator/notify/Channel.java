package io.holdfast.coordinator.notify;

/** A way to people. Any thread. */
interface Channel extends AutoCloseable {
  /** One word: webhook, mail. */
  String name();

  /** Where it leads, for people, without secrets. */
  String target();

  /**
   * Returns once the other side has taken {@code notice}; NOTIFICATION_FAILED if it may not have.
   * Waits for seconds at most, not for the other side to mend.
   */
  void send(Notice notice) throws InterruptedException;

  @Override
  void close();
}
