package io.holdfast.common.key;

import static io.holdfast.common.key.KeyFixture.assertCode;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.SeededRandomness;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;
import org.junit.jupiter.api.Test;

/** Sealed boxes: RFC 9180's vector for what we share with it, round trips, damage. */
class SealedBoxTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] INFO = "holdfast v1 test".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] AAD = {1, 2, 3};

  private final Randomness randomness = new SeededRandomness(21);

  /**
   * RFC 9180, appendix A.1.1, is the suite with AES-128; it fixes the key derivation, the KEM and
   * the schedule, which our suite shares, so a break in the library's shows here.
   */
  @Test
  void theLibraryAgreesWithTheRfc() throws Exception {
    HPKE hpke =
        new HPKE(
            HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);
    AsymmetricCipherKeyPair ephemeral =
        SealedBox.deriveKeyPair(
            HEX.parseHex("7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234"));
    AsymmetricCipherKeyPair receiver =
        SealedBox.deriveKeyPair(
            HEX.parseHex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037"));
    assertEquals(
        "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
        HEX.formatHex(hpke.serializePublicKey(receiver.getPublic())));
    HPKEContextWithEncapsulation context =
        hpke.setupBaseS(
            receiver.getPublic(),
            HEX.parseHex("4f6465206f6e2061204772656369616e2055726e"),
            ephemeral);
    assertEquals(
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
        HEX.formatHex(context.getEncapsulation()));
    assertEquals(
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
        HEX.formatHex(
            context.seal(
                HEX.parseHex("436f756e742d30"),
                HEX.parseHex("4265617574792069732074727574682c20747275746820626561757479"))));
  }

  @Test
  void shouldOpenWhatWasSealedToTheKey() {
    HostKeyPair pair = HostKeyPair.generate(randomness);
    for (int length : new int[] {0, 1, 32, 5000}) {
      byte[] plain = randomness.bytes(length);
      byte[] box = SealedBox.seal(pair.publicKey(), INFO, AAD, plain, randomness);
      assertEquals(length + SealedBox.OVERHEAD_BYTES, box.length);
      assertArrayEquals(plain, SealedBox.open(pair, INFO, AAD, box).toByteArray());
    }
  }

  @Test
  void shouldOpenAfterThePrivateKeyWasStored() {
    HostKeyPair pair = HostKeyPair.generate(randomness);
    byte[] box = SealedBox.seal(pair.publicKey(), INFO, AAD, AAD, randomness);
    HostKeyPair back = HostKeyPair.of(Secret.take(pair.privateKey().toByteArray()));
    assertEquals(pair.publicKey(), back.publicKey());
    assertArrayEquals(AAD, SealedBox.open(back, INFO, AAD, box).toByteArray());
  }

  @Test
  void shouldRefuseAnotherKeyUseOrPlace() {
    HostKeyPair pair = HostKeyPair.generate(randomness);
    HostKeyPair other = HostKeyPair.generate(randomness);
    byte[] box = SealedBox.seal(pair.publicKey(), INFO, AAD, AAD, randomness);
    assertCode(ErrorCode.MALFORMED, () -> SealedBox.open(other, INFO, AAD, box));
    assertCode(ErrorCode.MALFORMED, () -> SealedBox.open(pair, AAD, AAD, box));
    assertCode(ErrorCode.MALFORMED, () -> SealedBox.open(pair, INFO, INFO, box));
  }

  @Test
  void shouldNoticeEveryFlippedByteAndTruncation() {
    HostKeyPair pair = HostKeyPair.generate(randomness);
    byte[] box = SealedBox.seal(pair.publicKey(), INFO, AAD, AAD, randomness);
    for (int i = 0; i < box.length; i++) {
      byte[] bad = box.clone();
      // Not the top bit: X25519 ignores that of the last byte of the encapsulated key.
      bad[i] ^= 1;
      byte[] cut = Arrays.copyOf(box, i);
      assertCode(ErrorCode.MALFORMED, () -> SealedBox.open(pair, INFO, AAD, bad));
      assertCode(ErrorCode.MALFORMED, () -> SealedBox.open(pair, INFO, AAD, cut));
    }
  }

  @Test
  void shouldRefusePointsOfSmallOrder() {
    HostKeyPair pair = HostKeyPair.generate(randomness);
    assertCode(ErrorCode.MALFORMED, () -> SealedBox.seal(Bytes32.ZERO, INFO, AAD, AAD, randomness));
    assertCode(ErrorCode.MALFORMED, () -> SealedBox.open(pair, INFO, AAD, new byte[64]));
  }
}
