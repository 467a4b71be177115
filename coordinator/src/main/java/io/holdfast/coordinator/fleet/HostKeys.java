package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import java.security.cert.X509Certificate;
import java.util.Optional;
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

  /** Whether hosts make their own keys here, and coordinators have none. */
  boolean isPrivate() {
    return keys.get().isPrivate();
  }

  /**
   * Makes the recovery key of {@code host}; durable, sealed, when its public half is returned.
   * Empty in a private repository, whose hosts make their own. Errors of {@link
   * MasterInUse#toSeal}.
   */
  ByteString createRecoveryKey(HostId host) {
    if (isPrivate()) {
      return ByteString.EMPTY;
    }
    RepositoryId repository = keys.get().repository();
    master.use().lock();
    try (HostRecoveryKey key = HostRecoveryKey.generate(host, randomness)) {
      MasterInUse.Numbered present = master.toSeal();
      store.create(
          present.hostRecovery(repository, host), key.seal(repository, present, randomness));
      return ByteString.copyFrom(key.keyPair().publicKey().toByteArray());
    } finally {
      master.use().unlock();
    }
  }

  /**
   * To whom a host that {@code root} certifies seals its keys; empty in a shared repository. BUSY
   * while another root takes that one's place: the host would refuse what that one vouches for.
   */
  ByteString repositoryRecovery(X509Certificate root) {
    RepositoryKeys ring = keys.get();
    Optional<CertifiedRecoveryKey> recovery = ring.recovery();
    if (recovery.isEmpty()) {
      return ByteString.EMPTY;
    }
    try {
      PrivateRepository.check(ring.repository(), recovery.get(), root);
    } catch (HoldfastException e) {
      throw new HoldfastException(
          ErrorCode.BUSY, "the fleet's root is being replaced at this moment; try again", e);
    }
    return ByteString.copyFrom(recovery.get().encode());
  }

  /** Puts into {@code answer} what a new host with that recovery key is given. */
  void give(EnrolAnswer.Builder answer, ByteString recoveryKey, ByteString repositoryRecovery) {
    if (repositoryRecovery.isEmpty()) {
      answer.setKeyGrant(grant(recoveryKey));
    } else {
      answer.setRepositoryRecovery(repositoryRecovery);
    }
  }

  /**
   * The serialized grant; KEY_UNAVAILABLE in a private repository. Shares the generations with the
   * ring, so it isn't closed here.
   */
  ByteString grant(ByteString recoveryKey) {
    RepositoryKeys ring = keys.get();
    if (ring.isPrivate()) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "repository "
              + ring.repository()
              + " is private: a host has its own keys, and there are none to fetch");
    }
    KeyGrant grant = ring.grant(Bytes32.of(recoveryKey.toByteArray()));
    try (Secret encoded = grant.encode()) {
      return ByteString.copyFrom(encoded.toByteArray());
    }
  }
}
