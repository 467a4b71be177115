package io.holdfast.common.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Handshake.Outcome;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The handshake matrix: who gets in, who doesn't, and what either side can say about it, for
 * BoringSSL and for the JDK.
 */
class TlsContextsTest {
  /** The two stacks; both must behave alike. */
  enum Stack {
    BORING_SSL(SslProvider.OPENSSL),
    JDK(SslProvider.JDK);

    final SslProvider provider;

    Stack(SslProvider provider) {
      this.provider = provider;
    }
  }

  private final Fleet fleet = new Fleet(5);
  private final Fleet other = new Fleet(6);

  private TlsContexts contexts(Stack stack) {
    return new TlsContexts(stack.provider, fleet.time);
  }

  private SslContext server(Stack stack) {
    return server(stack, fleet.coordinator());
  }

  private SslContext server(Stack stack, CertifiedKey credential) {
    return contexts(stack).server(ReloadableCredential.of(credential), fleet.trust);
  }

  private SslContext client(Stack stack, CertifiedKey credential) {
    return contexts(stack).client(ReloadableCredential.of(credential), fleet.trust);
  }

  private static void assertFails(Exception failure, ErrorCode code) {
    assertNotNull(failure, "no failure");
    HoldfastException explained =
        TlsFailure.explain("coordinator.invalid:7443", failure).orElseThrow();
    assertEquals(code, explained.code(), explained.getMessage());
    assertTrue(explained.getMessage().contains("coordinator.invalid:7443"));
  }

