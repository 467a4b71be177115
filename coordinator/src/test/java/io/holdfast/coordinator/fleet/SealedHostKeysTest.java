package io.holdfast.coordinator.fleet;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.coordinator.fleet.FleetKit.Machine;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import java.security.MessageDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What hosts of a private repository hand in: their own, once, and honest ones or not. */
class SealedHostKeysTest {
  private final FleetKit kit = new FleetKit(21, RepositoryMode.REPOSITORY_MODE_PRIVATE);
  private final Machine machine = kit.machine();

  @AfterEach
  void close() {
    kit.close();
  }

  private HostId enrol(FleetKit fleet, Machine who) throws InterruptedException {
    EnrolAnswer answer = fleet.enrolments.enrol(fleet.request(fleet.token("h"), who, "h").build());
    return HostId.of(answer.getHost().toByteArray());
  }

  private byte[] object(HostId host) {
    try (PrivateHostKeys keys = PrivateHostKeys.generate(host, kit.randomness)) {
      return keys.seal(
          kit.repository, kit.keys.recovery().orElseThrow().publicKey(), kit.randomness);
    }
  }

  private SealKeysRequest request(HostId host, byte[] object, SigningKey key) throws Exception {
    Bytes32 hash = Bytes32.of(MessageDigest.getInstance("SHA-256").digest(object));
    return SealKeysRequest.newBuilder()
        .setObject(ByteString.copyFrom(object))
        .setSignature(
            ByteString.copyFrom(
                PrivateRepository.signKeys(kit.repository, host, hash, key).toByteArray()))
        .build();
  }

  private String name(HostId host) {
    return KeyObject.sealedHostKeys(kit.repository, host).name();
  }

  private boolean isSealed(HostId host) {
    return kit.ports.look(fleet -> fleet.sealedKeys(host)).isPresent();
  }

  @Test
  void shouldGiveANewHostNoKeysButToWhomItSealsItsOwn() throws Exception {
    EnrolAnswer answer = kit.enrolments.enrol(kit.request(kit.token("h"), machine, "h").build());
    assertTrue(answer.getKeyGrant().isEmpty());
    assertTrue(kit.recoveryKeys.isEmpty(), "the coordinator makes no key of it");
    CertifiedRecoveryKey recovery =
        CertifiedRecoveryKey.parse(answer.getRepositoryRecovery().toByteArray());
    PrivateRepository.check(kit.repository, recovery, kit.authority.certificate());
    CertifiedRecoveryKey swapped =
        new CertifiedRecoveryKey(
            HostKeyPair.generate(kit.randomness).publicKey(), recovery.signature());
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () -> PrivateRepository.check(kit.repository, swapped, kit.authority.certificate()));
    HostId host = HostId.of(answer.getHost().toByteArray());
    assertCode(ErrorCode.KEY_UNAVAILABLE, () -> kit.enrolments.fetchKeys(host));
  }

  @Test
  void shouldTakeAHostsKeysOnceAndPutBackWhatTheVaultLost() throws Exception {
    HostId host = enrol(kit, machine);
    byte[] object = object(host);
    kit.sealedKeys.take(host, request(host, object, machine.signing));
    assertTrue(isSealed(host));
    assertArrayEquals(object, kit.recoveryKeys.get(name(host)));
    long seq = kit.ports.authority().get().getSeq();
    kit.recoveryKeys.clear();
    kit.sealedKeys.take(host, request(host, object, machine.signing));
    assertArrayEquals(object, kit.recoveryKeys.get(name(host)));
    assertEquals(seq, kit.ports.authority().get().getSeq(), "nothing new to tell");
    byte[] other = object(host);
    assertCode(
        ErrorCode.OBJECT_EXISTS,
        () -> kit.sealedKeys.take(host, request(host, other, machine.signing)));
    assertArrayEquals(object, kit.recoveryKeys.get(name(host)));
  }

  @Test
  void shouldTakeNothingThatAnotherHostSignedOrThatHasNoForm() throws Exception {
    HostId host = enrol(kit, machine);
    Machine mallory = kit.machine();
    HostId evil = enrol(kit, mallory);
    byte[] object = object(host);
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () -> kit.sealedKeys.take(host, request(host, object, mallory.signing)));
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () -> kit.sealedKeys.take(evil, request(host, object, machine.signing)));
    assertCode(
        ErrorCode.MALFORMED,
        () -> kit.sealedKeys.take(evil, request(evil, new byte[200], mallory.signing)));
    assertFalse(isSealed(host));
    assertFalse(isSealed(evil));
    assertTrue(kit.recoveryKeys.isEmpty());
  }

  /** Nobody here can look into it, so this costs the host itself its restores and nobody else's. */
  @Test
  void whatAHostSealsToNobodyShouldHarmItselfAlone() throws Exception {
    HostId host = enrol(kit, machine);
    Machine mallory = kit.machine();
    HostId evil = enrol(kit, mallory);
    byte[] toNobody;
    try (PrivateHostKeys keys = PrivateHostKeys.generate(evil, kit.randomness)) {
      toNobody =
          keys.seal(
              kit.repository, HostKeyPair.generate(kit.randomness).publicKey(), kit.randomness);
    }
    kit.sealedKeys.take(evil, request(evil, toNobody, mallory.signing));
    byte[] object = object(host);
    kit.sealedKeys.take(host, request(host, object, machine.signing));
    assertArrayEquals(object, kit.recoveryKeys.get(name(host)));
  }

  @Test
  void shouldTakeNothingOfAHostThatWasRevoked() throws Exception {
    HostId host = enrol(kit, machine);
    kit.revocations.revoke(host, "somebody");
    byte[] object = object(host);
    assertCode(
        ErrorCode.HOST_REVOKED,
        () -> kit.sealedKeys.take(host, request(host, object, machine.signing)));
    assertTrue(kit.recoveryKeys.isEmpty());
  }

  @Test
  void aSharedRepositoryShouldTakeNone() throws Exception {
    FleetKit shared = new FleetKit(22);
    try {
      Machine member = shared.machine();
      HostId host = enrol(shared, member);
      byte[] object = object(host);
      assertCode(
          ErrorCode.INVALID_ARGUMENT,
          () -> shared.sealedKeys.take(host, request(host, object, member.signing)));
    } finally {
      shared.close();
    }
  }
}
