package io.holdfast.common.identity;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import java.security.PublicKey;

/** Name of a public key: SHA-256 of its SubjectPublicKeyInfo. Prints as 64 hexadecimal digits. */
public record KeyId(Bytes32 value) {
  public static KeyId of(PublicKey key) {
    return new KeyId(Digests.sha256(key.getEncoded()));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
