package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Digests;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.PrivateHostKeys;
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
 * </ol>
 */
public final class SealedHostKeys {
  private static final Logger LOG = LoggerFactory.getLogger(SealedHostKeys.class);

  private final FleetPorts ports;
  private final SealedKeyStore store;
  private final ReentrantLock taking = new ReentrantLock();

  public SealedHostKeys(FleetPorts ports, SealedKeyStore store) {
    this.ports = ports;
    this.store = store;
  }

  /**
   * Takes the keys of {@code host}, whom TLS has verified. INVALID_ARGUMENT in a shared repository;
   * NOT_ENROLLED, HOST_REVOKED; MALFORMED, UNKNOWN_VERSION or SIGNATURE_INVALID for an object that
   * isn't one or isn't the host's; OBJECT_EXISTS if it handed in others before; errors of the vault
   * and of the journal.
   */
  public SealKeysAnswer take(HostId host, SealKeysRequest request) throws InterruptedException {
    KeyObject object = KeyObject.sealedHostKeys(ports.repository(), host);
    byte[] sealed = request.getObject().toByteArray();
    check(host, object, sealed, request.getSignature());
    Bytes32 hash = Digests.sha256(sealed);
    taking.lockInterruptibly();
    try {
      Optional<HostKeysSealed> before = ports.look(fleet -> fleet.sealedKeys(host));
      if (before.isPresent() && !isOf(before.get(), hash)) {
        throw replaced(host);
      }
      put(object, sealed);
      if (before.isEmpty()) {
        journal(host, hash, request.getSignature());
      }
      return SealKeysAnswer.getDefaultInstance();
    } finally {
      taking.unlock();
    }
  }

  private void check(HostId host, KeyObject object, byte[] sealed, ByteString signature) {
    requirePrivate();
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

  private void journal(HostId host, Bytes32 hash, ByteString signature)
      throws InterruptedException {
    HostKeysSealed change =
        HostKeysSealed.newBuilder()
            .setHost(ByteString.copyFrom(host.toByteArray()))
            .setObjectSha256(ByteString.copyFrom(hash.toByteArray()))
            .setSignature(signature)
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
