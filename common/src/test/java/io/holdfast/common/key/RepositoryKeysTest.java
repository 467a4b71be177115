package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.HOST;
import static io.holdfast.common.key.KeyFixture.OTHER;
import static io.holdfast.common.key.KeyFixture.REPOSITORY;
import static io.holdfast.common.key.KeyFixture.assertCode;
import static io.holdfast.common.key.KeyFixture.master;
import static io.holdfast.common.key.KeyFixture.ring;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.proto.stored.v1.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The key ring, host recovery keys and grants: what they derive, store and refuse. */
class RepositoryKeysTest {
  private final Randomness randomness = new SeededRandomness(11);

  @Test
  void shouldReadBackTheRingItSealed() {
    try (RepositoryKeys ring = ring()) {
      byte[] sealed = ring.seal(master(), 3, randomness);
      RepositoryKeys back = RepositoryKeys.open(REPOSITORY, 3, sealed, master());
      assertEquals(2, back.generations().current().number());
      assertTrue(back.journalKey().sameAs(ring.journalKey()));
      assertSameDerivations(ring.generations(), back.generations());
      assertTrue(
          back.issuingCa().orElseThrow().privateKey().sameAs(ring.issuingCa().get().privateKey()));
      assertArrayEquals(new byte[] {1, 1, 1}, back.issuingCa().get().chain().get(0));
    }
  }

  private static void assertSameDerivations(KeyGenerations expected, KeyGenerations actual) {
    for (KeyGeneration generation : expected.all()) {
      KeyGeneration other = actual.get(generation.number());
      for (ChunkKind kind : ChunkKind.values()) {
        assertTrue(generation.idKey(kind).sameAs(other.idKey(kind)));
      }
      assertTrue(generation.mapKey().sameAs(other.mapKey()));
      assertTrue(generation.tagKey().sameAs(other.tagKey()));
      assertTrue(generation.gearSecret().sameAs(other.gearSecret()));
    }
  }

  @Test
  void shouldDeriveKeysAsTheFormatSays() {
    byte[] idRoot = KeyFixture.filled(32, 0x11);
    KeyGeneration generation =
        new KeyGeneration(1, Secret.copyOf(idRoot), Secret.copyOf(new byte[32]));
    assertDerived(idRoot, "holdfast v1 id data", generation.idKey(ChunkKind.DATA));
    assertDerived(idRoot, "holdfast v1 id bundle", generation.idKey(ChunkKind.BUNDLE));
    assertDerived(idRoot, "holdfast v1 id block_map", generation.idKey(ChunkKind.BLOCK_MAP));
    assertDerived(idRoot, "holdfast v1 id page", generation.idKey(ChunkKind.PAGE));
    assertDerived(idRoot, "holdfast v1 block map", generation.mapKey());
    assertDerived(idRoot, "holdfast v1 content tag", generation.tagKey());
  }

  private static void assertDerived(byte[] idRoot, String label, Secret actual) {
    byte[] info = label.getBytes(StandardCharsets.US_ASCII);
    assertArrayEquals(Hkdf.expand(idRoot, info, 32), actual.toByteArray(), label);
  }

  @Test
  void noTwoDerivedKeysAreEqual() {
    Set<String> seen = new HashSet<>();
    try (RepositoryKeys ring = ring()) {
      for (int generation : new int[] {1, 2}) {
        for (ChunkKind kind : ChunkKind.values()) {
          assertTrue(seen.add(hex(ring.idKey(generation, kind))));
        }
        assertTrue(seen.add(hex(ring.mapKey(generation))));
        assertTrue(seen.add(hex(ring.generations().get(generation).tagKey())));
      }
    }
  }