  @Test
  void theFastStackIsThere() {
    assertTrue(OpenSsl.isAvailable(), () -> "no BoringSSL: " + OpenSsl.unavailabilityCause());
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldLetAnEnrolledHostIn(Stack stack) {
    Outcome outcome = Handshake.between(client(stack, fleet.host()), server(stack));
    assertTrue(outcome.succeeded(), outcome::toString);
    assertEquals("TLSv1.3", outcome.serverSession().getProtocol());
    assertEquals("h2", outcome.protocol());
    Optional<Identity> seen = fleet.trust.identify(outcome.serverSession(), fleet.time.now());
    assertEquals(new HostPrincipal(Fleet.HOST), seen.orElseThrow().principal());
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldLetOperatorsAndPeersIn(Stack stack) {
    SslContext server = server(stack);
    assertTrue(Handshake.between(client(stack, fleet.operator()), server).succeeded());
    assertTrue(Handshake.between(client(stack, fleet.coordinator()), server).succeeded());
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldLetAnEnrollingHostInAsNobody(Stack stack) {
    SslContext enrolling = contexts(stack).enrolment(fleet.authority.fingerprint());
    Outcome outcome = Handshake.between(enrolling, server(stack));
    assertTrue(outcome.succeeded(), outcome::toString);
    assertEquals(Optional.empty(), fleet.trust.identify(outcome.serverSession(), fleet.time.now()));
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldRefuseAServerOfAnotherFingerprintAtEnrolment(Stack stack) {
    SslContext enrolling = contexts(stack).enrolment(other.authority.fingerprint());
    Outcome outcome = Handshake.between(enrolling, server(stack));
    assertFails(outcome.clientFailure(), ErrorCode.CERTIFICATE_INVALID);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldRefuseAClientOfAnotherFleet(Stack stack) {
    Outcome outcome = Handshake.between(client(stack, other.host()), server(stack));
    assertFails(outcome.serverFailure(), ErrorCode.CERTIFICATE_INVALID);
    assertFails(outcome.clientFailure(), ErrorCode.CERTIFICATE_INVALID);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldRefuseAServerOfAnotherFleet(Stack stack) {
    Outcome outcome =
        Handshake.between(client(stack, fleet.host()), server(stack, other.coordinator()));
    assertFails(outcome.clientFailure(), ErrorCode.CERTIFICATE_INVALID);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldTellBothSidesThatAClientsCertificateExpired(Stack stack) {
    CertifiedKey host = fleet.host();
    fleet.time.advance(IssuingAuthority.HOST_LIFE.plusSeconds(1));
    Outcome outcome = Handshake.between(client(stack, host), server(stack));
    assertFails(outcome.serverFailure(), ErrorCode.CERTIFICATE_EXPIRED);
    // The JDK's server has one alert for everything that is wrong with a client's certificate.
    assertFails(
        outcome.clientFailure(),
        stack == Stack.JDK ? ErrorCode.CERTIFICATE_INVALID : ErrorCode.CERTIFICATE_EXPIRED);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldTellThatAServersCertificateExpired(Stack stack) {
    SslContext server = server(stack);
    fleet.time.advance(Duration.ofDays(91));
    Outcome outcome = Handshake.between(client(stack, fleet.host()), server);
    assertFails(outcome.clientFailure(), ErrorCode.CERTIFICATE_EXPIRED);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldTellAHostWhoseClockIsBehind(Stack stack) {
    SslContext server = server(stack);
    SslContext client = client(stack, fleet.host());
    fleet.time.setClock(Fleet.START.minus(Duration.ofDays(400)));
    Outcome outcome = Handshake.between(client, server);
    assertFails(outcome.clientFailure(), ErrorCode.CERTIFICATE_INVALID);
    assertTrue(
        TlsFailure.explain("x", outcome.clientFailure())
            .orElseThrow()
            .getMessage()
            .contains("check that clock"));
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldRefuseAHostThatPosesAsACoordinator(Stack stack) {
    Outcome outcome =
        Handshake.between(client(stack, fleet.operator()), server(stack, fleet.host()));
    assertFails(outcome.clientFailure(), ErrorCode.CERTIFICATE_INVALID);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldRefuseAJournalKeyInTls(Stack stack) {
    Outcome asClient = Handshake.between(client(stack, fleet.journalWriter()), server(stack));
    assertFails(asClient.serverFailure(), ErrorCode.CERTIFICATE_INVALID);
    Outcome asServer =
        Handshake.between(client(stack, fleet.host()), server(stack, fleet.journalWriter()));
    assertFails(asServer.clientFailure(), ErrorCode.CERTIFICATE_INVALID);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldRefuseTls12(Stack stack) throws Exception {
    SslContext old =
        SslContextBuilder.forClient()
            .sslProvider(stack.provider)
            .protocols("TLSv1.2")
            .trustManager(InsecureTrustManagerFactory.INSTANCE)
            .build();
    Outcome outcome = Handshake.between(old, server(stack));
    assertFails(outcome.clientFailure(), ErrorCode.INVALID_CONFIGURATION);
    assertFails(outcome.serverFailure(), ErrorCode.INVALID_CONFIGURATION);
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldShowTheNewCertificateAfterAReload(Stack stack) {
    CertifiedKey first = fleet.coordinator();
    CertifiedKey next = fleet.coordinator();
    ReloadableCredential credential = ReloadableCredential.of(first);
    SslContext server = contexts(stack).server(credential, fleet.trust);
    SslContext client = client(stack, fleet.host());
    assertEquals(first.leaf(), shownBy(Handshake.between(client, server)));
    credential.replace(next);
    assertEquals(next.leaf(), shownBy(Handshake.between(client, server)));
  }

  private static java.security.cert.Certificate shownBy(Outcome outcome) {
    assertTrue(outcome.succeeded(), outcome::toString);
    try {
      return outcome.clientSession().getPeerCertificates()[0];
    } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource(Stack.class)
  void shouldJudgeTheCertificateAgainOnEveryConnection(Stack stack) {
    SslContext server = server(stack);
    SslContext client = client(stack, fleet.host());
    assertTrue(Handshake.between(client, server).succeeded());
    fleet.time.advance(IssuingAuthority.HOST_LIFE.plusSeconds(1));
    Outcome later = Handshake.between(client, server);
    assertFails(later.serverFailure(), ErrorCode.CERTIFICATE_EXPIRED);
  }

  @Test
  void shouldSayWhenWhatAnswersDoesNotSpeakTls() {
    assertFails(
        new io.netty.handler.ssl.NotSslRecordException("not an SSL/TLS record: 48545450"),
        ErrorCode.INVALID_CONFIGURATION);
    assertEquals(
        Optional.empty(), TlsFailure.explain("x", new java.io.IOException("connection reset")));
  }
}
