package io.holdfast.coordinator.fleet;

import io.holdfast.common.key.KeyObject;
import java.util.Optional;

/** Where the sealed keys of private hosts are kept: the vault, seen from here. Any thread. */
public interface SealedKeyStore {
  Optional<byte[]> find(KeyObject object);

  /**
   * Puts {@code sealed} under the object's name in the place of what is there; durable when this
   * returns. After an error it may be there or not.
   */
  void put(KeyObject object, byte[] sealed);
}
