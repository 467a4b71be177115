package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.key.IssuingCaKey;
import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A private key and the certificates that vouch for it, its own first. Prints without the key.
 * Immutable.
 */
public final class CertifiedKey {
  private final PrivateKey privateKey;
  private final List<X509Certificate> chain;

  private CertifiedKey(PrivateKey privateKey, List<X509Certificate> chain) {
    this.privateKey = privateKey;
    this.chain = List.copyOf(chain);
  }

  /**
   * CERTIFICATE_INVALID if {@code chain} is empty or its first certificate is not for {@code
   * privateKey}.
   */
  public static CertifiedKey of(
      PrivateKey privateKey, List<X509Certificate> chain, Randomness randomness) {
    if (chain.isEmpty()) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID, "a key comes without any certificate for it");
    }
    try {
      requireHalves(privateKey, chain.getFirst().getPublicKey(), randomness);
    } catch (HoldfastException e) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the certificate "
              + chain.getFirst().getSubjectX500Principal()
              + " is for another key"
              + " than the one beside it: put the matching two together, or enrol again",
          e);
    }
    return new CertifiedKey(privateKey, chain);
  }

  /** What an agent makes of the answer to its request: the key it kept and the chain it got. */
  public static CertifiedKey of(
      SigningKey key, List<X509Certificate> chain, Randomness randomness) {
    return of(key.keyPair().getPrivate(), chain, randomness);
  }

  /** Reads a CA out of a key ring; MALFORMED or CERTIFICATE_INVALID if it isn't whole. */
  public static CertifiedKey of(IssuingCaKey stored, Randomness randomness) {
    byte[] encoded = stored.privateKey().toByteArray();
    PrivateKey privateKey = P256.privateKey(encoded);
    java.util.Arrays.fill(encoded, (byte) 0);
    return of(privateKey, Certificates.parseChain(stored.chain()), randomness);
  }

  /** This key as a key ring keeps it. */
  public IssuingCaKey toIssuingCaKey() {
    return IssuingCaKey.of(Secret.take(privateKey.getEncoded()), Certificates.encodeChain(chain));
  }

  /** MALFORMED unless a signature by {@code privateKey} verifies under {@code publicKey}. */
  static void requireHalves(PrivateKey privateKey, PublicKey publicKey, Randomness randomness) {
    P256.requireOurs(publicKey);
    try {
      java.security.Signature engine = java.security.Signature.getInstance(VerifyingKey.ALGORITHM);
      engine.initSign(privateKey, randomness.toSecureRandom());
      engine.update((byte) 0);
      byte[] signature = engine.sign();
      engine.initVerify(publicKey);
      engine.update((byte) 0);
      if (!engine.verify(signature)) {
        throw new HoldfastException(
            ErrorCode.MALFORMED, "a private and a public key are not halves of one");
      }
    } catch (GeneralSecurityException e) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "a private and a public key are not halves of one P-256 key");
    }
  }

  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /** Leaf first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  PrivateKey privateKey() {
    return privateKey;
  }

  @Override
  public String toString() {
    return "CertifiedKey[" + leaf().getSubjectX500Principal() + "]";
  }
}
