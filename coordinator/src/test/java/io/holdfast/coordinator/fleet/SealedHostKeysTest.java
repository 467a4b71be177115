package io.holdfast.coordinator.fleet;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.PrivateRepository;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.CertifiedRecoveryKey;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.KeyObject;
import io.holdfast.common.key.MasterInUse;
import io.holdfast.common.key.MasterKey;
import io.holdfast.common.key.PrivateHostKeys;
import io.holdfast.coordinator.fleet.FleetKit.Machine;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostKeysResealed;
import io.holdfast.proto.stored.v1.MasterReplaced;
import io.holdfast.proto.stored.v1.RepositoryMode;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.SealKeysAnswer;
import io.holdfast.proto.wire.v1.SealKeysRequest;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
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

  private void append(Change.Builder change) throws InterruptedException {
    kit.ports.append(MutationSealer.clear(change.build()));
  }

  private static Change.Builder resealed(HostId host, int number, byte[] object) {
    return Change.newBuilder()
        .setHostKeysResealed(
            HostKeysResealed.newBuilder()
                .setHost(ByteString.copyFrom(host.toByteArray()))
                .setNumber(number)
                .setObjectSha256(ByteString.copyFrom(Digests.sha256(object).toByteArray())));
  }

  /** Another master key is in use, for which {@code object} holds the keys of {@code host}. */
  private String replaced(HostId host, int number, byte[] object) throws InterruptedException {
    String name = KeyObject.sealedHostKeys(kit.repository, number, host).name();
    append(resealed(host, number, object));
    kit.recoveryKeys.put(name, object);
    append(Change.newBuilder().setMasterReplaced(MasterReplaced.newBuilder().setNumber(number)));
    kit.inUse.replace(new MasterInUse.Numbered(MasterKey.generate(kit.randomness), number));
    return name;
  }

  @Test
  void whatIsSealedToAFormerKeyShouldBePutNowhereAndAnsweredByWhatIsThere() throws Exception {
    HostId host = enrol(kit, machine);
    byte[] first = object(host);
    kit.sealedKeys.take(host, request(host, first, machine.signing));
    byte[] second = object(host);
    String name = replaced(host, 2, second);
    kit.recoveryKeys.remove(name(host));
    SealKeysAnswer answer = kit.sealedKeys.take(host, request(host, first, machine.signing));
    assertArrayEquals(second, answer.getResealed().toByteArray());
    assertFalse(kit.recoveryKeys.containsKey(name(host)), "it would open by the former passphrase");
    kit.recoveryKeys.clear();
    assertTrue(
        kit.sealedKeys.take(host, request(host, first, machine.signing)).getResealed().isEmpty());
    assertTrue(
        kit.sealedKeys.take(host, request(host, second, machine.signing)).getResealed().isEmpty());
    assertArrayEquals(second, kit.recoveryKeys.get(name), "brought back");
    byte[] third = object(host);
    String newest = replaced(host, 3, third);
    for (byte[] former : List.of(first, second)) {
      assertArrayEquals(
          third,
          kit.sealedKeys
              .take(host, request(host, former, machine.signing))
              .getResealed()
              .toByteArray());
    }
    byte[] other = object(host);
    assertCode(
        ErrorCode.OBJECT_EXISTS,
        () -> kit.sealedKeys.take(host, request(host, other, machine.signing)));
    assertArrayEquals(third, kit.recoveryKeys.get(newest));
  }

  @Test
  void whoSealedToAFormerKeyAndHandedNothingInShouldBeRefused() throws Exception {
    HostId known = enrol(kit, kit.machine());
    replaced(known, 2, object(known)); // ignored: it has handed in nothing
    HostId host = enrol(kit, machine);
    byte[] object = object(host);
    SealKeysRequest unnamed = request(host, object, machine.signing);
    assertCode(ErrorCode.KEY_UNAVAILABLE, () -> kit.sealedKeys.take(host, unnamed));
    SealKeysRequest former =
        unnamed.toBuilder().setRecoveryKey(ByteString.copyFrom(new byte[32])).build();
    assertCode(ErrorCode.KEY_UNAVAILABLE, () -> kit.sealedKeys.take(host, former));
    assertFalse(isSealed(host));
    Bytes32 present = kit.keys.recovery().orElseThrow().publicKey();
    kit.sealedKeys.take(
        host,
        unnamed.toBuilder().setRecoveryKey(ByteString.copyFrom(present.toByteArray())).build());
    assertArrayEquals(
        object, kit.recoveryKeys.get(KeyObject.sealedHostKeys(kit.repository, 2, host).name()));
    assertFalse(isSealed(known));
  }

  @Test
  void aRecordOfAnotherMasterKeyShouldCountOnceThatIsInUse() throws Exception {
    HostId host = enrol(kit, machine);
    byte[] first = object(host);
    kit.sealedKeys.take(host, request(host, first, machine.signing));
    append(resealed(host, 1, object(host))); // it is in use
    append(resealed(host, 2, object(host))); // of an attempt that came to nothing
    byte[] second = object(host);
    append(resealed(host, 2, second));
    assertEquals(
        Optional.of(Digests.sha256(first)), kit.ports.look(fleet -> fleet.sealedObject(host, 1)));
    assertEquals(
        Optional.of(Digests.sha256(second)), kit.ports.look(fleet -> fleet.sealedObject(host, 2)));
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
