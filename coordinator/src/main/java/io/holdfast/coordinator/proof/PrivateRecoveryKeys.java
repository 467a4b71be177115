package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.key.HostKeyPair;
import java.util.function.Predicate;

/** A private repository's: none is here, and the error says who has them. Any thread. */
public final class PrivateRecoveryKeys implements RecoveryKeys {
  private final Predicate<HostId> isErased;

  /** {@code isErased}: whether the journal says that a host was erased. */
  public PrivateRecoveryKeys(Predicate<HostId> isErased) {
    this.isErased = isErased;
  }

  @Override
  public HostKeyPair get(HostId host) {
    if (isErased.test(host)) {
      throw VaultRecoveryKeys.erased(host);
    }
    throw new HoldfastException(
        ErrorCode.KEY_UNAVAILABLE,
        "this repository is private: no coordinator can open what host "
            + host
            + " stored. The host restores its own (holdfast restore), any other host with the"
            + " recovery passphrase; to look into snapshots, take the vault and the passphrase:"
            + " holdfast recover");
  }
}
