package io.holdfast.coordinator.rpc;

import io.holdfast.proto.wire.v1.ExportKeysAnswer;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.WriteCheckpointAnswer;

/** The Admin calls about this coordinator itself. Any thread; calls block. */
public interface AdminNode {
  StatusAnswer status();

  /** Writes a checkpoint of the catalog for {@code actor}; it counts when this returns. */
  WriteCheckpointAnswer writeCheckpoint(String actor) throws InterruptedException;

  /** The recovery kit: opens nothing without the passphrase. */
  ExportKeysAnswer exportKeys();
}
