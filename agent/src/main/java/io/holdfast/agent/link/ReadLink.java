package io.holdfast.agent.link;

import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;

/**
 * A read session's two-way stream, whatever carries it. One thread. Failures are {@link
 * io.holdfast.common.error.HoldfastException}.
 */
public interface ReadLink extends AutoCloseable {
  void send(ReadRequest request) throws InterruptedException;

  /** The next answer; UNAVAILABLE when the coordinator closed the stream. */
  ReadAnswer receive() throws InterruptedException;

  /** The other side in words, for messages. */
  String peer();

  @Override
  void close();
}
