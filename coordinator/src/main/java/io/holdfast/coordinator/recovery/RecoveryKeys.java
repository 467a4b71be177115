package io.holdfast.coordinator.recovery;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.coordinator.key.KeyObjects;
import io.holdfast.coordinator.key.KeyRingObjects;
import io.holdfast.coordinator.key.MasterObjects;
import io.holdfast.coordinator.vault.Vault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A repository's keys, opened with the recovery passphrase. Wiped when closed. */
final class RecoveryKeys implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryKeys.class);

  private final Vault vault;
  private final MasterInUse.Numbered master;

  /** Others that open: a copy that was made while one took another's place may need both. */
  private final List<MasterInUse.Numbered> others;

  private final RepositoryKeys ring;
  private final Optional<HostKeyPair> recovery;

  /** {@code recovery}: a private repository's. */
  private RecoveryKeys(
      Vault vault,
      MasterInUse.Numbered master,
      List<MasterInUse.Numbered> others,
      RepositoryKeys ring,
      Optional<HostKeyPair> recovery) {
    this.vault = vault;
    this.master = master;
    this.others = others;
    this.ring = ring;
    this.recovery = recovery;
  }

  /**
   * What opens the snapshots of one host.
   *
   * @param recoveryKey opens its roots
   * @param generations open what they lead to
   */
  record OfHost(HostKeyPair recoveryKey, List<ChunkKeys> generations) implements AutoCloseable {
    @Override
    public void close() {
      recoveryKey.close();
    }
  }

  /**
   * Opens the newest keys: by the kit if there is one, else by what the vault holds itself.
   *
   * @throws HoldfastException PASSPHRASE_WRONG; KEY_UNAVAILABLE if neither has the keys;
   *     VAULT_FOREIGN for another repository's kit; MALFORMED if they are damaged
   */
  static RecoveryKeys open(Vault vault, Passphrase passphrase, Optional<RecoveryKit> kit) {
    RepositoryId repository = vault.identity().repository();
    kit.ifPresent(found -> requireSame(repository, found));
    if (kit.isPresent()) {
      return open(vault, kit.get().open(passphrase), kit.get().masterNumber(), passphrase, kit);
    }
    return KeyObjects.firstThatOpens(
        MasterObjects.newestFirst(vault, "passphrase"),
        number -> open(vault, master(vault, number, passphrase), number, passphrase, kit),
        RecoveryKeys::passOver,
        () ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the vault has no "
                    + KeyObject.masterUnderPassphrase(repository, 1).name()
                    + ", nor a newer one; give the recovery kit with --kit"));
  }

  private static MasterKey master(Vault vault, int number, Passphrase passphrase) {
    RepositoryId repository = vault.identity().repository();
    byte[] wrap = KeyObjects.read(vault, KeyObject.masterUnderPassphrase(repository, number));
    return MasterKey.unwrap(repository, number, wrap, passphrase);
  }

  private static void passOver(HoldfastException failure, int number) {
    LOG.warn("master key {} is passed over: {}", number, failure.getMessage());
  }

  private static RecoveryKeys open(
      Vault vault, MasterKey master, int number, Passphrase passphrase, Optional<RecoveryKit> kit) {
    boolean opened = false;
    try {
      RepositoryKeys keys = newestRing(vault, master);
      Optional<HostKeyPair> recovery =
          keys.isPrivate() ? Optional.of(recovery(vault, passphrase, kit)) : Optional.empty();
      List<MasterInUse.Numbered> others =
          keys.isPrivate() ? List.of() : others(vault, number, passphrase);
      opened = true;
      return new RecoveryKeys(
          vault, new MasterInUse.Numbered(master, number), others, keys, recovery);
    } finally {
      if (!opened) {
        master.close();
      }
    }
  }

  /** Newest first. One that doesn't open is of another passphrase, or damaged. */
  private static List<MasterInUse.Numbered> others(
      Vault vault, int present, Passphrase passphrase) {
    List<MasterInUse.Numbered> others = new ArrayList<>();
    for (int number : MasterObjects.newestFirst(vault, "passphrase")) {
      if (number != present) {
        try {
          others.add(new MasterInUse.Numbered(master(vault, number, passphrase), number));
        } catch (HoldfastException e) {
          passOver(e, number);
        }
      }
    }
    return others;
  }

  private static HostKeyPair recovery(
      Vault vault, Passphrase passphrase, Optional<RecoveryKit> kit) {
    RepositoryId repository = vault.identity().repository();
    byte[] wrap =
        kit.flatMap(RecoveryKit::wrappedRecovery)
            .orElseGet(() -> KeyObjects.read(vault, KeyObject.recoveryUnderPassphrase(repository)));
    return RepositoryRecovery.unwrap(repository, wrap, passphrase);
  }

  /** One that doesn't open is passed over: the one before still opens what is older. */
  private static RepositoryKeys newestRing(Vault vault, MasterKey master) {
    RepositoryId repository = vault.identity().repository();
    return KeyObjects.firstThatOpens(
        KeyRingObjects.newestFirst(vault),
        number -> {
          byte[] ring = KeyObjects.read(vault, KeyObject.ring(repository, number));
          return RepositoryKeys.open(repository, number, ring, master);
        },
        (failure, number) -> LOG.warn("passed over: {}", failure.getMessage()),
        () ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE,
                "the vault has no key ring; bring keys/ring.1 and those after it back from another"
                    + " copy of the vault"));
  }

  private static void requireSame(RepositoryId repository, RecoveryKit kit) {
    if (!kit.repository().equals(repository)) {
      throw new HoldfastException(
          ErrorCode.VAULT_FOREIGN,
          "the recovery kit is of repository "
              + kit.repository()
              + ", the vault of "
              + repository
              + "; take the kit that belongs to this vault");
    }
  }

  RepositoryKeys ring() {
    return ring;
  }

  /** Errors of opening it; KEY_UNAVAILABLE if it was erased. The caller closes it. */
  OfHost host(HostId host) {
    if (recovery.isPresent()) {
      byte[] sealed = sealed(KeyObject.sealedHostKeys(ring.repository(), host));
      return ofPrivate(PrivateHostKeys.open(ring.repository(), host, sealed, recovery.get()));
    }
    return new OfHost(
        recoveryKey(host).keyPair(), ChunkKeys.allOf(ring.repository(), ring.generations()));
  }

  /** Under the master key in use, or, where the copy lacks that, under another one. */
  private HostRecoveryKey recoveryKey(HostId host) {
    try {
      return recoveryKey(host, master);
    } catch (HoldfastException e) {
      for (MasterInUse.Numbered other : others) {
        try {
          HostRecoveryKey key = recoveryKey(host, other);
          LOG.warn("{}; it is there under master key {}", e.getMessage(), other.number());
          return key;
        } catch (HoldfastException not) {
          e.addSuppressed(not);
        }
      }
      throw e;
    }
  }

  private HostRecoveryKey recoveryKey(HostId host, MasterInUse.Numbered under) {
    byte[] sealed = sealed(under.hostRecovery(ring.repository(), host));
    return HostRecoveryKey.open(ring.repository(), host, sealed, under);
  }

  private byte[] sealed(KeyObject object) {
    return KeyObjects.read(
        vault,
        object,
        ": the host was erased, or the vault is incomplete; bring it back from another copy of the"
            + " vault");
  }

  private OfHost ofPrivate(PrivateHostKeys keys) {
    List<ChunkKeys> generations = ChunkKeys.allOf(ring.repository(), keys.generations());
    keys.generations().close(); // copied
    return new OfHost(keys.recoveryKey(), generations);
  }

  @Override
  public void close() {
    recovery.ifPresent(HostKeyPair::close);
    ring.close();
    master.key().close();
    others.forEach(other -> other.key().close());
  }
}
