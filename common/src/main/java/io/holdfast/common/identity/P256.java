package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.seam.Randomness;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** The one curve that identities and signatures use: P-256 (FIPS 186-5; SEC 2, secp256r1). */
final class P256 {
  /** Order of the group. */
  static final BigInteger ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private static final BigInteger FIELD =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger A = FIELD.subtract(BigInteger.valueOf(3));
  private static final BigInteger B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);

  private P256() {}

  static KeyPair generate(Randomness randomness) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), randomness.toSecureRandom());
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /** A public key from its SubjectPublicKeyInfo; MALFORMED unless it is a point of this curve. */
  static PublicKey publicKey(byte[] subjectPublicKeyInfo) {
    try {
      return requireOurs(
          KeyFactory.getInstance("EC")
              .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo)));
    } catch (InvalidKeySpecException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "bytes that should be a P-256 public key are not", e);
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /** A private key from PKCS#8; MALFORMED, without a word about the bytes, if it isn't one. */
  static PrivateKey privateKey(byte[] pkcs8) {
    try {
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (InvalidKeySpecException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "bytes that should be a P-256 private key in PKCS#8 are not");
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /** {@code key} itself; MALFORMED unless it is a point of this curve. */
  static PublicKey requireOurs(PublicKey key) {
    if (!(key instanceof ECPublicKey point)
        || !isOurCurve(point.getParams())
        || !isOnCurve(point.getW())) {
      throw new HoldfastException(
          ErrorCode.MALFORMED,
          "a key of type " + key.getAlgorithm() + " is not on the curve P-256");
    }
    return key;
  }

  private static boolean isOurCurve(ECParameterSpec parameters) {
    return parameters.getOrder().equals(ORDER)
        && parameters.getCurve().getField() instanceof ECFieldFp field
        && field.getP().equals(FIELD)
        && parameters.getCurve().getA().equals(A)
        && parameters.getCurve().getB().equals(B);
  }

  private static boolean isOnCurve(ECPoint point) {
    if (point.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right = x.pow(3).add(A.multiply(x)).add(B).mod(FIELD);
    return x.compareTo(FIELD) < 0
        && y.compareTo(FIELD) < 0
        && y.multiply(y).mod(FIELD).equals(right);
  }

  static IllegalStateException unsupported(GeneralSecurityException e) {
    return new IllegalStateException("this Java runtime does not do ECDSA on P-256", e);
  }
}
