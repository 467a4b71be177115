package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.coordinator.vault.ObjectName;
import java.util.LinkedHashMap;
import java.util.function.Function;

/** The hosts' recovery keys, opened when asked for, the last ones kept. Any thread. */
final class RecoveryKeyCache implements Function<HostId, HostKeyPair>, AutoCloseable {
  private static final int KEPT = 256;
  private static final int KEY_BYTES_MAX = 1 << 16;

  private final Repository repository;
  private final LinkedHashMap<HostId, HostRecoveryKey> kept = new LinkedHashMap<>(16, 0.75f, true);

  RecoveryKeyCache(Repository repository) {
    this.repository = repository;
  }

  @Override
  public synchronized HostKeyPair apply(HostId host) {
    HostRecoveryKey key = kept.get(host);
    if (key == null) {
      key = read(host);
      kept.put(host, key);
      if (kept.size() > KEPT) {
        kept.pollFirstEntry(); // not closed: somebody may still be using it
      }
    }
    return key.keyPair();
  }

  private HostRecoveryKey read(HostId host) {
    RepositoryId id = repository.vault.identity().repository();
    KeyObject object = KeyObject.hostRecovery(id, host);
    byte[] sealed =
        repository
            .vault
            .find(ObjectName.of(object.name()), KEY_BYTES_MAX)
            .orElseThrow(() ->
                new HoldfastException(
                    ErrorCode.KEY_UNAVAILABLE,
                    "the vault has no recovery key of host "
                        + host
                        + "; only the host itself can read its snapshots"));
    return HostRecoveryKey.open(id, host, sealed, repository.unlock.master());
  }

  @Override
  public synchronized void close() {
    kept.values().forEach(HostRecoveryKey::close);
    kept.clear();
  }
}
