package io.holdfast.coordinator.node;

import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.Randomness;
import java.util.List;

/**
 * The keys of a coordinator that has none: of a fleet's first one, or of one that takes a lost
 * one's place. It is a new coordinator in either case.
 */
record FirstCredentials(
    IssuingAuthority issuing, CoordinatorConfig.Certificates settings, Randomness randomness) {

  /**
   * Makes them and writes them to {@code files}, the journal's last: a data directory with that one
   * has all of them. Answers with the key that signs the journal.
   */
  CertifiedKey write(CoordinatorFiles files) {
    CoordinatorId id = CoordinatorId.of(randomness.bytes(16));
    SigningKey tls = SigningKey.generate(randomness);
    PemFiles.writeCredential(
        files.tls(),
        CertifiedKey.of(
            tls,
            issuing.coordinator(
                request(tls), id, settings.coordinatorLifetime(), List.of("localhost")),
            randomness));
    SigningKey signing = SigningKey.generate(randomness);
    CertifiedKey journal =
        CertifiedKey.of(
            signing,
            issuing.journalWriter(request(signing), id, CoordinatorIdentity.SIGNING_LIFE),
            randomness);
    PemFiles.writeCredential(files.journalKey(), journal);
    return journal;
  }

  private CertificateRequest request(SigningKey key) {
    return CertificateRequest.verify(CertificateRequest.make(key, randomness));
  }
}
