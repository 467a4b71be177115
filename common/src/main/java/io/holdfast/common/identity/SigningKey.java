package io.holdfast.common.identity;

import io.holdfast.common.key.Secret;
import io.holdfast.common.seam.Randomness;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;

/**
 * A key that signs records, commits, receipts and statements: ECDSA on P-256 with SHA-256 over
 * label, a zero byte and the message. Any thread.
 */
public final class SigningKey {
  private final PrivateKey privateKey;
  private final VerifyingKey verifyingKey;
  private final Randomness randomness;

  private SigningKey(PrivateKey privateKey, VerifyingKey verifyingKey, Randomness randomness) {
    this.privateKey = privateKey;
    this.verifyingKey = verifyingKey;
    this.randomness = randomness;
  }

  /** A new key. {@code randomness} also feeds each signature. */
  public static SigningKey generate(Randomness randomness) {
    KeyPair pair = P256.generate(randomness);
    return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()), randomness);
  }

  /** The key that {@code certified} certifies; fit for journal records if its role is. */
  public static SigningKey of(CertifiedKey certified, Randomness randomness) {
    return new SigningKey(certified.privateKey(), VerifyingKey.of(certified.leaf()), randomness);
  }

  /**
   * Reads what {@link #encode} made: PKCS#8 and its public half. MALFORMED if either isn't a P-256
   * key, or if they are not halves of one.
   */
  public static SigningKey parse(Secret pkcs8, byte[] subjectPublicKeyInfo, Randomness randomness) {
    byte[] encoded = pkcs8.toByteArray();
    PrivateKey privateKey = P256.privateKey(encoded);
    java.util.Arrays.fill(encoded, (byte) 0);
    VerifyingKey verifyingKey = VerifyingKey.parse(subjectPublicKeyInfo);
    CertifiedKey.requireHalves(privateKey, verifyingKey.key(), randomness);
    return new SigningKey(privateKey, verifyingKey, randomness);
  }

  /** PKCS#8 of the private half. */
  public Secret encode() {
    return Secret.take(privateKey.getEncoded());
  }

  public VerifyingKey verifyingKey() {
    return verifyingKey;
  }

  public KeyId id() {
    return verifyingKey.id();
  }

  /**
   * Signs the joined {@code parts} for {@code domain}. Nothing marks where one part ends: give
   * parts of fixed length, or one.
   */
  public Signature sign(SigningDomain domain, byte[]... parts) {
    try {
      java.security.Signature signer = java.security.Signature.getInstance(VerifyingKey.ALGORITHM);
      signer.initSign(privateKey, randomness.toSecureRandom());
      VerifyingKey.feed(signer, domain, parts);
      return Signature.of(signer.sign()).toLow();
    } catch (GeneralSecurityException e) {
      throw P256.unsupported(e);
    }
  }

  KeyPair keyPair() {
    return new KeyPair(verifyingKey.key(), privateKey);
  }

  @Override
  public String toString() {
    return "SigningKey[" + id().value().abbreviate(16) + "]";
  }
}
