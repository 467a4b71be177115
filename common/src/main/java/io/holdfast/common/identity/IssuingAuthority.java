package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.CertificateWriter.Issuer;
import io.holdfast.common.identity.CertificateWriter.Subject;
import io.holdfast.common.identity.Principal.CoordinatorPrincipal;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Principal.JournalWriter;
import io.holdfast.common.identity.Principal.OperatorPrincipal;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;

/**
 * A site's issuing CA. Each call gives a chain, leaf first and root last, for the key of a verified
 * request; names come from the caller, never from the request. Serial numbers are 128 random bits;
 * validity begins five minutes ago and ends no later than the CA's own. Whether a certificate may
 * be handed out is decided, and journalled, before. Any thread.
 */
public final class IssuingAuthority {
  /** Life of a host's certificate unless a fleet sets another. */
  public static final Duration HOST_LIFE = Duration.ofDays(7);

  private final FleetId fleet;
  private final CertifiedKey key;
  private final CertificateWriter writer;
  private final List<X509Certificate> behind;

  private IssuingAuthority(
      FleetId fleet, CertifiedKey key, CertificateWriter writer, List<X509Certificate> behind) {
    this.fleet = fleet;
    this.key = key;
    this.writer = writer;
    this.behind = behind;
  }

  /**
   * Takes up an issuing CA with its chain, itself and the root. CERTIFICATE_INVALID if it is
   * something else.
   */
  public static IssuingAuthority of(CertifiedKey key, Time time, Randomness randomness) {
    FleetId fleet =
        IdentityUri.readAuthority(key.leaf())
            .filter(found -> key.leaf().getBasicConstraints() == 0 && key.chain().size() == 2)
            .orElseThrow(() -> FleetAuthority.notA("site's issuing CA with its root", key));
    return new IssuingAuthority(
        fleet, key, new CertificateWriter(time, randomness), List.of(key.chain().getLast()));
  }

  /** The same, whose chains are judged by whoever believes one of the roots of {@code believed}. */
  public IssuingAuthority showing(RootLine believed) {
    return new IssuingAuthority(fleet, key, writer, believed.behind(root()));
  }

  /**
   * Takes up a new issuing CA that {@code root} has certified for {@code key}. CERTIFICATE_INVALID
   * if it has not, or not now, or for another key.
   */
  public static IssuingAuthority certified(
      SigningKey key,
      List<X509Certificate> chain,
      X509Certificate root,
      Time time,
      Randomness randomness) {
    if (chain.size() != 2 || !chain.getLast().equals(root)) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the new issuing CA doesn't come with its certificate and this fleet's root, SHA-256 "
              + Fingerprint.of(root)
              + ": sign the request with that root's key");
    }
    requireSigned(chain.getFirst(), root, time);
    return of(CertifiedKey.of(key, chain, randomness), time, randomness);
  }

  private static void requireSigned(X509Certificate ca, X509Certificate root, Time time) {
    try {
      ca.verify(root.getPublicKey());
      ca.checkValidity(Date.from(time.now()));
    } catch (GeneralSecurityException e) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the new issuing CA's certificate is not signed by this fleet's root, or not valid now: "
              + e.getMessage(),
          e);
    }
  }

  public FleetId fleet() {
    return fleet;
  }

  /** This CA's key and chain, for the key ring or a file. */
  public CertifiedKey key() {
    return key;
  }

  public X509Certificate root() {
    return key.chain().getLast();
  }

  public Fingerprint rootFingerprint() {
    return Fingerprint.of(root());
  }

  /** For an agent: client only. */
  public List<X509Certificate> host(CertificateRequest request, HostId host, Duration life) {
    return issue(request, new HostPrincipal(host), life, List.of());
  }

  /** For a coordinator's TLS: server and client. {@code names} are DNS names and IP addresses. */
  public List<X509Certificate> coordinator(
      CertificateRequest request, CoordinatorId coordinator, Duration life, List<String> names) {
    return issue(request, new CoordinatorPrincipal(coordinator), life, names);
  }

  /** For the key by which a coordinator signs journal records; useless in TLS. */
  public List<X509Certificate> journalWriter(
      CertificateRequest request, CoordinatorId coordinator, Duration life) {
    return issue(request, new JournalWriter(coordinator), life, List.of());
  }

  /** For a person: client only. INVALID_ARGUMENT for a name that can't stand in a URI. */
  public List<X509Certificate> operator(CertificateRequest request, String name, Duration life) {
    return issue(request, new OperatorPrincipal(name), life, List.of());
  }

  private List<X509Certificate> issue(
      CertificateRequest request, Principal principal, Duration life, List<String> names) {
    Subject subject =
        new Subject(
            CertificateWriter.name(
                "Holdfast " + principal.role() + " " + shortened(principal.id())),
            request.key(),
            end(life));
    X509Certificate leaf = writer.leaf(fleet, Issuer.of(key), subject, principal, names);
    return Stream.concat(Stream.of(leaf, key.leaf()), behind.stream()).toList();
  }

  private static String shortened(String id) {
    return id.length() == 32 ? id.substring(0, 8) : id;
  }

  private Instant end(Duration life) {
    Instant mine = key.leaf().getNotAfter().toInstant();
    Instant wanted = FleetAuthority.end(writer.time(), life);
    if (!writer.time().now().isBefore(mine)) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_EXPIRED,
          "this site's issuing CA expired at "
              + mine
              + " and can certify nobody: make a new one"
              + " with the fleet's root key, or check this machine's clock");
    }
    return wanted.isAfter(mine) ? mine : wanted;
  }

  @Override
  public String toString() {
    return "IssuingAuthority[" + key.leaf().getSubjectX500Principal() + "]";
  }
}
