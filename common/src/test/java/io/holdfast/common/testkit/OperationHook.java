package io.holdfast.common.testkit;

import java.nio.file.Path;

/**
 * Called around every operation of a {@link LossyDisk}, outside its lock: it may block, so that a
 * test holds one writer at a chosen step while another runs, or call the disk itself.
 */
public interface OperationHook {
  /** Before anything happened. */
  default void before(FileOperation operation, Path path) {}

  /** After the operation took effect and before its caller learns so; not called when it failed. */
  default void after(FileOperation operation, Path path) {}
}
