package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.seam.Randomness;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.hpke.HPKEContextWithEncapsulation;

/**
 * Seals a message to a public key: HPKE (RFC 9180), base mode, DHKEM(X25519, HKDF-SHA256),
 * HKDF-SHA256, AES-256-GCM, one message a context. A box is the encapsulated key (32 bytes) and the
 * ciphertext with its tag (16 bytes more than the plaintext). It says nothing of who sealed it. Any
 * thread.
 */
public final class SealedBox {
  /** How much longer a box is than its plaintext. */
  public static final int OVERHEAD_BYTES = 48;

  private static final int ENCAPSULATION_BYTES = 32;

  private SealedBox() {}

  /**
   * Seals {@code plaintext}; {@code info} names the use, {@code aad} what it belongs to. MALFORMED
   * if {@code publicKey} is no usable X25519 key (a point of small order).
   */
  public static byte[] seal(
      Bytes32 publicKey, byte[] info, byte[] aad, byte[] plaintext, Randomness randomness) {
    HPKE hpke = suite();
    AsymmetricCipherKeyPair ephemeral = deriveKeyPair(randomness.bytes(ENCAPSULATION_BYTES));
    try {
      HPKEContextWithEncapsulation context =
          hpke.setupBaseS(hpke.deserializePublicKey(publicKey.toByteArray()), info, ephemeral);
      return Hkdf.join(List.of(context.getEncapsulation(), context.seal(aad, plaintext)));
    } catch (InvalidCipherTextException | RuntimeException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "cannot seal to public key " + publicKey + ": it is not usable", e);
    }
  }

  /**
   * Opens a box that was sealed to {@code keyPair} with equal {@code info} and {@code aad};
   * MALFORMED if it wasn't or was changed: which of them can't be told.
   */
  public static Secret open(HostKeyPair keyPair, byte[] info, byte[] aad, byte[] box) {
    if (box.length < OVERHEAD_BYTES) {
      throw doesNotOpen(keyPair, "it is cut short at " + box.length + " bytes");
    }
    byte[] encapsulation = Arrays.copyOf(box, ENCAPSULATION_BYTES);
    byte[] sealed = Arrays.copyOfRange(box, ENCAPSULATION_BYTES, box.length);
    try {
      return Secret.take(
          suite().setupBaseR(encapsulation, keyPair.parameters(), info).open(aad, sealed));
    } catch (InvalidCipherTextException | IllegalArgumentException e) {
      throw doesNotOpen(keyPair, "it was changed, or sealed to another key or for another place");
    } catch (IllegalStateException e) {
      // BouncyCastle's answer to an encapsulated key of small order.
      throw doesNotOpen(keyPair, "its encapsulated key is not usable");
    }
  }

  static AsymmetricCipherKeyPair deriveKeyPair(byte[] inputKey) {
    return suite().deriveKeyPair(inputKey);
  }

  private static HPKE suite() {
    return new HPKE(
        HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
  }

  private static HoldfastException doesNotOpen(HostKeyPair keyPair, String cause) {
    return new HoldfastException(
        ErrorCode.MALFORMED,
        "a sealed box does not open with the key whose public half is "
            + keyPair.publicKey()
            + ": "
            + cause);
  }
}
