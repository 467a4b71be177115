package io.holdfast.common.identity;

import com.google.protobuf.ByteString;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** SHA-256 of a certificate's DER: by this a root is pinned. Prints as 64 hexadecimal digits. */
public record Fingerprint(Bytes32 value) {
  public static Fingerprint of(X509Certificate certificate) {
    try {
      return new Fingerprint(Digests.sha256(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate that has no encoding", e);
    }
  }

  /** As messages and records carry it. */
  public ByteString toByteString() {
    return ByteString.copyFrom(value.toByteArray());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
