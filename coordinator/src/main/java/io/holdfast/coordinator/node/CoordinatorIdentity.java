package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.Principal;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** This coordinator's keys: one that signs the journal, one for TLS that is renewed here. */
final class CoordinatorIdentity {
  private final CoordinatorFiles files;
  private final CoordinatorConfig.Certificates settings;
  private final IssuingAuthority issuing;
  private final Time time;
  private final Randomness randomness;
  private final CertifiedKey journal;
  private final ReloadableCredential tls;

  private CoordinatorIdentity(
      CoordinatorFiles files,
      CoordinatorConfig.Certificates settings,
      IssuingAuthority issuing,
      Time time,
      Randomness randomness) {
    this.files = files;
    this.settings = settings;
    this.issuing = issuing;
    this.time = time;
    this.randomness = randomness;
    this.journal = PemFiles.readCredential(files.journalKey(), randomness);
    this.tls = ReloadableCredential.open(() -> PemFiles.readCredential(files.tls(), randomness));
  }

  /** Reads the keys; KEY_UNAVAILABLE if this data directory holds none. */
  static CoordinatorIdentity open(
      CoordinatorFiles files,
      CoordinatorConfig.Certificates settings,
      IssuingAuthority issuing,
      Time time,
      Randomness randomness) {
    if (!Files.exists(files.journalKey())) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          files.root()
              + " holds no coordinator's keys; set data_dir, or run `holdfast init` for a new"
              + " fleet, or `holdfast key import` if this coordinator's disk was lost");
    }
    return new CoordinatorIdentity(files, settings, issuing, time, randomness);
  }

  CoordinatorId id() {
    Identity identity = Identity.read(journal.leaf());
    if (identity.principal() instanceof Principal.JournalWriter(CoordinatorId coordinator)) {
      return coordinator;
    }
    throw new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID,
        files.journalKey() + " is not a journal's signing key; restore this directory");
  }

  /** The key that signs the journal, with its chain. */
  CertifiedKey journal() {
    return journal;
  }

  SigningKey journalKey() {
    return SigningKey.of(journal, randomness);
  }

  /** The signing certificate and the issuing CA's, without the root. */
  List<X509Certificate> journalChain() {
    return journal.chain().subList(0, 2);
  }

  ReloadableCredential tls() {
    return tls;
  }

  /** A new TLS key and certificate if the present one is due; open connections keep the old. */
  void renewIfDue() {
    X509Certificate present = tls.current().leaf();
    Instant from = present.getNotBefore().toInstant();
    Duration life = Duration.between(from, present.getNotAfter().toInstant());
    Instant due = from.plus(life.multipliedBy(settings.renewAfterPercent()).dividedBy(100));
    if (time.now().isBefore(due)) {
      return;
    }
    SigningKey key = SigningKey.generate(randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, randomness));
    CertifiedKey next =
        CertifiedKey.of(
            key,
            issuing.coordinator(
                request, id(), settings.coordinatorLifetime(), List.of("localhost")),
            randomness);
    PemFiles.writeCredential(files.tls(), next);
    tls.replace(next);
  }
}
