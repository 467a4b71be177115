package io.holdfast.coordinator.node;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.PemFiles;
import io.holdfast.common.identity.Principal;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.RootLine;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.coordinator.ingest.ReceiptKey;
import io.holdfast.coordinator.metrics.CertificateLife;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This coordinator's keys: one that signs journal records and receipts, one for TLS. Both are
 * renewed here, each with a new key, once their share of life is over: at the start, so that a
 * coordinator that was away for long comes up, and while it runs. Any thread.
 */
final class CoordinatorIdentity {
  /** Life of the journal key's certificate. */
  static final Duration SIGNING_LIFE = Duration.ofDays(4 * 365);

  private static final Logger LOG = LoggerFactory.getLogger(CoordinatorIdentity.class);

  private final CoordinatorFiles files;
  private final CoordinatorConfig.Certificates settings;
  private volatile IssuingAuthority issuing;
  private final Time time;
  private final Randomness randomness;
  private volatile CertifiedKey journal;
  private final ReloadableCredential tls;
  private volatile RootLine line;
  private volatile RootLine believed;

  private CoordinatorIdentity(
      CoordinatorFiles files,
      CoordinatorConfig.Certificates settings,
      IssuingAuthority issuing,
      RootLine line,
      Time time,
      Randomness randomness) {
    this.line = line;
    this.believed = line;
    this.files = files;
    this.settings = settings;
    this.issuing = issuing;
    this.time = time;
    this.randomness = randomness;
    this.journal = PemFiles.readCredential(files.journalKey(), randomness);
    this.tls = ReloadableCredential.of(PemFiles.readCredential(files.tls(), randomness));
  }

  /**
   * Reads the keys; KEY_UNAVAILABLE if this data directory holds none.
   *
   * @param line the fleet's roots
   */
  static CoordinatorIdentity open(
      CoordinatorFiles files,
      CoordinatorConfig.Certificates settings,
      IssuingAuthority issuing,
      RootLine line,
      Time time,
      Randomness randomness) {
    if (!Files.exists(files.journalKey())) {
      throw new HoldfastException(
          ErrorCode.KEY_UNAVAILABLE,
          files.root()
              + " holds no coordinator's keys; set data_dir, or run `holdfast init` for a new"
              + " fleet, or `holdfast key import` if this coordinator's disk was lost");
    }
    CoordinatorIdentity identity =
        new CoordinatorIdentity(files, settings, issuing, line, time, randomness);
    identity.renewTlsIfDue();
    identity.renewJournalIfDue();
    identity.believe(line, line);
    return identity;
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

  /** All roots of the fleet. */
  RootLine line() {
    return line;
  }

  /**
   * Shows those of the fleet's roots that are believed behind its own chain: who believes an older
   * one of them finds the newest by that.
   */
  void believe(RootLine all, RootLine present) {
    line = all;
    believed = present;
    tls.replace(shown(tls.current()));
  }

  private CertifiedKey shown(CertifiedKey held) {
    return CertifiedKey.of(
        SigningKey.of(held, randomness),
        Stream.concat(
                held.chain().subList(0, 2).stream(), believed.behind(held.chain().get(2)).stream())
            .toList(),
        randomness);
  }

  /** What signs receipts and copies now, with its certificates but a single root's. */
  ReceiptKey receiptKey() {
    CertifiedKey present = journal;
    List<X509Certificate> behind = believed.behind(present.chain().get(2));
    return new ReceiptKey(
        SigningKey.of(present, randomness),
        Certificates.encodeChain(
            Stream.concat(
                    present.chain().subList(0, 2).stream(),
                    behind.stream().filter(certificate -> behind.size() > 1))
                .toList()));
  }

  ReloadableCredential tls() {
    return tls;
  }

  /** Another CA issues from now on; certificates of the one before are due at once. */
  void issueBy(IssuingAuthority next) {
    issuing = next;
  }

  /** A new TLS key and certificate if the present one is due; open connections keep the old. */
  void renewTlsIfDue() {
    if (!isDue(tls.current())) {
      return;
    }
    SigningKey key = SigningKey.generate(randomness);
    CertifiedKey next =
        CertifiedKey.of(
            key,
            issuing.coordinator(
                request(key), id(), settings.coordinatorLifetime(), List.of("localhost")),
            randomness);
    PemFiles.writeCredential(files.tls(), next);
    tls.replace(shown(next));
    LOG.info("this coordinator's TLS certificate was renewed until {}", next.leaf().getNotAfter());
  }

  /**
   * A new signing key and certificate if the present one is due, durable when this returns: the
   * next term is to begin with it.
   */
  Optional<CertifiedKey> renewJournalIfDue() {
    if (!isDue(journal)) {
      return Optional.empty();
    }
    SigningKey key = SigningKey.generate(randomness);
    CertifiedKey next =
        CertifiedKey.of(key, issuing.journalWriter(request(key), id(), SIGNING_LIFE), randomness);
    PemFiles.writeCredential(files.journalKey(), next);
    journal = next;
    LOG.info("the journal's signing certificate was renewed until {}", next.leaf().getNotAfter());
    return Optional.of(next);
  }

  /**
   * Its share of life is over, and a new one would last longer: none outlives the issuing CA. Or it
   * is of a CA that another one has replaced.
   */
  private boolean isDue(CertifiedKey held) {
    if (!held.chain().get(1).equals(issuing.key().leaf())) {
      return true;
    }
    X509Certificate present = held.leaf();
    Instant from = present.getNotBefore().toInstant();
    Instant until = present.getNotAfter().toInstant();
    Duration share =
        Duration.between(from, until).multipliedBy(settings.renewAfterPercent()).dividedBy(100);
    Instant lastPossible = issuing.key().leaf().getNotAfter().toInstant();
    return !time.now().isBefore(from.plus(share)) && until.isBefore(lastPossible);
  }

  private CertificateRequest request(SigningKey key) {
    return CertificateRequest.verify(CertificateRequest.make(key, randomness));
  }

  /** What this coordinator depends on. */
  List<CertificateLife> certificates() {
    return List.of(
        CertificateLife.of("coordinator TLS", tls.current().leaf()),
        CertificateLife.of("journal", journal.leaf()),
        CertificateLife.of("issuing CA", issuing.key().leaf()),
        CertificateLife.of("fleet root", issuing.root()));
  }
}
