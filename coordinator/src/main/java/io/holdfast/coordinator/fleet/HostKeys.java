package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import java.util.function.Supplier;

/**
 * The keys that a new host brings into being and those that it is given. The keys themselves stay
 * their owner's. Any thread.
 */
public final class HostKeys {
  private final Supplier<RepositoryKeys> keys;
  private final MasterKey master;
  private final RecoveryKeyStore store;
  private final Randomness randomness;

  /** Grants what {@code keys} gives when it is asked. */
  public HostKeys(
      Supplier<RepositoryKeys> keys,
      MasterKey master,
      RecoveryKeyStore store,
      Randomness randomness) {
    this.keys = keys;
    this.master = master;
    this.store = store;
    this.randomness = randomness;
  }

  /** Makes the recovery key of {@code host}; durable, sealed, when its public half is returned. */
  Bytes32 createRecoveryKey(HostId host) {
    RepositoryId repository = keys.get().repository();
    try (HostRecoveryKey key = HostRecoveryKey.generate(host, randomness)) {
      store.create(
          KeyObject.hostRecovery(repository, host), key.seal(repository, master, randomness));
      return key.keyPair().publicKey();
    }
  }

  /** The serialized grant. Shares the generations with the ring, so it isn't closed here. */
  ByteString grant(Bytes32 recoveryKey) {
    KeyGrant grant = keys.get().grant(recoveryKey);
    try (Secret encoded = grant.encode()) {
      return ByteString.copyFrom(encoded.toByteArray());
    }
  }
}
