package io.holdfast.deploy.cli;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.key.Argon2Cost;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RecoveryKit;
import io.holdfast.common.key.RepositoryRecovery;
import io.holdfast.common.seam.Randomness;
import io.holdfast.deploy.link.KeysLink;
import io.holdfast.proto.wire.v1.ListSealedKeysAnswer;
import io.holdfast.proto.wire.v1.PrivateMaster;
import io.holdfast.proto.wire.v1.RotateMasterAnswer;
import io.holdfast.proto.wire.v1.SealedKeysOfHost;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Makes, on this machine, the next master key and recovery key of a private repository, and seals
 * to the latter what hosts sealed to the present one. Of secrets the coordinator learns the master
 * key alone, which it uses. Used once, by one thread.
 *
 * <ol>
 *   <li>I1: nothing is sealed to a key but the one made here, nor from any but the one for which
 *       the root vouches, and what was sealed is opened again before it is handed in.
 *   <li>I2: the kit is kept before the coordinator is told to take the next keys up.
 * </ol>
 */
public final class SealedMasterChange {
  /** Hosts that hand in theirs meanwhile are few; more rounds than these mean something else. */
  private static final int ROUNDS = 8;

  private final KeysLink link;
  private final RecoveryKit kit;
  private final FleetAuthority root;
  private final Randomness randomness;
  private final RepositoryId repository;
  private final Set<String> unreadable = new TreeSet<>();

  /**
   * Of the repository of {@code kit}, its present one.
   *
   * @param root the newest
   */
  public SealedMasterChange(
      KeysLink link, RecoveryKit kit, FleetAuthority root, Randomness randomness) {
    this.link = link;
    this.kit = kit;
    this.root = root;
    this.randomness = randomness;
    this.repository = kit.repository();
  }

  /**
   * What came of it.
   *
   * @param unreadable ids of hosts that had sealed something else, which goes on as it is
   */
  public record Report(RotateMasterAnswer answer, List<String> unreadable) {}

  /**
   * Replaces both. PASSPHRASE_WRONG before anything begins; KEY_UNAVAILABLE for an old kit,
   * SIGNATURE_INVALID for another root's key, BUSY, CANCELLED and errors of the coordinator: then
   * the present keys are in use, unless its outcome is unknown, and the kit that was kept is void.
   *
   * @param keep stores the kit durably; nothing was replaced if it throws
   */
  public Report run(Passphrase present, Passphrase next, Consumer<String> keep) {
    try (HostKeyPair former = kit.openRecovery(present);
        HostKeyPair pair = HostKeyPair.generate(randomness);
        MasterKey master = MasterKey.generate(randomness)) {
      ListSealedKeysAnswer begun = link.listSealedKeys(ByteString.EMPTY);
      requirePresent(begun, former);
      reseal(begun, former, pair);
      int number = begun.getNumber();
      KeyObject recovery = KeyObject.recoveryUnderPassphrase(repository, number);
      byte[] wrappedMaster = master.wrap(repository, number, next, Argon2Cost.DEFAULT, randomness);
      byte[] wrappedRecovery =
          RepositoryRecovery.wrap(recovery, pair, next, Argon2Cost.DEFAULT, randomness);
      keep.accept( // I2
          new RecoveryKit(
                  repository,
                  root.fingerprint().value(),
                  number,
                  wrappedMaster,
                  Optional.of(wrappedRecovery))
              .print());
      PrivateMaster asked =
          PrivateMaster.newBuilder()
              .setAttempt(begun.getAttempt())
              .setMasterKey(ByteString.copyFrom(master.toByteArray()))
              .setWrappedMaster(ByteString.copyFrom(wrappedMaster))
              .setRepositoryRecovery(
                  ByteString.copyFrom(
                      PrivateRepository.certify(
                              repository, pair.publicKey(), root.key(), randomness)
                          .encode()))
              .setWrappedRecovery(ByteString.copyFrom(wrappedRecovery))
              .build();
      return new Report(takenUp(asked, begun, former, pair), List.copyOf(unreadable));
    }
  }

  /** Hosts may hand in theirs until the very moment. */
  private RotateMasterAnswer takenUp(
      PrivateMaster asked, ListSealedKeysAnswer begun, HostKeyPair former, HostKeyPair pair) {
    for (int round = 1; ; round++) {
      try {
        return link.rotateMaster(asked);
      } catch (HoldfastException e) {
        if (e.code() != ErrorCode.BUSY || round == ROUNDS) {
          throw new HoldfastException(
              e.code(),
              e.getMessage()
                  + ". The kit that was written before is void, unless `holdfast key export` prints"
                  + " the same one",
              e);
        }
      }
      reseal(link.listSealedKeys(begun.getAttempt()), former, pair);
    }
  }

  /** I1. */
  private void requirePresent(ListSealedKeysAnswer begun, HostKeyPair former) {
    if (begun.getNumber() != kit.masterNumber() + 1) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the recovery kit is of master key "
              + kit.masterNumber()
              + ", and number "
              + (begun.getNumber() - 1)
              + " is in use; take the newest kit. Nothing was replaced");
    }
    CertifiedRecoveryKey named =
        CertifiedRecoveryKey.parse(begun.getRepositoryRecovery().toByteArray());
    PrivateRepository.check(repository, named, root.certificate());
    if (!named.publicKey().equals(former.publicKey())) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the recovery kit holds another recovery key, "
              + former.publicKey()
              + ", than the one to which hosts seal theirs, "
              + named.publicKey()
              + "; take the newest kit. Nothing was replaced");
    }
  }

  private void reseal(ListSealedKeysAnswer first, HostKeyPair former, HostKeyPair pair) {
    for (ListSealedKeysAnswer page = first;
        page.getLackingCount() > 0;
        page = link.listSealedKeys(first.getAttempt())) {
      link.putResealedKeys(
          first.getAttempt(),
          page.getLackingList().stream().map(keys -> resealed(keys, former, pair)).toList());
    }
  }

  private SealedKeysOfHost resealed(SealedKeysOfHost keys, HostKeyPair former, HostKeyPair pair) {
    HostId host = HostId.of(keys.getHost().toByteArray());
    KeyObject object = KeyObject.sealedHostKeys(repository, kit.masterNumber(), host);
    Optional<PrivateHostKeys> found = opened(object, host, keys.getObject().toByteArray(), former);
    if (found.isEmpty()) {
      unreadable.add(host.toString()); // as it was before
      return keys;
    }
    try (PrivateHostKeys opened = found.get()) {
      byte[] sealed = opened.seal(repository, pair.publicKey(), randomness);
      PrivateHostKeys.open(repository, host, sealed, pair).close();
      return keys.toBuilder().setObject(ByteString.copyFrom(sealed)).build();
    }
  }

  private static Optional<PrivateHostKeys> opened(
      KeyObject object, HostId host, byte[] sealed, HostKeyPair former) {
    try {
      return Optional.of(PrivateHostKeys.open(object, host, sealed, former));
    } catch (HoldfastException e) {
      if (e.code() != ErrorCode.MALFORMED) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
