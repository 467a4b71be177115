package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.MasterInUse;
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
  private final MasterInUse master;
  private final RecoveryKeyStore store;
  private final Randomness randomness;

  /** Grants what {@code keys} gives when it is asked. */
  public HostKeys(
      Supplier<RepositoryKeys> keys,
      MasterInUse master,
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
    master.use().lock();
    try (HostRecoveryKey key = HostRecoveryKey.generate(host, randomness)) {
      MasterInUse.Numbered present = master.get();
      store.create(
          present.hostRecovery(repository, host), key.seal(repository, present, randomness));
      return key.keyPair().publicKey();
    } finally {
      master.use().unlock();
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
