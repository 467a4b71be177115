package io.holdfast.agent.backup;

import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;

/**
 * The open session's two-way stream. One thread sends, another receives; both wait as long as the
 * other side makes them. Failures are {@link io.holdfast.common.error.HoldfastException}.
 */
public interface UploadLink extends AutoCloseable {
  void send(BackupRequest request) throws InterruptedException;

  /** The next answer; UNAVAILABLE when the coordinator closed the stream. */
  BackupAnswer receive() throws InterruptedException;

  /** Abandons the session unless it was committed; frees whoever waits. */
  @Override
  void close();
}
