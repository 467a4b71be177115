package io.holdfast.coordinator.journal;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal;
import io.holdfast.common.identity.Purpose;
import io.holdfast.common.identity.Signature;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.VerifyingKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signs and verifies records by the fleet's certificates. Any thread. */
public final class FleetRecords {
  private FleetRecords() {}

  /**
   * Signs as {@code id}.
   *
   * @param chain the signing key's certificate and the issuing CA's, without the root
   */
  public static RecordSigner signer(
      CoordinatorId id, SigningKey key, List<X509Certificate> chain) {
    List<byte[]> certificates = Certificates.encodeChain(chain);
    return new RecordSigner() {
      @Override
      public CoordinatorId id() {
        return id;
      }

      @Override
      public List<byte[]> certificates() {
        return certificates;
      }

      @Override
      public byte[] sign(byte[] message) {
        return key.sign(SigningDomain.JOURNAL_RECORD, message).toByteArray();
      }
    };
  }

  /** Believes journal writers whose chain leads to the pinned root. */
  public static RecordVerifier verifier() {
    return new RecordVerifier() {
      @Override
      public Optional<SignerKey> signerKey(
          List<ByteString> certificates, ByteString root, CoordinatorId writer, Instant at) {
        return key(certificates, root, writer, at);
      }

      @Override
      public boolean verify(SignerKey key, byte[] message, byte[] signature) {
        return verifies(key, message, signature);
      }
    };
  }

  private static Optional<SignerKey> key(
      List<ByteString> certificates, ByteString root, CoordinatorId writer, Instant at) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (ByteString certificate : certificates) {
        chain.add(Certificates.parse(certificate.toByteArray()));
      }
      Identity identity =
          FleetTrust.of(Certificates.parse(root.toByteArray()))
              .verify(chain, Purpose.JOURNAL, at);
      return identity.principal() instanceof Principal.JournalWriter(CoordinatorId named)
              && named.equals(writer)
          ? Optional.of(
              new SignerKey(ByteString.copyFrom(VerifyingKey.of(chain.getFirst()).encode())))
          : Optional.empty();
    } catch (HoldfastException e) {
      return Optional.empty(); // whatever is wrong with the chain, it vouches for nobody
    }
  }

  private static boolean verifies(SignerKey key, byte[] message, byte[] signature) {
    try {
      return VerifyingKey.parse(key.encoded().toByteArray())
          .verifies(SigningDomain.JOURNAL_RECORD, Signature.of(signature), message);
    } catch (HoldfastException e) {
      return false;
    }
  }
}
