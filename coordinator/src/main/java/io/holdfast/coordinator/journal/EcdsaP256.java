package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;

/**
 * ECDSA on P-256 with SHA-256 (FIPS 186-5), signatures as r and s of 32 bytes each (IEEE P1363), by the
 * JDK's own provider. Stateless.
 */
final class EcdsaP256 {
  static final int SIGNATURE_BYTES = 64;

  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final int FIELD_BITS = 256;

  private EcdsaP256() {}

  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          "the coordinator's signing key could not sign a journal record: check the key file",
          e);
    }
  }

  /** False for a key or a signature of any other shape. */
  static boolean verify(ByteString publicKey, byte[] message, byte[] signature) {
    try {
      PublicKey key =
          KeyFactory.getInstance("EC")
              .generatePublic(new X509EncodedKeySpec(publicKey.toByteArray()));
      if (!(key instanceof ECPublicKey ec)
          || ec.getParams().getCurve().getField().getFieldSize() != FIELD_BITS
          || signature.length != SIGNATURE_BYTES) {
        return false;
      }
      Signature check = Signature.getInstance(ALGORITHM);
      check.initVerify(key);
      check.update(message);
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
