package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.HOST;
import static io.holdfast.common.key.KeyFixture.OTHER;
import static io.holdfast.common.key.KeyFixture.REPOSITORY;
import static io.holdfast.common.key.KeyFixture.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.SeededRandomness;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keys of a private repository: what a host seals, to whom, and who opens it. */
class PrivateHostKeysTest {
  private static final HostId ELSE = HostId.parse("fedcba9876543210fedcba9876543210");
  private static final SnapshotId SNAPSHOT = SnapshotId.of(KeyFixture.filled(32, 7));

  private final HostKeyPair recovery = HostKeyPair.generate(new SeededRandomness(1));
  private final PrivateHostKeys keys = PrivateHostKeys.generate(HOST, new SeededRandomness(2));
  private final byte[] sealed =
      keys.seal(REPOSITORY, recovery.publicKey(), new SeededRandomness(3));

  @Test
  void shouldOpenWithThePrivateHalfItWasSealedTo() {
    try (PrivateHostKeys back = PrivateHostKeys.open(REPOSITORY, HOST, sealed, recovery)) {
      assertEquals(keys.recoveryKey().publicKey(), back.recoveryKey().publicKey());
      assertTrue(
          keys.generations().current().idRoot().sameAs(back.generations().current().idRoot()));
      assertTrue(
          keys.generations()
              .current()
              .gearSecret()
              .sameAs(back.generations().current().gearSecret()));
    }
  }

  @Test
  void shouldNotOpenForAnotherHostRepositoryOrKey() {
    HostKeyPair another = HostKeyPair.generate(new SeededRandomness(4));
    assertCode(ErrorCode.MALFORMED, () -> PrivateHostKeys.open(REPOSITORY, ELSE, sealed, recovery));
    assertCode(ErrorCode.MALFORMED, () -> PrivateHostKeys.open(OTHER, HOST, sealed, recovery));
    assertCode(ErrorCode.MALFORMED, () -> PrivateHostKeys.open(REPOSITORY, HOST, sealed, another));
  }

  @Test
  void shouldRefuseEveryChangedByteAndEveryCut() {
    KeyObject object = KeyObject.hostRecovery(REPOSITORY, HOST);
    PrivateHostKeys.requireSound(object, sealed);
    for (int at = 0; at < sealed.length; at++) {
      byte[] changed = sealed.clone();
      changed[at] ^= 1;
      ErrorCode expected = at == 4 || at == 5 ? ErrorCode.UNKNOWN_VERSION : ErrorCode.MALFORMED;
      assertCode(expected, () -> PrivateHostKeys.requireSound(object, changed));
      byte[] cut = java.util.Arrays.copyOf(sealed, at);
      assertCode(ErrorCode.MALFORMED, () -> PrivateHostKeys.requireSound(object, cut));
    }
  }

  @Test
  void theRecoveryKeyShouldOpenByThePassphraseAloneAndRideInTheKit() {
    byte[] wrap =
        RepositoryRecovery.wrap(
            REPOSITORY,
            recovery,
            KeyFixture.passphrase(),
            KeyFixture.CHEAP,
            new SeededRandomness(5));
    byte[] master =
        KeyFixture.master()
            .wrap(
                REPOSITORY, 1, KeyFixture.passphrase(), KeyFixture.CHEAP, new SeededRandomness(6));
    RecoveryKit kit =
        RecoveryKit.parse(
            new RecoveryKit(REPOSITORY, KeyFixture.FINGERPRINT, 1, master, Optional.of(wrap))
                .print());
    byte[] kept = kit.wrappedRecovery().orElseThrow();
    assertEquals(
        recovery.publicKey(),
        RepositoryRecovery.unwrap(REPOSITORY, kept, KeyFixture.passphrase()).publicKey());
    assertCode(
        ErrorCode.PASSPHRASE_WRONG,
        () -> RepositoryRecovery.unwrap(REPOSITORY, kept, KeyFixture.otherPassphrase()));
    KeyObject object = KeyObject.recoveryUnderPassphrase(REPOSITORY);
    assertCode(
        ErrorCode.KEY_UNAVAILABLE, () -> Wrap.open(object, wrap, KeyFixture.service()).close());
    assertCode(ErrorCode.KEY_UNAVAILABLE, () -> KeyFixture.master().open(object, wrap).close());
  }

  @Test
  void aPrivateRingShouldHoldNothingThatOpensChunks() {
    MasterKey master = KeyFixture.master();
    CertifiedRecoveryKey certified =
        new CertifiedRecoveryKey(
            recovery.publicKey(),
            com.google.protobuf.ByteString.copyFrom(KeyFixture.filled(64, 9)));
    byte[] ring =
        RepositoryKeys.generatePrivate(REPOSITORY, certified, new SeededRandomness(7))
            .seal(master, 1, new SeededRandomness(8));
    try (RepositoryKeys back = RepositoryKeys.open(REPOSITORY, 1, ring, master)) {
      assertTrue(back.isPrivate());
      assertEquals(Optional.of(certified), back.recovery());
      assertCode(ErrorCode.KEY_UNAVAILABLE, back::generations);
      assertCode(ErrorCode.KEY_UNAVAILABLE, () -> back.withNextGeneration(new SeededRandomness(9)));
    }
    assertEquals(Optional.empty(), KeyFixture.ring().recovery());
  }

  @Test
  void aGrantOfAPrivateHostShouldSayThatItIs() {
    KeyGrant grant = keys.grant(REPOSITORY, recovery.publicKey());
    KeyGrant back = KeyGrant.parse(grant.encode().toByteArray());
    assertTrue(back.isPrivate());
    assertEquals(Optional.of(recovery.publicKey()), back.repositoryRecoveryKey());
    assertEquals(keys.recoveryKey().publicKey(), back.recoveryPublicKey());
  }

  @Test
  void keysOfARestoreShouldOpenForThatReaderAndSnapshotAlone() {
    HostKeyPair reader = HostKeyPair.generate(new SeededRandomness(10));
    Bytes32 root = Bytes32.of(KeyFixture.filled(32, 3));
    byte[] box =
        new RestoreKeys(root, keys.generations())
            .seal(REPOSITORY, SNAPSHOT, ELSE, reader.publicKey(), new SeededRandomness(11));
    try (RestoreKeys back = RestoreKeys.open(REPOSITORY, SNAPSHOT, ELSE, reader, box)) {
      assertEquals(root, back.rootKey());
      assertEquals(1, back.generations().current().number());
    }
    HoldfastException refused =
        assertCode(
            ErrorCode.MALFORMED, () -> RestoreKeys.open(REPOSITORY, SNAPSHOT, HOST, reader, box));
    assertTrue(refused.getMessage().contains("sealed"), refused.getMessage());
    SnapshotId other = SnapshotId.of(KeyFixture.filled(32, 8));
    assertCode(ErrorCode.MALFORMED, () -> RestoreKeys.open(REPOSITORY, other, ELSE, reader, box));
    assertCode(
        ErrorCode.MALFORMED, () -> RestoreKeys.open(REPOSITORY, SNAPSHOT, ELSE, recovery, box));
  }
}
