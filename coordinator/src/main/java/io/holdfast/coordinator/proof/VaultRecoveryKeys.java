package io.holdfast.coordinator.proof;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Recovery keys as the vault keeps them, sealed under the master key. Keeps the ones used last
 * open, at most {@link #KEPT_LIMIT}; a key that was put out is left to the collector, since
 * somebody may be using it. That of an erased host is given to nobody, whether its object is
 * destroyed already or not. Any thread.
 */
public final class VaultRecoveryKeys implements RecoveryKeys {
  static final int KEPT_LIMIT = 1_024;

  private static final int OBJECT_BYTES_LIMIT = 4 << 10;

  private final RepositoryId repository;
  private final Vault vault;
  private final Supplier<MasterInUse.Numbered> master;
  private final Predicate<HostId> isErased;
  private final Map<HostId, HostRecoveryKey> kept = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Opens no key yet.
   *
   * @param master the one in use; stays the caller's, who closes it after the last use of this
   *     object
   * @param isErased whether the journal says that a host was erased
   */
  public VaultRecoveryKeys(
      RepositoryId repository,
      Vault vault,
      Supplier<MasterInUse.Numbered> master,
      Predicate<HostId> isErased) {
    this.repository = repository;
    this.vault = vault;
    this.master = master;
    this.isErased = isErased;
  }

  /** As {@link RecoveryKeys#get}; MALFORMED if the object isn't that host's key. */
  @Override
  public synchronized HostKeyPair get(HostId host) {
    if (isErased.test(host)) {
      forget(host);
      throw erased(host);
    }
    HostRecoveryKey key = kept.computeIfAbsent(host, this::open);
    while (kept.size() > KEPT_LIMIT) {
      kept.remove(kept.keySet().iterator().next());
    }
    return key.keyPair();
  }

  /** Lets go of a key whose object was destroyed. */
  public synchronized void forget(HostId host) {
    HostRecoveryKey key = kept.remove(host);
    if (key != null) {
      key.close();
    }
  }

  private HostRecoveryKey open(HostId host) {
    while (true) {
      MasterInUse.Numbered present = master.get();
      String name = present.hostRecovery(repository, host).name();
      Optional<byte[]> sealed = vault.find(ObjectName.of(name), OBJECT_BYTES_LIMIT);
      if (sealed.isPresent()) {
        return HostRecoveryKey.open(repository, host, sealed.get(), present);
      }
      if (present.equals(master.get())) {
        throw unavailable(host);
      } // another master key took its place meanwhile, and what it sealed is there instead
    }
  }

  static HoldfastException erased(HostId host) {
    return new HoldfastException(
        ErrorCode.HOST_ERASED,
        "host "
            + host
            + " was erased for good: the key that opened its snapshots is destroyed, and nobody can"
            + " open them here any more; see when and by whom with: holdfast audit ls");
  }

  private static HoldfastException unavailable(HostId host) {
    return new HoldfastException(
        ErrorCode.KEY_UNAVAILABLE,
        "the vault holds no recovery key of host "
            + host
            + ": the vault is incomplete, or the host keeps its keys to itself; bring the object"
            + " back from another copy of the vault");
  }
}
