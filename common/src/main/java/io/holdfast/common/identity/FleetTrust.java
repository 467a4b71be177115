package io.holdfast.common.identity;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.FleetId;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The pinned root, or roots while one replaces another, and the verification of chains against it:
 * RFC 5280, section 6, plus what is stricter here. A chain is leaf and issuing CA, with or without
 * the root behind them; all keys are on P-256; leaf and root are of one fleet; the role in the
 * leaf's URI has exactly the purposes its usage says. Any thread.
 *
 * <p>A trust that <em>follows</em> believes as well a root that the newest pinned one introduces,
 * if the chain brings along what {@link RootLine#shown} gives: so whoever was away while a root was
 * replaced finds the way. Of the others nobody is followed, the pinned roots before the newest one
 * included: they have had their successor.
 *
 * <p>Signatures and extensions of a path are looked at once, and those of an issuing CA once for
 * all its leaves: a coordinator to which ten thousand hosts come back has better things to do. Time
 * and purpose are looked at each time.
 */
public final class FleetTrust {
  private static final int PATH_LENGTH = 2;

  /** Extensions by which an issuing CA would reach into what is below its leaves' own checks. */
  private static final Set<String> REACHING_DOWN =
      Set.of(
          "2.5.29.30", // name constraints
          "2.5.29.33", // policy mappings
          "2.5.29.36", // policy constraints
          "2.5.29.54"); // inhibit any policy

  /** A chain with more behind its issuing CA is nobody's. */
  private static final int BEHIND_MAX = 8;

  /**
   * Pinned roots, the newest last; the certificate is absent where only the fingerprint is known.
   */
  private volatile Map<Fingerprint, Optional<X509Certificate>> pinned;

  private final boolean follows;
  private final VerifiedPaths verified = new VerifiedPaths();

  private FleetTrust(Map<Fingerprint, Optional<X509Certificate>> pinned, boolean follows) {
    this.pinned = pinned;
    this.follows = follows;
  }

  /** Trusts {@code roots}, at least one. */
  public static FleetTrust of(List<X509Certificate> roots) {
    return new FleetTrust(map(roots), false);
  }

  /** Trusts {@code roots}, at least one, the newest last, and whom that one introduces. */
  public static FleetTrust following(List<X509Certificate> roots) {
    return new FleetTrust(map(roots), true);
  }

  /** Trusts the root with this fingerprint, and whom it introduces; every chain has to bring it. */
  public static FleetTrust following(Fingerprint fingerprint) {
    return new FleetTrust(Map.of(fingerprint, Optional.empty()), true);
  }

  public static FleetTrust of(X509Certificate root) {
    return of(List.of(root));
  }

  /** Trusts the root with this fingerprint; every chain has to bring it along. */
  public static FleetTrust of(Fingerprint fingerprint) {
    return new FleetTrust(Map.of(fingerprint, Optional.empty()), false);
  }

  private static Map<Fingerprint, Optional<X509Certificate>> map(List<X509Certificate> roots) {
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("no root to trust");
    }
    Map<Fingerprint, Optional<X509Certificate>> pinned = new LinkedHashMap<>();
    roots.forEach(root -> pinned.put(Fingerprint.of(root), Optional.of(root)));
    return pinned;
  }

  /** Trusts {@code roots} from now on, the newest last, and none that was trusted before. */
  public void pin(List<X509Certificate> roots) {
    pinned = map(roots);
  }

  /** The roots whose certificates are known here. */
  List<X509Certificate> roots() {
    return pinned.values().stream().flatMap(Optional::stream).toList();
  }

  /**
   * Verifies {@code chain}, leaf first, for {@code purpose} at {@code instant}: now for a
   * connection, the record's own time for a signature in the journal. CERTIFICATE_EXPIRED if only
   * time is wrong, CERTIFICATE_INVALID for everything else; both say what to do.
   */
  public Identity verify(List<X509Certificate> chain, Purpose purpose, Instant instant) {
    if (chain.isEmpty()) {
      throw invalid("no certificate was shown");
    }
    List<X509Certificate> path = chain.subList(0, pathLength(chain));
    X509Certificate root = rootOf(path, chain.subList(path.size(), chain.size()), instant);
    if (path.size() != PATH_LENGTH) {
      throw invalid(
          "a chain of "
              + path.size()
              + " certificates below the root was shown where there must be"
              + " two, the holder's and its issuing CA's");
    }
    checkTime(root, instant);
    path.reversed().forEach(certificate -> checkTime(certificate, instant));
    checkPath(path, root, instant);
    return checkLeaf(path.getFirst(), root, purpose);
  }

  /**
   * The verified client of a TLS session, or empty if it showed no certificate. Checks again, at
   * {@code instant}: a connection can outlive its certificate. Errors of {@link #verify}.
   */
  public Optional<Identity> identify(SSLSession session, Instant instant) {
    try {
      List<X509Certificate> chain =
          List.of(session.getPeerCertificates()).stream().map(X509Certificate.class::cast).toList();
      return Optional.of(verify(chain, Purpose.TLS_CLIENT, instant));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** How many certificates stand before the first root, or pinned one. */
  private int pathLength(List<X509Certificate> chain) {
    int length = 0;
    while (length < chain.size()
        && chain.get(length).getBasicConstraints() != 1
        && !pinned.containsKey(Fingerprint.of(chain.get(length)))) {
      length++;
    }
    return length;
  }

  private X509Certificate rootOf(
      List<X509Certificate> path, List<X509Certificate> behind, Instant instant) {
    if (behind.size() > BEHIND_MAX) {
      throw invalid("it comes with " + behind.size() + " roots, which no chain of a fleet does");
    }
    X509Certificate last = behind.isEmpty() ? path.getLast() : behind.getFirst();
    if (pinned.containsKey(Fingerprint.of(last))) {
      return last;
    }
    return roots().stream()
        .filter(root -> RootLine.isSigned(last, root))
        .filter(root -> behind.isEmpty())
        .findFirst()
        .or(() -> introduced(behind, instant))
        .orElseThrow(() -> strangeRoot(last));
  }

  /** The root that a chain shows, if the newest pinned one leads there. */
  private Optional<X509Certificate> introduced(List<X509Certificate> behind, Instant instant) {
    if (!follows || behind.isEmpty()) {
      return Optional.empty();
    }
    X509Certificate shown = behind.getFirst();
    Optional<FleetId> fleet = IdentityUri.readAuthority(shown);
    Optional<X509Certificate> from = newest(behind);
    if (fleet.isEmpty() || from.isEmpty() || !RootLine.isSigned(shown, shown)) {
      return Optional.empty();
    }
    checkTime(from.get(), instant);
    X509Certificate signer = from.get();
    for (int hop = 0; hop < behind.size(); hop++) {
      X509Certificate by = signer;
      Optional<X509Certificate> link =
          behind.stream()
              .filter(found -> isLink(found, fleet.get()) && RootLine.isSigned(found, by))
              .findFirst();
      if (link.isEmpty()) {
        return Optional.empty();
      }
      checkTime(link.get(), instant);
      if (RootLine.leadsTo(link.get(), shown, fleet.get())) {
        return Optional.of(shown);
      }
      signer = link.get();
    }
    return Optional.empty();
  }

  private static boolean isLink(X509Certificate certificate, FleetId fleet) {
    return certificate.getBasicConstraints() == 1
        && !IdentityUri.readAuthority(certificate).equals(Optional.of(fleet));
  }

  private Optional<X509Certificate> newest(List<X509Certificate> behind) {
    Map<Fingerprint, Optional<X509Certificate>> now = pinned;
    Fingerprint newest = List.copyOf(now.keySet()).getLast();
    return now.get(newest)
        .or(() ->
            behind.stream().filter(found -> Fingerprint.of(found).equals(newest)).findFirst());
  }

  private HoldfastException strangeRoot(X509Certificate last) {
    return invalid(
        "it leads to "
            + last.getIssuerX500Principal()
            + " (last certificate shown has SHA-256 "
            + Fingerprint.of(last)
            + "), which is not the root trusted here, SHA-256 "
            + pinned.keySet()
            + ": it belongs to another fleet, or somebody stands in between; or the fleet's root"
            + " was replaced, and the one trusted here retired, while this machine was away: enrol"
            + " this host again, or have a new access token made");
  }

  private static void checkTime(X509Certificate certificate, Instant instant) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (instant.isBefore(from)) {
      throw invalid(
          certificate.getSubjectX500Principal()
              + " is not yet valid: it begins at "
              + from
              + " and it is now "
              + instant
              + " by this machine's clock: check that clock");
    }
    if (instant.isAfter(until)) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_EXPIRED,
          "the certificate "
              + certificate.getSubjectX500Principal()
              + " expired at "
              + until
              + " and it is now "
              + instant
              + " by this machine's clock: renew it or enrol again, or"
              + " set the clock if that is wrong");
    }
  }

  private void checkPath(List<X509Certificate> path, X509Certificate root, Instant instant) {
    Bytes32 whole = VerifiedPaths.nameOf(List.of(path.getFirst(), path.getLast(), root));
    if (verified.contains(whole)) {
      return;
    }
    X509Certificate issuing = path.getLast();
    Bytes32 above = VerifiedPaths.nameOf(List.of(issuing, root));
    if (verified.contains(above) && REACHING_DOWN.stream().noneMatch(has(issuing))) {
      // That it may issue, and the root stands behind it, was found with another of its leaves.
      checkKey(path.getFirst());
      validate(path.subList(0, 1), issuing, instant);
    } else {
      path.forEach(FleetTrust::checkKey);
      checkKey(root);
      validate(path, root, instant);
      verified.add(above);
    }
    verified.add(whole);
  }

  private static Predicate<String> has(X509Certificate certificate) {
    return oid -> certificate.getExtensionValue(oid) != null;
  }

  private static void validate(
      List<X509Certificate> path, X509Certificate anchor, Instant instant) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
      // Revocation is a record of the journal, checked on every call; there are no lists to fetch.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(instant));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertPathValidatorException e) {
      throw new HoldfastException(ErrorCode.CERTIFICATE_INVALID, explain(path, e), e);
    } catch (GeneralSecurityException e) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID, "a certificate was refused: it cannot be checked", e);
    }
  }

  private static void checkKey(X509Certificate certificate) {
    try {
      P256.requireOurs(certificate.getPublicKey());
    } catch (HoldfastException e) {
      throw new HoldfastException(
          ErrorCode.CERTIFICATE_INVALID,
          "the certificate "
              + certificate.getSubjectX500Principal()
              + " was refused: its key is"
              + " not on the curve P-256",
          e);
    }
  }

  private static String explain(List<X509Certificate> path, CertPathValidatorException e) {
    String subject = path.getFirst().getSubjectX500Principal().toString();
    return e.getReason() == BasicReason.INVALID_SIGNATURE
        ? "the certificate chain of " + subject + " was refused: a signature in it is wrong"
        : "the certificate chain of " + subject + " was refused: " + e.getMessage();
  }

  private static Identity checkLeaf(X509Certificate leaf, X509Certificate root, Purpose purpose) {
    Identity identity = Identity.read(leaf);
    Optional<?> fleet = IdentityUri.readAuthority(root);
    if (!fleet.equals(Optional.of(identity.fleet()))) {
      throw invalid("it names " + identity + ", but its root is that of another fleet");
    }
    if (leaf.getBasicConstraints() >= 0 || !purposes(leaf).contains(purpose.oid())) {
      throw invalid("the one of " + identity + " may not be used " + purpose.words());
    }
    if (!Purpose.of(identity.principal()).contains(purpose)) {
      throw invalid("a " + identity.principal().role() + " does not act " + purpose.words());
    }
    return identity;
  }

  private static List<String> purposes(X509Certificate leaf) {
    try {
      List<String> purposes = leaf.getExtendedKeyUsage();
      return purposes == null ? List.of() : purposes;
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static HoldfastException invalid(String cause) {
    return new HoldfastException(
        ErrorCode.CERTIFICATE_INVALID, "a certificate was refused: " + cause);
  }

  @Override
  public String toString() {
    return "FleetTrust" + pinned.keySet();
  }
}
