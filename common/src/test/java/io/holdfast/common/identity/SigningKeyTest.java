package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.seam.SeededRandomness;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Signatures: domains kept apart, one encoding only, damage noticed. */
class SigningKeyTest {
  private static final byte[] MESSAGE = "a message".getBytes(StandardCharsets.UTF_8);

  private final SeededRandomness randomness = new SeededRandomness(41);
  private final SigningKey key = SigningKey.generate(randomness);

  @Test
  void shouldVerifyInItsOwnDomainOnly() {
    for (SigningDomain signed : SigningDomain.values()) {
      Signature signature = key.sign(signed, MESSAGE);
      for (SigningDomain shown : SigningDomain.values()) {
        assertEquals(signed == shown, key.verifyingKey().verifies(shown, signature, MESSAGE));
      }
    }
  }

  @Test
  void shouldSignThePartsAsOneMessage() {
    byte[] head = "a mes".getBytes(StandardCharsets.UTF_8);
    byte[] tail = "sage".getBytes(StandardCharsets.UTF_8);
    Signature signature = key.sign(SigningDomain.COMMIT, head, tail);
    assertTrue(key.verifyingKey().verifies(SigningDomain.COMMIT, signature, MESSAGE));
  }

  @Test
  void shouldSignLabelZeroByteAndMessageAsTheFormatSays() throws Exception {
    Signature signature = key.sign(SigningDomain.RECEIPT, MESSAGE);
    java.security.Signature engine =
        java.security.Signature.getInstance("SHA256withECDSAinP1363Format");
    engine.initVerify(key.keyPair().getPublic());
    engine.update("holdfast v1 receipt\0a message".getBytes(StandardCharsets.UTF_8));
    assertTrue(engine.verify(signature.toByteArray()));
  }

  @Test
  void shouldNoticeEveryFlippedBit() {
    byte[] good = key.sign(SigningDomain.COMMIT, MESSAGE).toByteArray();
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertFalse(key.verifyingKey().verifies(SigningDomain.COMMIT, Signature.of(bad), MESSAGE));
    }
  }

  @Test
  void shouldMakeLowSignaturesOnlyAndRefuseTheirTwins() {
    for (int i = 0; i < 20; i++) {
      Signature low = key.sign(SigningDomain.JOURNAL_RECORD, MESSAGE);
      assertTrue(low.isLow());
      Signature high = new Signature(low.r(), twin(low.s()));
      assertFalse(high.isLow());
      assertEquals(low, high.toLow());
      assertFalse(key.verifyingKey().verifies(SigningDomain.JOURNAL_RECORD, high, MESSAGE));
    }
  }

  private static Bytes32 twin(Bytes32 s) {
    byte[] raw = P256.ORDER.subtract(new BigInteger(1, s.toByteArray())).toByteArray();
    byte[] out = new byte[32];
    int count = Math.min(32, raw.length);
    System.arraycopy(raw, raw.length - count, out, 32 - count, count);
    return Bytes32.of(out);
  }

  @Test
  void shouldRefuseSignaturesOfZeroAndOfTheOrder() {
    Bytes32 order = Bytes32.parse(P256.ORDER.toString(16));
    for (Signature bad :
        new Signature[] {
          new Signature(Bytes32.ZERO, Bytes32.ZERO), new Signature(order, Bytes32.ZERO)
        }) {
      assertFalse(key.verifyingKey().verifies(SigningDomain.COMMIT, bad, MESSAGE));
    }
    assertCode(ErrorCode.MALFORMED, () -> Signature.of(new byte[63]));
  }

  @Test
  void shouldNameWhatWasSignedByWhomWhenASignatureIsWrong() {
    SigningKey another = SigningKey.generate(randomness);
    Signature signature = another.sign(SigningDomain.COMMIT, MESSAGE);
    String message =
        assertCode(
                ErrorCode.SIGNATURE_INVALID,
                () ->
                    key.verifyingKey().check("record 17", SigningDomain.COMMIT, signature, MESSAGE))
            .getMessage();
    assertTrue(message.contains("record 17"), message);
    assertTrue(message.contains(key.id().value().abbreviate(16)), message);
  }

  @Test
  void shouldReadBackBothHalves() {
    SigningKey back = SigningKey.parse(key.encode(), key.verifyingKey().encode(), randomness);
    assertEquals(key.id(), back.id());
    Signature signature = back.sign(SigningDomain.COMMIT, MESSAGE);
    VerifyingKey parsed = VerifyingKey.parse(key.verifyingKey().encode());
    assertTrue(parsed.verifies(SigningDomain.COMMIT, signature, MESSAGE));
  }

  @Test
  void shouldRefuseHalvesThatDoNotBelongTogetherAndPointsOffTheCurve() {
    SigningKey another = SigningKey.generate(randomness);
    assertCode(
        ErrorCode.MALFORMED,
        () -> SigningKey.parse(key.encode(), another.verifyingKey().encode(), randomness));
    byte[] offTheCurve = key.verifyingKey().encode();
    offTheCurve[offTheCurve.length - 1] ^= 1;
    assertCode(ErrorCode.MALFORMED, () -> VerifyingKey.parse(offTheCurve));
    assertCode(ErrorCode.MALFORMED, () -> VerifyingKey.parse(new byte[10]));
  }
}
