package io.holdfast.coordinator.fleet;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.HostFacts;

/**
 * A host that asks to join, all of whose proofs were checked: it holds the TLS key and the signing
 * key, and says both together with the secret (FORMAT.md, section 7).
 */
record Applicant(
    CertificateRequest request, VerifyingKey signingKey, Bytes32 encryptionKey, HostFacts facts) {

  /** CERTIFICATE_INVALID, SIGNATURE_INVALID or INVALID_ARGUMENT for what doesn't hold. */
  static Applicant check(EnrolRequest asked) {
    Facts.check(asked.getFacts());
    byte[] csr = asked.getCertificateRequest().toByteArray();
    CertificateRequest request = CertificateRequest.verify(csr);
    Bytes32 encryptionKey = encryptionKey(asked);
    VerifyingKey signingKey = signingKey(asked);
    signingKey.check(
        "the enrolment request",
        SigningDomain.ENROLMENT,
        signature(asked),
        EnrolmentToken.hashOf(csr).toByteArray(),
        EnrolmentToken.hashOf(asked.getTokenSecret().toByteArray()).toByteArray(),
        encryptionKey.toByteArray());
    if (request.keyId().equals(signingKey.id())) {
      throw refuse("its TLS key and its signing key are one key");
    }
    return new Applicant(request, signingKey, encryptionKey, asked.getFacts());
  }

  private static Bytes32 encryptionKey(EnrolRequest asked) {
    if (asked.getEncryptionKey().size() != Bytes32.LENGTH) {
      throw refuse("its encryption key does not have 32 bytes");
    }
    return Bytes32.of(asked.getEncryptionKey().toByteArray());
  }

  private static VerifyingKey signingKey(EnrolRequest asked) {
    try {
      return VerifyingKey.parse(asked.getSigningKey().toByteArray());
    } catch (HoldfastException e) {
      throw refuse("its signing key is not on P-256");
    }
  }

  private static Signature signature(EnrolRequest asked) {
    try {
      return Signature.of(asked.getSignature().toByteArray());
    } catch (HoldfastException e) {
      throw refuse("its signature does not have 64 bytes");
    }
  }

  private static HoldfastException refuse(String cause) {
    return new HoldfastException(
        ErrorCode.INVALID_ARGUMENT,
        "an enrolment request was refused: " + cause + "; are both sides of one version?");
  }
}
