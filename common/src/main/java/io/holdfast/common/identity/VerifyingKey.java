package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.X509Certificate;

/** The public half of a {@link SigningKey}. Any thread. */
public final class VerifyingKey {
  static final String ALGORITHM = "SHA256withECDSAinP1363Format";

  private final PublicKey key;
  private final KeyId id;

  private VerifyingKey(PublicKey key) {
    this.key = P256.requireOurs(key);
    this.id = KeyId.of(key);
  }

  /** MALFORMED unless {@code key} is on P-256. */
  public static VerifyingKey of(PublicKey key) {
    return new VerifyingKey(key);
  }

  /** The key a certificate certifies; says nothing about the certificate. */
  public static VerifyingKey of(X509Certificate certificate) {
    return new VerifyingKey(certificate.getPublicKey());
  }

  /** From a SubjectPublicKeyInfo; MALFORMED if it isn't one on P-256. */
  public static VerifyingKey parse(byte[] subjectPublicKeyInfo) {
    return new VerifyingKey(P256.publicKey(subjectPublicKeyInfo));
  }

  /** The SubjectPublicKeyInfo. */
  public byte[] encode() {
    return key.getEncoded();
  }

  public KeyId id() {
    return id;
  }

  PublicKey key() {
    return key;
  }

  /** Whether {@code signature} was made by this key for {@code domain} over the joined parts. */
  public boolean verifies(SigningDomain domain, Signature signature, byte[]... parts) {
    if (!signature.isLow()) {
      return false;
    }
    try {
      java.security.Signature verifier = java.security.Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      feed(verifier, domain, parts);
      return verifier.verify(signature.toByteArray());
    } catch (SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw P256.unsupported(e);
    }
  }

  /** Throws SIGNATURE_INVALID, naming {@code what}, unless {@link #verifies}. */
  public void check(String what, SigningDomain domain, Signature signature, byte[]... parts) {
    if (!verifies(domain, signature, parts)) {
      throw new HoldfastException(
          ErrorCode.SIGNATURE_INVALID,
          "the signature of "
              + what
              + " was not made by key "
              + id.value().abbreviate(16)
              + ": it was changed since, or signed by somebody else");
    }
  }

  static void feed(java.security.Signature engine, SigningDomain domain, byte[]... parts)
      throws SignatureException {
    engine.update(domain.label().getBytes(StandardCharsets.US_ASCII));
    engine.update((byte) 0);
    for (byte[] part : parts) {
      engine.update(part);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerifyingKey that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "VerifyingKey[" + id.value().abbreviate(16) + "]";
  }
}
