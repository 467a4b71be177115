package io.holdfast.coordinator.fleet;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.VerifyingKey;
import io.holdfast.coordinator.catalog.EnrolledHost;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.FormerIdentity;
import io.holdfast.proto.wire.v1.HostFacts;
import java.util.List;

/**
 * A host that asks to join, all of whose proofs were checked: it holds the TLS key and the signing
 * key, and says both together with the secret (FORMAT.md, section 7).
 */
record Applicant(
    CertificateRequest request,
    VerifyingKey signingKey,
    Bytes32 encryptionKey,
    HostFacts facts,
    Proof proof,
    List<Former> formers) {
  private static final int FORMERS_MAX = 16;
  private static final int ID_BYTES = 16;

  /** What it was before, by its own word until {@link #wasBefore}. */
  record Former(HostId host, Signature signature) {}

  /** What was signed beside its encryption key. */
  record Proof(Bytes32 requestSha256, Bytes32 tokenSha256) {}

  /** CERTIFICATE_INVALID, SIGNATURE_INVALID or INVALID_ARGUMENT for what doesn't hold. */
  static Applicant check(EnrolRequest asked) {
    Facts.check(asked.getFacts());
    byte[] csr = asked.getCertificateRequest().toByteArray();
    CertificateRequest request = CertificateRequest.verify(csr);
    Bytes32 encryptionKey = encryptionKey(asked);
    VerifyingKey signingKey = signingKey(asked);
    Proof proof =
        new Proof(Digests.sha256(csr), EnrolmentToken.hashOf(asked.getTokenSecret().toByteArray()));
    signingKey.check(
        "the enrolment request",
        SigningDomain.ENROLMENT,
        signature(asked.getSignature()),
        proof.requestSha256().toByteArray(),
        proof.tokenSha256().toByteArray(),
        encryptionKey.toByteArray());
    if (request.keyId().equals(signingKey.id())) {
      throw refuse("its TLS key and its signing key are one key");
    }
    return new Applicant(
        request, signingKey, encryptionKey, asked.getFacts(), proof, formers(asked));
  }

  private static List<Former> formers(EnrolRequest asked) {
    if (asked.getFormersCount() > FORMERS_MAX) {
      throw refuse("it was more hosts than a machine can have been");
    }
    return asked.getFormersList().stream().map(Applicant::former).toList();
  }

  private static Former former(FormerIdentity former) {
    if (former.getHost().size() != ID_BYTES) {
      throw refuse("the id of a former host does not have 16 bytes");
    }
    return new Former(HostId.of(former.getHost().toByteArray()), signature(former.getSignature()));
  }

  /** True if it was {@code host}; SIGNATURE_INVALID if it says so and doesn't hold its key. */
  boolean wasBefore(Former former, EnrolledHost host) {
    VerifyingKey.parse(host.enrolled().getSigningKey().toByteArray())
        .check(
            "the enrolment of a host that comes back",
            SigningDomain.FORMER_HOST,
            former.signature(),
            proof.requestSha256().toByteArray(),
            proof.tokenSha256().toByteArray(),
            signingKey.encode());
    return true;
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

  private static Signature signature(ByteString signature) {
    try {
      return Signature.of(signature.toByteArray());
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
