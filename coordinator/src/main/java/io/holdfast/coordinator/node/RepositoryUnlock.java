package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.coordinator.key.KeyRingObjects;
import io.holdfast.coordinator.vault.ObjectName;
import io.holdfast.coordinator.vault.Vault;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A repository's keys, opened: the master key and, sealed under it, the key ring. Closed by who
 * opened it.
 *
 * @param masterNumber which master key: the highest in the vault
 * @param ringNumber which version of the ring: the highest in the vault that opens
 */
public record RepositoryUnlock(
    MasterKey master, RepositoryKeys keys, int masterNumber, int ringNumber)
    implements AutoCloseable {
  private static final int KEY_BYTES_MAX = 1 << 20;

  /** Opens the newest keys with the key file of the running service. */
  public static RepositoryUnlock byService(Vault vault, ServiceKey service) {
    RepositoryId repository = vault.identity().repository();
    int number = newest(vault, n -> KeyObject.masterUnderService(repository, n));
    byte[] wrap = read(vault, KeyObject.masterUnderService(repository, number));
    return open(vault, MasterKey.unwrap(repository, number, wrap, service), number);
  }

  /** Opens the newest keys with the recovery passphrase. */
  public static RepositoryUnlock byPassphrase(Vault vault, Passphrase passphrase) {
    RepositoryId repository = vault.identity().repository();
    int number = newest(vault, n -> KeyObject.masterUnderPassphrase(repository, n));
    byte[] wrap = read(vault, KeyObject.masterUnderPassphrase(repository, number));
    return open(vault, MasterKey.unwrap(repository, number, wrap, passphrase), number);
  }

  /**
   * Opens the newest ring under a master key that came from elsewhere, as from a recovery kit. One
   * that doesn't open is passed over: whether the journal names it is found when that is read.
   */
  public static RepositoryUnlock open(Vault vault, MasterKey master, int masterNumber) {
    RepositoryId repository = vault.identity().repository();
    HoldfastException failure =
        new HoldfastException(
            ErrorCode.KEY_UNAVAILABLE,
            "the vault has no " + KeyObject.ring(repository, 1).name() + ", nor a newer one");
    for (int number : KeyRingObjects.newestFirst(vault)) {
      try {
        byte[] ring = read(vault, KeyObject.ring(repository, number));
        RepositoryKeys keys = RepositoryKeys.open(repository, number, ring, master);
        return new RepositoryUnlock(master, keys, masterNumber, number);
      } catch (HoldfastException e) {
        if (e.kind() == ErrorKind.RETRY) {
          throw e;
        }
        failure = e;
      }
    }
    throw failure;
  }

  private static int newest(Vault vault, IntFunction<KeyObject> names) {
    int number = 0;
    while (vault.size(ObjectName.of(names.apply(number + 1).name())).isPresent()) {
      number++;
    }
    if (number == 0) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the vault has no "
              + names.apply(1).name()
              + "; bring the keys back by `holdfast key import` with the recovery kit");
    }
    return number;
  }

  private static byte[] read(Vault vault, KeyObject object) {
    Optional<byte[]> bytes = vault.find(ObjectName.of(object.name()), KEY_BYTES_MAX);
    return bytes.orElseThrow(() ->
        new HoldfastException(ErrorCode.KEY_UNAVAILABLE, "the vault has no " + object.name()));
  }

  @Override
  public void close() {
    keys.close();
    master.close();
  }
}
