package io.holdfast.coordinator.proof;

import io.holdfast.common.id.HostId;
import io.holdfast.common.key.HostKeyPair;

/** The keys by which a host's snapshots are opened without the host. Any thread. */
@FunctionalInterface
public interface RecoveryKeys {
  /**
   * The recovery key of {@code host}; stays owned by this object.
   *
   * <p>HOST_ERASED if it was destroyed on purpose; KEY_UNAVAILABLE if there is none here for
   * another reason. Any other error says nothing of whether there is one.
   */
  HostKeyPair get(HostId host);
}
