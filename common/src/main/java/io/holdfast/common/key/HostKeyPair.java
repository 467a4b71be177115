package io.holdfast.common.key;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.seam.Randomness;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.X25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;

/**
 * An X25519 key pair (RFC 7748) that opens {@link SealedBox}es: a host's recovery key, or its own
 * long-lived encryption key, which is apart from its TLS key. Any thread.
 */
public final class HostKeyPair implements AutoCloseable {
  private final Secret privateKey;
  private final Bytes32 publicKey;

  private HostKeyPair(Secret privateKey) {
    this.privateKey = privateKey;
    this.publicKey =
        Bytes32.of(
            new X25519PrivateKeyParameters(privateKey.open()).generatePublicKey().getEncoded());
  }

  /** A new pair, derived from 32 random bytes as RFC 9180, section 7.1.3 says. */
  public static HostKeyPair generate(Randomness randomness) {
    AsymmetricCipherKeyPair pair = SealedBox.deriveKeyPair(randomness.bytes(Bytes32.LENGTH));
    X25519PrivateKeyParameters key = (X25519PrivateKeyParameters) pair.getPrivate();
    return new HostKeyPair(Secret.take(key.getEncoded()));
  }

  /** Takes the 32 bytes of a private key over; MALFORMED for another length. */
  public static HostKeyPair of(Secret privateKey) {
    if (privateKey.length() != Bytes32.LENGTH) {
      throw new HoldfastException(
          ErrorCode.MALFORMED, "an X25519 private key has 32 bytes, not " + privateKey.length());
    }
    return new HostKeyPair(privateKey);
  }

  public Bytes32 publicKey() {
    return publicKey;
  }

  /** 32 bytes for a {@link SecretFile} or a seal; stays owned by this pair. */
  public Secret privateKey() {
    return privateKey;
  }

  AsymmetricCipherKeyPair parameters() {
    return new AsymmetricCipherKeyPair(
        new X25519PublicKeyParameters(publicKey.toByteArray()),
        new X25519PrivateKeyParameters(privateKey.open()));
  }

  @Override
  public void close() {
    privateKey.close();
  }

  @Override
  public String toString() {
    return "HostKeyPair[public " + publicKey + "]";
  }
}
