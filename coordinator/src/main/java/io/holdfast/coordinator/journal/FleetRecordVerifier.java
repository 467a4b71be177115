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
import io.holdfast.common.identity.VerifyingKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Verifies against the fleet's roots by {@link FleetTrust}: leaf, issuing CA, root. Stateless. */
public final class FleetRecordVerifier implements RecordVerifier {
  @Override
  public Optional<SignerKey> signerKey(
      List<ByteString> certificates, List<ByteString> roots, CoordinatorId writer, Instant at) {
    try {
      Identity identity =
          FleetTrust.following(
                  Certificates.parseChain(roots.stream().map(ByteString::toByteArray).toList()))
              .verify(
                  Certificates.parseChain(
                      certificates.stream().map(ByteString::toByteArray).toList()),
                  Purpose.JOURNAL,
                  at);
      return identity.principal().equals(new Principal.JournalWriter(writer))
          ? Optional.of(keyOf(identity))
          : Optional.empty();
    } catch (HoldfastException refused) {
      return Optional.empty();
    }
  }

  private static SignerKey keyOf(Identity identity) {
    return new SignerKey(ByteString.copyFrom(VerifyingKey.of(identity.certificate()).encode()));
  }

  @Override
  public boolean verify(SignerKey key, byte[] unsigned, byte[] signature) {
    try {
      return VerifyingKey.parse(key.encoded().toByteArray())
          .verifies(SigningDomain.JOURNAL_RECORD, Signature.of(signature), unsigned);
    } catch (HoldfastException malformed) {
      return false;
    }
  }
}
