package io.holdfast.coordinator.vault;

import java.io.IOException;

/**
 * A sync failed: the kernel may have forgotten what it could not write, and no later sync makes up
 * for it.
 */
final class SyncFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  SyncFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
