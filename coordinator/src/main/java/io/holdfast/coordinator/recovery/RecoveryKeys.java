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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
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

  /** A private repository's that open, by the number of their master key, that in use first. */
  private final SequencedMap<Integer, HostKeyPair> recoveries;

  private RecoveryKeys(
      Vault vault,
      MasterInUse.Numbered master,
      List<MasterInUse.Numbered> others,
      RepositoryKeys ring,
      SequencedMap<Integer, HostKeyPair> recoveries) {
    this.vault = vault;
    this.master = master;
    this.others = others;
    this.ring = ring;
    this.recoveries = recoveries;
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
      SequencedMap<Integer, HostKeyPair> recoveries =
          keys.isPrivate()
              ? recoveries(vault, number, passphrase, kit)
              : Collections.emptyNavigableMap();
      List<MasterInUse.Numbered> others =
          keys.isPrivate() ? List.of() : others(vault, number, passphrase);
      opened = true;
      return new RecoveryKeys(
          vault, new MasterInUse.Numbered(master, number), others, keys, recoveries);
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

  /** A copy that was made while one took another's place may need both. */
  private static SequencedMap<Integer, HostKeyPair> recoveries(
      Vault vault, int present, Passphrase passphrase, Optional<RecoveryKit> kit) {
    SequencedMap<Integer, HostKeyPair> recoveries = new LinkedHashMap<>();
    recoveries.put(present, recovery(vault, present, passphrase, kit));
    for (int number : MasterObjects.recoveriesNewestFirst(vault)) {
      if (number != present) {
        try {
          recoveries.put(number, recovery(vault, number, passphrase, Optional.empty()));
        } catch (HoldfastException e) {
          LOG.warn("recovery key {} is passed over: {}", number, e.getMessage());
        }
      }
    }
    return recoveries;
  }

  private static HostKeyPair recovery(
      Vault vault, int number, Passphrase passphrase, Optional<RecoveryKit> kit) {
    KeyObject object = KeyObject.recoveryUnderPassphrase(vault.identity().repository(), number);
    byte[] wrap =
        kit.flatMap(RecoveryKit::wrappedRecovery).orElseGet(() -> KeyObjects.read(vault, object));
    return RepositoryRecovery.unwrap(object, wrap, passphrase);
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
    if (ring.isPrivate()) {
      return ofPrivate(privateKeys(host));
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

  /** Sealed to the recovery key in use, or, where the copy lacks that, to another one. */
  private PrivateHostKeys privateKeys(HostId host) {
    return KeyObjects.firstThatOpens(
        List.copyOf(recoveries.keySet()),
        number -> {
          KeyObject object = KeyObject.sealedHostKeys(ring.repository(), number, host);
          return PrivateHostKeys.open(object, host, sealed(object), recoveries.get(number));
        },
        (failure, number) -> {}, // told with the first one's
        () ->
            new HoldfastException(
                ErrorCode.KEY_UNAVAILABLE, "the vault has no recovery key that opens"));
  }

  private OfHost ofPrivate(PrivateHostKeys keys) {
    List<ChunkKeys> generations = ChunkKeys.allOf(ring.repository(), keys.generations());
    keys.generations().close(); // copied
    return new OfHost(keys.recoveryKey(), generations);
  }

  @Override
  public void close() {
    recoveries.values().forEach(HostKeyPair::close);
    ring.close();
    master.key().close();
    others.forEach(other -> other.key().close());
  }
}
