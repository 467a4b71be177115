package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import java.time.Duration;
import java.util.Optional;

/**
 * One two-way stream to a coordinator, whatever carries it. One thread receives, another one sends,
 * any closes. Failures are {@link io.holdfast.common.error.HoldfastException}.
 */
public interface ControlLink extends AutoCloseable {
  /** Waits until there is room; false if the stream is over. */
  boolean send(AgentMessage message) throws InterruptedException;

  /**
   * The next message; empty when the coordinator closed the stream. UNAVAILABLE if none comes
   * {@code within}.
   */
  Optional<CoordinatorMessage> receive(Duration within) throws InterruptedException;

  /** The other side in words, for messages. */
  String peer();

  /** The stream is over, and the next one is to another coordinator, if there is one. */
  @Override
  void close();
}
