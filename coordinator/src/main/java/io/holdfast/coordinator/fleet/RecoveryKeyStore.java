package io.holdfast.coordinator.fleet;

import io.holdfast.common.key.KeyObject;

/** Where sealed recovery keys of hosts are kept: the vault, seen from here. Any thread. */
@FunctionalInterface
public interface RecoveryKeyStore {
  /**
   * Puts {@code sealed} under the object's name, which is new; durable when this returns. After an
   * error it may be there or not, and its name is never used again.
   */
  void create(KeyObject object, byte[] sealed);
}
