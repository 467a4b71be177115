package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostKeysSealed;
import io.holdfast.proto.wire.v1.SealKeysAnswer;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in what hosts of a private repository seal of their keys. Nobody here can open it, so what
 * is in it is the host's own affair: garbage makes that host's snapshots unreadable without it, and
 * nothing else. Any thread.
 *
 * <ol>
 *   <li>I1: the object is in the vault before the record that says so; before that record the host
 *       commits nothing.
 *   <li>I2: a host's keys are handed in by that host, signed, and once: neither another host nor
 *       whoever stole its certificate later can put others in their place.
 *   <li>I3: the same object handed in again puts back what the vault lost.
 *   <li>I4: what was sealed to a recovery key that was replaced since is put nowhere: what the host
 *       handed in before lies there sealed to the present one, and what it didn't is refused.
 * </ol>
 */
public final class SealedHostKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SealedHostKeys.class);

  private final FleetPorts ports;
  private final SealedKeyStore store;
  private final MasterInUse master;
  private final Supplier<RepositoryKeys> keys;
  private final ReentrantLock taking = new ReentrantLock();

  /**
   * Puts into {@code store}.
   *
   * @param master by whose number the recovery key goes that hosts seal to
   * @param keys give that key when they are asked
   */
  public SealedHostKeys(
      FleetPorts ports, SealedKeyStore store, MasterInUse master, Supplier<RepositoryKeys> keys) {
    this.ports = ports;
    this.store = store;
    this.master = master;
    this.keys = keys;
  }

  /**
   * Takes the keys of {@code host}, whom TLS has verified. INVALID_ARGUMENT in a shared repository;
   * NOT_ENROLLED, HOST_REVOKED; MALFORMED, UNKNOWN_VERSION or SIGNATURE_INVALID for an object that
   * isn't one or isn't the host's; OBJECT_EXISTS if it handed in others before; KEY_UNAVAILABLE if
   * they are sealed to a recovery key that was replaced before they came; errors of {@link
   * MasterInUse#toSeal}, of the vault and of the journal.
   */
  public SealKeysAnswer take(HostId host, SealKeysRequest request) throws InterruptedException {
    requirePrivate();
    master.use().lockInterruptibly();
    try {
      taking.lockInterruptibly();
      try {
        return take(host, request, master.toSeal().number());
      } finally {
        taking.unlock();
      }
    } finally {
      master.use().unlock();
    }
  }

  private SealKeysAnswer take(HostId host, SealKeysRequest request, int number)
      throws InterruptedException {
    KeyObject object = KeyObject.sealedHostKeys(ports.repository(), number, host);
    byte[] sealed = request.getObject().toByteArray();
    check(host, object, sealed, request.getSignature());
    Bytes32 hash = Digests.sha256(sealed);
    Optional<HostKeysSealed> before = ports.look(fleet -> fleet.sealedKeys(host));
    if (before.isEmpty()) {
      requireSealedToPresent(host, request.getRecoveryKey(), number);
      put(object, sealed);
      journal(host, hash, request.getSignature(), number);
    } else if (isSaid(host, number, hash)) {
      put(object, sealed);
    } else if (isSaidOfFormer(host, number, hash)) { // I4
      return resealed(host, object, number);
    } else {
      throw replaced(host);
    }
    return SealKeysAnswer.getDefaultInstance();
  }

  private boolean isSaid(HostId host, int number, Bytes32 hash) {
    return ports.look(fleet -> fleet.sealedObject(host, number)).equals(Optional.of(hash));
  }

  private boolean isSaidOfFormer(HostId host, int present, Bytes32 hash) {
    return IntStream.range(1, present).anyMatch(number -> isSaid(host, number, hash));
  }

  /** For the host to keep, so that it can put that back, too. */
  private SealKeysAnswer resealed(HostId host, KeyObject object, int number) {
    return store
        .find(object)
        .filter(bytes -> isSaid(host, number, Digests.sha256(bytes)))
        .map(bytes -> SealKeysAnswer.newBuilder().setResealed(ByteString.copyFrom(bytes)).build())
        .orElseGet(SealKeysAnswer::getDefaultInstance);
  }

  /** I4. Agents that don't say to which one are of before there was another. */
  private void requireSealedToPresent(HostId host, ByteString named, int number) {
    Bytes32 present = keys.get().recovery().orElseThrow().publicKey();
    boolean isPresent =
        named.isEmpty() ? number == 1 : named.equals(ByteString.copyFrom(present.toByteArray()));
    if (!isPresent) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "host "
              + host
              + " sealed its keys to a recovery key that was replaced before it handed them in;"
              + " nothing of it is stored here yet. Enrol it anew: make a token with: holdfast"
              + " token create, move the agent's state directory aside, and enrol with the token");
    }
  }

  private void check(HostId host, KeyObject object, byte[] sealed, ByteString signature) {
    EnrolledHost enrolled =
        ports.look(fleet -> fleet.host(host)).orElseThrow(() -> HostAuthority.unknown(host));
    if (enrolled.revokedSeq().isPresent()) {
      throw HostAuthority.revoked(host);
    }
    PrivateHostKeys.requireSound(object, sealed);
    PrivateRepository.checkKeys(
        ports.repository(),
        host,
        Digests.sha256(sealed),
        Signature.of(signature.toByteArray()),
        VerifyingKey.parse(enrolled.enrolled().getSigningKey().toByteArray()));
  }

  private void requirePrivate() {
    try (CatalogView view = ports.views().get()) {
      if (!view.repository().isPrivate()) {
        throw new HoldfastException(
            ErrorCode.INVALID_ARGUMENT,
            "repository "
                + ports.repository()
                + " is shared and takes no sealed keys of hosts; enrol the host anew");
      }
    }
  }

  private static boolean isOf(HostKeysSealed before, Bytes32 hash) {
    return before.getObjectSha256().equals(ByteString.copyFrom(hash.toByteArray()));
  }

  /** What an earlier try left without a record was never relied on. */
  private void put(KeyObject object, byte[] sealed) {
    if (!Arrays.equals(store.find(object).orElse(null), sealed)) {
      store.put(object, sealed);
    }
  }

  private void journal(HostId host, Bytes32 hash, ByteString signature, int number)
      throws InterruptedException {
    HostKeysSealed change =
        HostKeysSealed.newBuilder()
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setObjectSha256(ByteString.copyFrom(hash.toByteArray()))
            .setSignature(signature)
            .setNumber(number == 1 ? 0 : number)
            .build();
    ports.append(MutationSealer.clear(Change.newBuilder().setHostKeysSealed(change).build()));
    boolean stands =
        ports
            .look(fleet -> fleet.sealedKeys(host))
            .filter(sealed -> isOf(sealed, hash))
            .isPresent();
    if (!stands) {
      throw HostAuthority.revoked(host);
    }
    LOG.info("host {} has sealed its keys", host);
  }

  private static HoldfastException replaced(HostId host) {
    return new HoldfastException(
        ErrorCode.OBJECT_EXISTS,
        "host "
            + host
            + " has sealed other keys before, and these are kept: if its state directory was put"
            + " back from an older copy, bring the newest one back; else enrol it anew");
  }
}
