package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.key.IssuingCaKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.ServiceKey;
import io.holdfast.coordinator.key.KeyObjects;
import io.holdfast.coordinator.key.KeyRingObjects;
import io.holdfast.coordinator.key.MasterChange;
import io.holdfast.coordinator.key.MasterObjects;
import io.holdfast.coordinator.vault.Vault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/**
 * A repository's keys, opened: the master key and, sealed under it, the key ring. Closed by who
 * opened it.
 *
 * @param masterNumber which master key: the highest in the vault that opens, with a ring under it
 * @param ringNumber which version of the ring: the highest in the vault that opens
 */
public record RepositoryUnlock(
    MasterKey master, RepositoryKeys keys, int masterNumber, int ringNumber)
    implements AutoCloseable {
  /**
   * Opens the newest keys with the service key in {@code file}, or with the one beside it that a
   * change of the master key left.
   */
  public static RepositoryUnlock byService(Vault vault, Path file) {
    Path next = MasterChange.nextServiceKey(file);
    if (Files.exists(next)) {
      try (ServiceKey service = ServiceKey.readFile(next)) {
        return byService(vault, service);
      } catch (HoldfastException e) {
        if (e.kind() == ErrorKind.RETRY || !Files.exists(file)) {
          throw e;
        } // that change wasn't finished
      }
    }
    try (ServiceKey service = ServiceKey.readFile(file)) {
      return byService(vault, service);
    }
  }

  /** Opens the newest keys with the key file of the running service. */
  public static RepositoryUnlock byService(Vault vault, ServiceKey service) {
    RepositoryId repository = vault.identity().repository();
    return newest(
        vault,
        "service",
        KeyObject.masterUnderService(repository, 1),
        number -> {
          byte[] wrap = KeyObjects.read(vault, KeyObject.masterUnderService(repository, number));
          return MasterKey.unwrap(repository, number, wrap, service);
        });
  }

  /** Opens the newest keys with the recovery passphrase. */
  public static RepositoryUnlock byPassphrase(Vault vault, Passphrase passphrase) {
    RepositoryId repository = vault.identity().repository();
    return newest(
        vault,
        "passphrase",
        KeyObject.masterUnderPassphrase(repository, 1),
        number -> {
          byte[] wrap = KeyObjects.read(vault, KeyObject.masterUnderPassphrase(repository, number));
          return MasterKey.unwrap(repository, number, wrap, passphrase);
        });
  }

  /**
   * The newest that opens, and under which a ring does: another one isn't in use yet, or no more.
   */
  private static RepositoryUnlock newest(
      Vault vault, String how, KeyObject first, IntFunction<MasterKey> unwrapping) {
    return KeyObjects.firstThatOpens(
        MasterObjects.newestFirst(vault, how),
        number -> open(vault, unwrapping.apply(number), number),
        (failure, number) -> {
          if (failure.kind() == ErrorKind.RETRY) {
            throw failure;
          }
        },
        () ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the vault has no "
                    + first.name()
                    + ", nor a newer one; bring the keys back by `holdfast key import` with the"
                    + " recovery kit"));
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
        byte[] ring = KeyObjects.read(vault, KeyObject.ring(repository, number));
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

  /** The issuing CA out of the key ring; KEY_UNAVAILABLE if that holds none. */
  public IssuingCaKey issuingCa() {
    return keys.issuingCa()
        .orElseThrow(() ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "keys/ring."
                    + ringNumber
                    + " holds no issuing CA, so it isn't this fleet's newest ring; bring that back"
                    + " from another copy of the vault"));
  }

  /** The fleet's roots as the key ring has them; KEY_UNAVAILABLE if that names none. */
  public RootLine roots() {
    if (keys.roots().isEmpty()) {
      var _ = issuingCa(); // whose root is the only one
    }
    return RootLine.of(keys);
  }

  @Override
  public void close() {
    keys.close();
    master.close();
  }
}
