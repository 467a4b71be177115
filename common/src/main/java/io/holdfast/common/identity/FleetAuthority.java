package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.identity.CertificateWriter.Issuer;
import io.holdfast.common.identity.CertificateWriter.Subject;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/**
 * The fleet's root CA. Its key is needed only to found the fleet and to give a site its issuing CA,
 * and can be kept off line in between. Any thread.
 */
public final class FleetAuthority {
  /** Life of the root certificate. */
  public static final Duration ROOT_LIFE = Duration.ofDays(20 * 365 + 5);

  /** Life of a site's issuing CA. */
  public static final Duration ISSUING_LIFE = Duration.ofDays(5 * 365 + 1);

  private final FleetId fleet;
  private final CertifiedKey root;
  private final CertificateWriter writer;

  private FleetAuthority(FleetId fleet, CertifiedKey root, CertificateWriter writer) {
    this.fleet = fleet;
    this.root = root;
    this.writer = writer;
  }

  /** Makes the root of a new fleet, valid from now for {@link #ROOT_LIFE}. */
  public static FleetAuthority create(FleetId fleet, Time time, Randomness randomness) {
    CertificateWriter writer = new CertificateWriter(time, randomness);
    KeyPair pair = P256.generate(randomness);
    X500Principal name =
        CertificateWriter.name("Holdfast fleet root " + fleet.toString().substring(0, 8));
    X509Certificate certificate =
        writer.authority(
            fleet,
            new Issuer(name, pair.getPublic(), pair.getPrivate()),
            new Subject(name, pair.getPublic(), end(time, ROOT_LIFE)),
            1);
    CertifiedKey root = CertifiedKey.of(pair.getPrivate(), List.of(certificate), randomness);
    return new FleetAuthority(fleet, root, writer);
  }

  /** Takes up a root that was kept; CERTIFICATE_INVALID if it isn't a fleet's root. */
  public static FleetAuthority of(CertifiedKey root, Time time, Randomness randomness) {
    FleetId fleet =
        IdentityUri.readAuthority(root.leaf())
            .filter(found -> root.leaf().getBasicConstraints() == 1)
            .orElseThrow(() -> notA("fleet's root certificate", root));
    return new FleetAuthority(fleet, root, new CertificateWriter(time, randomness));
  }

  static HoldfastException notA(String what, CertifiedKey key) {
    return new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID,
        key.leaf().getSubjectX500Principal() + " is not a " + what + ": choose the right file");
  }

  static Instant end(Time time, Duration life) {
    return time.now().truncatedTo(ChronoUnit.SECONDS).plus(life);
  }

  public FleetId fleet() {
    return fleet;
  }

  public X509Certificate certificate() {
    return root.leaf();
  }

  public Fingerprint fingerprint() {
    return Fingerprint.of(root.leaf());
  }

  /** The root's key, to be written to a file and taken off line. */
  public CertifiedKey key() {
    return root;
  }

  /**
   * Introduces {@code successor}, another root of this fleet: whoever believes this root believes
   * that one from then on. CERTIFICATE_INVALID if it is no root of this fleet, or this one itself.
   */
  public X509Certificate introduce(X509Certificate successor) {
    X509Certificate link =
        writer.link(
            fleet,
            Issuer.of(root),
            new Subject(
                successor.getSubjectX500Principal(),
                successor.getPublicKey(),
                root.leaf().getNotAfter().toInstant()),
            Fingerprint.of(successor));
    RootLine.requireSuccession(root.leaf(), successor, link);
    return link;
  }

  /** Makes a new issuing CA for {@code site}, a name for people. */
  public IssuingAuthority issuingAuthority(String site) {
    KeyPair pair = P256.generate(writer.randomness());
    return IssuingAuthority.of(
        CertifiedKey.of(pair.getPrivate(), certify(pair.getPublic(), site), writer.randomness()),
        writer.time(),
        writer.randomness());
  }

  /**
   * Certifies an issuing CA that keeps its key to itself: its certificate, and this root's.
   *
   * @param site a name for people
   */
  public List<X509Certificate> certify(CertificateRequest request, String site) {
    return certify(request.key(), site);
  }

  private List<X509Certificate> certify(PublicKey key, String site) {
    X509Certificate certificate =
        writer.authority(
            fleet,
            Issuer.of(root),
            new Subject(
                CertificateWriter.name("Holdfast issuing CA " + site),
                key,
                end(writer.time(), ISSUING_LIFE)),
            0);
    return List.of(certificate, root.leaf());
  }

  @Override
  public String toString() {
    return "FleetAuthority[" + fleet + "]";
  }
}
