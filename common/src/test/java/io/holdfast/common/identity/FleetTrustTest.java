package io.holdfast.common.identity;

import static io.holdfast.common.identity.Fleet.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.identity.CertificateWriter.Issuer;
import io.holdfast.common.identity.CertificateWriter.Subject;
import io.holdfast.common.identity.Principal.CoordinatorPrincipal;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Principal.JournalWriter;
import io.holdfast.common.identity.Principal.OperatorPrincipal;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is certified, what is verified, and everything that is refused. */
class FleetTrustTest {
  private static final Duration LIFE = Duration.ofDays(7);

  private final Fleet fleet = new Fleet(1);
  private final Fleet other = new Fleet(2);

  private Identity verify(List<X509Certificate> chain, Purpose purpose) {
    return fleet.trust.verify(chain, purpose, fleet.time.now());
  }

  private HoldfastException assertRefused(List<X509Certificate> chain, Purpose purpose) {
    return assertCode(ErrorCode.CERTIFICATE_INVALID, () -> verify(chain, purpose));
  }

  @Test
  void shouldSayWhomEachRoleNames() {
    assertEquals(
        new HostPrincipal(Fleet.HOST),
        verify(fleet.host().chain(), Purpose.TLS_CLIENT).principal());
    assertEquals(
        new CoordinatorPrincipal(Fleet.COORDINATOR),
        verify(fleet.coordinator().chain(), Purpose.TLS_SERVER).principal());
    assertEquals(
        new CoordinatorPrincipal(Fleet.COORDINATOR),
        verify(fleet.coordinator().chain(), Purpose.TLS_CLIENT).principal());
    assertEquals(
        new JournalWriter(Fleet.COORDINATOR),
        verify(fleet.journalWriter().chain(), Purpose.JOURNAL).principal());
    assertEquals(
        new OperatorPrincipal("anna"),
        verify(fleet.operator().chain(), Purpose.TLS_CLIENT).principal());
    assertEquals(fleet.authority.fleet(), verify(fleet.host().chain(), Purpose.TLS_CLIENT).fleet());
  }

  @Test
  void shouldVerifyChainsThatLeaveTheRootOut() {
    List<X509Certificate> chain = fleet.host().chain().subList(0, 2);
    assertEquals(new HostPrincipal(Fleet.HOST), verify(chain, Purpose.TLS_CLIENT).principal());
  }