  @Test
  void shouldSayWhichGenerationIsMissing() {
    HoldfastException thrown =
        assertCode(ErrorCode.KEY_UNAVAILABLE, () -> ring().idKey(9, ChunkKind.DATA));
    assertTrue(thrown.getMessage().contains("generation 9"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("newest known is 2"), thrown.getMessage());
  }

  @Test
  void shouldRefuseTheRingOfAnotherRepositoryOrNumber() {
    byte[] sealed = ring().seal(master(), 1, randomness);
    assertCode(ErrorCode.MALFORMED, () -> RepositoryKeys.open(OTHER, 1, sealed, master()));
    assertCode(ErrorCode.MALFORMED, () -> RepositoryKeys.open(REPOSITORY, 2, sealed, master()));
  }

  @Test
  void shouldRefuseARingUnderAnotherMasterKey() {
    byte[] sealed = ring().seal(master(), 1, randomness);
    MasterKey another = MasterKey.generate(new SeededRandomness(77));
    assertCode(
        ErrorCode.KEY_UNAVAILABLE, () -> RepositoryKeys.open(REPOSITORY, 1, sealed, another));
  }

  @Test
  void shouldRefuseRingsThatAreNotWhole() {
    assertRingRefused(ErrorCode.UNKNOWN_VERSION, ring -> ring.setVersion(2));
    assertRingRefused(ErrorCode.MALFORMED, KeyRing.Builder::clearGenerations);
    assertRingRefused(ErrorCode.MALFORMED, KeyRing.Builder::clearJournalKey);
    assertRingRefused(
        ErrorCode.MALFORMED,
        ring -> ring.setRepositoryId(ByteString.copyFrom(OTHER.toByteArray())));
    assertRingRefused(ErrorCode.MALFORMED, KeyRing.Builder::clearRepositoryId);
    assertRingRefused(ErrorCode.MALFORMED, ring -> ring.addGenerations(ring.getGenerations(0)));
    assertRingRefused(
        ErrorCode.MALFORMED,
        ring -> ring.setGenerations(0, ring.getGenerations(0).toBuilder().setNumber(0)));
    assertRingRefused(
        ErrorCode.MALFORMED,
        ring -> ring.setGenerations(0, ring.getGenerations(0).toBuilder().clearIdRoot()));
  }

  /** Seals a ring that only a faulty or hostile writer with the master key could have made. */
  private void assertRingRefused(ErrorCode code, UnaryOperator<KeyRing.Builder> change) {
    KeyRing.Builder ring =
        KeyRing.newBuilder()
            .setVersion(1)
            .setRepositoryId(ByteString.copyFrom(REPOSITORY.toByteArray()))
            .addAllGenerations(ring().generations().toProto())
            .setJournalKey(ByteString.copyFrom(new byte[32]));
    Secret plain = Secret.take(change.apply(ring).build().toByteArray());
    byte[] sealed = master().seal(KeyObject.ring(REPOSITORY, 1), plain, randomness);
    assertCode(code, () -> RepositoryKeys.open(REPOSITORY, 1, sealed, master()));
  }

  @Test
  void shouldRefuseARingThatIsNoMessageWithoutPrintingIt() {
    Secret plain = Secret.copyOf("CANARY-not-a-message".getBytes(StandardCharsets.UTF_8));
    byte[] sealed = master().seal(KeyObject.ring(REPOSITORY, 1), plain, randomness);
    HoldfastException thrown =
        assertCode(ErrorCode.MALFORMED, () -> RepositoryKeys.open(REPOSITORY, 1, sealed, master()));
    assertTrue(!thrown.toString().contains("CANARY"), thrown.toString());
  }

  @Test
  void shouldReadBackAHostsRecoveryKeyAndRefuseAnotherHosts() {
    HostRecoveryKey key = HostRecoveryKey.generate(HOST, randomness);
    byte[] sealed = key.seal(REPOSITORY, master(), randomness);
    HostRecoveryKey back = HostRecoveryKey.open(REPOSITORY, HOST, sealed, master());
    assertEquals(key.keyPair().publicKey(), back.keyPair().publicKey());
    HostId other = HostId.parse("ff23456789abcdef0123456789abcdef");
    assertCode(
        ErrorCode.MALFORMED, () -> HostRecoveryKey.open(REPOSITORY, other, sealed, master()));
  }

  @Test
  void shouldReadBackAGrantThatOpensNoJournal() {
    try (RepositoryKeys ring = ring();
        KeyGrant grant = ring.grant(KeyFixture.FINGERPRINT)) {
      KeyGrant back = KeyGrant.parse(grant.encode().toByteArray());
      assertEquals(REPOSITORY, back.repository());
      assertEquals(KeyFixture.FINGERPRINT, back.recoveryPublicKey());
      assertSameDerivations(ring.generations(), back.generations());
      String bytes = hex(grant.encode());
      assertTrue(!bytes.contains(hex(ring.journalKey())));
    }
  }

  @Test
  void shouldRefuseGrantsThatAreNotWhole() {
    assertCode(ErrorCode.UNKNOWN_VERSION, () -> KeyGrant.parse(new byte[0]));
    assertCode(ErrorCode.MALFORMED, () -> KeyGrant.parse(new byte[] {(byte) 0xff}));
  }

  @Test
  void shouldOpenTheSameMasterKeyByPassphraseAndByKeyFile() {
    MasterKey master = master();
    byte[] byPassphrase =
        master.wrap(REPOSITORY, 1, KeyFixture.passphrase(), KeyFixture.CHEAP, randomness);
    byte[] byService = master.wrap(REPOSITORY, 1, KeyFixture.service(), randomness);
    byte[] sealed = ring().seal(master, 1, randomness);
    RepositoryKeys.open(
            REPOSITORY,
            1,
            sealed,
            MasterKey.unwrap(REPOSITORY, 1, byPassphrase, KeyFixture.passphrase()))
        .close();
    RepositoryKeys.open(
            REPOSITORY, 1, sealed, MasterKey.unwrap(REPOSITORY, 1, byService, KeyFixture.service()))
        .close();
  }

  private static String hex(Secret secret) {
    return HexFormat.of().formatHex(secret.toByteArray());
  }
}