  @Test
  void shouldFindAPinnedRootInTheChainByItsFingerprintOnly() {
    FleetTrust byFingerprint = FleetTrust.of(fleet.authority.fingerprint());
    List<X509Certificate> chain = fleet.coordinator().chain();
    Instant now = fleet.time.now();
    byFingerprint.verify(chain, Purpose.TLS_SERVER, now);
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> byFingerprint.verify(chain.subList(0, 2), Purpose.TLS_SERVER, now));
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> byFingerprint.verify(other.coordinator().chain(), Purpose.TLS_SERVER, now));
  }

  @Test
  void shouldNotBelieveThePinnedRootBehindAStrangersChain() {
    List<X509Certificate> chain = other.coordinator().chain();
    List<X509Certificate> forged =
        List.of(chain.get(0), chain.get(1), fleet.authority.certificate());
    assertRefused(forged, Purpose.TLS_SERVER);
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () ->
            FleetTrust.of(fleet.authority.fingerprint())
                .verify(forged, Purpose.TLS_SERVER, fleet.time.now()));
  }

  @Test
  void shouldTrustOldAndNewRootWhileOneReplacesTheOther() {
    FleetTrust both =
        FleetTrust.of(List.of(fleet.authority.certificate(), other.authority.certificate()));
    both.verify(fleet.host().chain(), Purpose.TLS_CLIENT, fleet.time.now());
    both.verify(other.host().chain().subList(0, 2), Purpose.TLS_CLIENT, fleet.time.now());
  }

  @Test
  void shouldRefuseAnotherFleetAndNameBothRoots() {
    String message = assertRefused(other.host().chain(), Purpose.TLS_CLIENT).getMessage();
    assertTrue(message.contains(other.authority.fingerprint().toString()), message);
    assertTrue(message.contains(fleet.authority.fingerprint().toString()), message);
  }

  @Test
  void shouldSayThatACertificateExpired() {
    List<X509Certificate> chain = fleet.host().chain();
    fleet.time.advance(LIFE);
    verify(chain, Purpose.TLS_CLIENT);
    fleet.time.advance(Duration.ofSeconds(1));
    String message =
        assertCode(ErrorCode.CERTIFICATE_EXPIRED, () -> verify(chain, Purpose.TLS_CLIENT))
            .getMessage();
    assertTrue(message.contains("expired at 2026-03-08T12:00:00Z"), message);
    assertTrue(message.contains("clock"), message);
  }

  @Test
  void shouldSayToCheckTheClockWhenACertificateIsNotYetValid() {
    List<X509Certificate> chain = fleet.host().chain();
    fleet.time.setClock(Fleet.START.minus(Duration.ofMinutes(4)));
    verify(chain, Purpose.TLS_CLIENT);
    fleet.time.setClock(Fleet.START.minus(Duration.ofDays(400)));
    String message = assertRefused(chain, Purpose.TLS_CLIENT).getMessage();
    assertTrue(message.contains("check that clock"), message);
  }

  @Test
  void shouldVerifyAJournalSignatureAtTheTimeItWasMade() {
    List<X509Certificate> chain = fleet.journalWriter().chain();
    fleet.time.advance(Duration.ofDays(2000));
    assertCode(ErrorCode.CERTIFICATE_EXPIRED, () -> verify(chain, Purpose.JOURNAL));
    fleet.trust.verify(chain, Purpose.JOURNAL, Fleet.START);
  }

  @Test
  void shouldRefuseEveryRoleForEveryPurposeItDoesNotHave() {
    assertRefused(fleet.host().chain(), Purpose.TLS_SERVER);
    assertRefused(fleet.host().chain(), Purpose.JOURNAL);
    assertRefused(fleet.operator().chain(), Purpose.TLS_SERVER);
    assertRefused(fleet.operator().chain(), Purpose.JOURNAL);
    assertRefused(fleet.coordinator().chain(), Purpose.JOURNAL);
    assertRefused(fleet.journalWriter().chain(), Purpose.TLS_SERVER);
    assertRefused(fleet.journalWriter().chain(), Purpose.TLS_CLIENT);
  }

  @Test
  void shouldRefuseChainsOfAnyOtherLength() {
    List<X509Certificate> chain = fleet.host().chain();
    assertRefused(List.of(), Purpose.TLS_CLIENT);
    assertRefused(chain.subList(0, 1), Purpose.TLS_CLIENT);
    assertRefused(chain.subList(1, 3), Purpose.TLS_CLIENT);
    assertRefused(chain.subList(2, 3), Purpose.TLS_CLIENT);
    assertRefused(
        List.of(chain.get(0), chain.get(1), chain.get(1), chain.get(2)), Purpose.TLS_CLIENT);
  }

  @Test
  void shouldLookAtTimeAndPurposeOfAPathThatItKnows() {
    List<X509Certificate> chain = fleet.host().chain();
    verify(chain, Purpose.TLS_CLIENT);
    assertRefused(chain, Purpose.TLS_SERVER);
    fleet.time.advance(LIFE.plusSeconds(1));
    assertCode(ErrorCode.CERTIFICATE_EXPIRED, () -> verify(chain, Purpose.TLS_CLIENT));
  }

  @Test
  void shouldRefuseWhatItsKnownIssuingCaDidNotSign() {
    List<X509Certificate> known = fleet.host().chain();
    verify(known, Purpose.TLS_CLIENT);
    X509Certificate byAStranger =
        leaf(
            Issuer.of(other.issuing.key()), fleet.authority.fleet(), new HostPrincipal(Fleet.HOST));
    assertRefused(List.of(byAStranger, known.get(1), known.get(2)), Purpose.TLS_CLIENT);
    assertRefused(List.of(byAStranger, known.get(1)), Purpose.TLS_CLIENT);
    verify(fleet.host().chain(), Purpose.TLS_CLIENT);
  }

  @Test
  void shouldRefuseAKnownIssuingCaAsALeafAndAHostAboveOne() {
    CertifiedKey host = fleet.host();
    verify(host.chain(), Purpose.TLS_CLIENT);
    X509Certificate below =
        leaf(Issuer.of(host), fleet.authority.fleet(), new HostPrincipal(Fleet.HOST));
    assertRefused(List.of(below, host.leaf(), host.chain().getLast()), Purpose.TLS_CLIENT);
    assertRefused(
        List.of(host.chain().get(1), host.chain().get(1), host.chain().getLast()),
        Purpose.TLS_CLIENT);
  }

  @Test
  void shouldNotLetAHostIssueCertificates() {
    CertifiedKey host = fleet.host();
    X509Certificate forged =
        leaf(Issuer.of(host), fleet.authority.fleet(), new HostPrincipal(Fleet.HOST));
    assertRefused(List.of(forged, host.leaf(), fleet.authority.certificate()), Purpose.TLS_CLIENT);
    assertRefused(
        List.of(forged, host.leaf(), host.chain().get(1), fleet.authority.certificate()),
        Purpose.TLS_CLIENT);
  }

  @Test
  void shouldRefuseALeafThatTheRootIssuedDirectly() {
    X509Certificate forged =
        leaf(
            Issuer.of(fleet.authority.key()),
            fleet.authority.fleet(),
            new HostPrincipal(Fleet.HOST));
    assertRefused(List.of(forged, fleet.authority.certificate()), Purpose.TLS_CLIENT);
  }

  @Test
  void shouldRefuseALeafThatNamesAnotherFleet() {
    X509Certificate forged =
        leaf(
            Issuer.of(fleet.issuing.key()), other.authority.fleet(), new HostPrincipal(Fleet.HOST));
    String message =
        assertRefused(List.of(forged, fleet.issuing.key().leaf()), Purpose.TLS_CLIENT).getMessage();
    assertTrue(message.contains("another fleet"), message);
  }

  @Test
  void shouldRefuseAnIssuingCaAsALeaf() {
    List<X509Certificate> chain = fleet.issuing.key().chain();
    assertRefused(List.of(chain.get(0), chain.get(0), chain.get(1)), Purpose.TLS_CLIENT);
  }

  private X509Certificate leaf(Issuer issuer, FleetId named, Principal principal) {
    Subject subject =
        new Subject(
            CertificateWriter.name("forged"),
            SigningKey.generate(fleet.randomness).keyPair().getPublic(),
            fleet.time.now().plus(LIFE));
    return new CertificateWriter(fleet.time, fleet.randomness)
        .leaf(named, issuer, subject, principal, List.of());
  }

  @Test
  void shouldRefuseEveryFlippedByteOfWhatIsSignedInALeaf() throws Exception {
    List<X509Certificate> chain = fleet.host().chain();
    byte[] good = Certificates.encode(chain.get(0));
    int signedEnd = 4 + chain.get(0).getTBSCertificate().length;
    for (int at = 0; at < signedEnd; at++) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertThrows(
          HoldfastException.class,
          () ->
              verify(
                  List.of(Certificates.parse(bad), chain.get(1), chain.get(2)), Purpose.TLS_CLIENT),
          "byte " + at);
    }
  }

  @Test
  void certificatesAreOfTheShapeTheyShouldBe() {
    X509Certificate root = fleet.authority.certificate();
    assertEquals(1, root.getBasicConstraints());
    assertTrue(root.getSubjectX500Principal().getName().startsWith("CN=Holdfast fleet root "));
    assertEquals(0, fleet.issuing.key().leaf().getBasicConstraints());
    X509Certificate host = fleet.host().leaf();
    assertEquals(-1, host.getBasicConstraints());
    assertEquals(Fleet.START.minusSeconds(300), host.getNotBefore().toInstant());
    assertEquals(Fleet.START.plus(LIFE), host.getNotAfter().toInstant());
    assertTrue(host.getSerialNumber().bitLength() > 96);
    assertFalse(host.getSerialNumber().equals(fleet.host().leaf().getSerialNumber()));
  }

  @Test
  void shouldPutAServersNamesBesideItsUri() throws Exception {
    assertEquals(
        List.of(
            List.of(
                6, "holdfast://" + fleet.authority.fleet() + "/coordinator/" + Fleet.COORDINATOR),
            List.of(2, "backup.example.org"),
            List.of(7, "192.0.2.7"),
            List.of(7, "2001:db8:0:0:0:0:0:7")),
        List.copyOf(fleet.coordinator().leaf().getSubjectAlternativeNames()));
  }

  @Test
  void shouldNeverCertifyBeyondTheIssuingCasOwnEnd() {
    Instant end = fleet.issuing.key().leaf().getNotAfter().toInstant();
    fleet.time.setClock(end.minus(Duration.ofDays(1)));
    assertEquals(end, fleet.host().leaf().getNotAfter().toInstant());
    fleet.time.setClock(end);
    assertCode(ErrorCode.CERTIFICATE_EXPIRED, fleet::host);
  }

  @Test
  void shouldIssueAgainFromAKeyRingsCopyOfTheCa() {
    IssuingAuthority back =
        IssuingAuthority.of(
            CertifiedKey.of(fleet.issuing.key().toIssuingCaKey(), fleet.randomness),
            fleet.time,
            fleet.randomness);
    CertifiedKey host = fleet.enrol(request -> back.host(request, Fleet.HOST, LIFE));
    verify(host.chain(), Purpose.TLS_CLIENT);
  }

  @Test
  void shouldTakeUpOnlyTheRightKindOfAuthority() {
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> FleetAuthority.of(fleet.issuing.key(), fleet.time, fleet.randomness));
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> IssuingAuthority.of(fleet.authority.key(), fleet.time, fleet.randomness));
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> IssuingAuthority.of(fleet.host(), fleet.time, fleet.randomness));
    FleetAuthority.of(fleet.authority.key(), fleet.time, fleet.randomness).issuingAuthority("beta");
  }

  @Test
  void shouldRefuseACertificateForAnotherKey() {
    SigningKey stranger = SigningKey.generate(fleet.randomness);
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> CertifiedKey.of(stranger, fleet.host().chain(), fleet.randomness));
  }

  @Test
  void shouldRenewAfterTwoThirdsOfALife() {
    Identity identity = verify(fleet.host().chain(), Purpose.TLS_CLIENT);
    Duration life = LIFE.plusMinutes(5);
    assertEquals(
        Fleet.START.minusSeconds(300).plusSeconds(life.toSeconds() * 2 / 3), identity.renewAt());
  }

  @Test
  void shouldRefuseOperatorNamesThatAreNoNames() {
    for (String name : List.of("", "Anna", "a/b", "a b", "-a", "ä", "a".repeat(65))) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> new OperatorPrincipal(name));
    }
  }
}
