package io.holdfast.coordinator.fleet;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.Identity;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.Purpose;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.key.HostRecoveryKey;
import io.holdfast.common.key.KeyGrant;
import io.holdfast.common.key.KeyObject;
import io.holdfast.coordinator.fleet.FleetKit.Enrolled;
import io.holdfast.coordinator.fleet.FleetKit.Machine;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.RecordBody;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.RenewAnswer;
import io.holdfast.proto.wire.v1.RenewRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EnrolmentsTest {
  private final FleetKit kit = new FleetKit(11);

  @AfterEach
  void close() {
    kit.close();
  }

  private EnrolAnswer enrol(EnrolRequest.Builder request) throws InterruptedException {
    return kit.enrolments.enrol(request.build());
  }

  @Test
  void shouldGiveAnIdentityThatTheJournalKnows() throws InterruptedException {
    Machine machine = kit.machine();
    EnrolAnswer answer = enrol(kit.request(kit.token("db1"), machine, "ip-10-0-0-7"));

    Enrolled host = kit.enrolled(answer, machine);
    Identity identity =
        FleetTrust.of(kit.authority.fingerprint())
            .verify(host.credential().chain(), Purpose.TLS_CLIENT, kit.time.now());
    assertEquals(new HostPrincipal(host.id()), identity.principal());
    assertEquals("db1", kit.hosts.get(host.id()).name(), "the operator's name goes first");
    kit.hostAuthority.admit("holdfast.wire.v1.Control/Connect", java.util.Optional.of(identity));

    KeyGrant grant = KeyGrant.parse(answer.getKeyGrant().toByteArray());
    String object = KeyObject.hostRecovery(kit.repository, host.id()).name();
    try (HostRecoveryKey key =
        HostRecoveryKey.open(kit.repository, host.id(), kit.recoveryKeys.get(object), kit.master)) {
      assertEquals(grant.recoveryPublicKey(), key.keyPair().publicKey());
    }
  }

  @Test
  void shouldPutTheRecoveryKeyIntoTheVaultBeforeTheRecordThatNamesTheHost()
      throws InterruptedException {
    EnrolmentToken token = kit.token("");
    List<Boolean> stood = new ArrayList<>();
    kit.journal.beforeAppend(body -> stood.add(recoveryKeyStands(body)));
    enrol(kit.request(token, kit.machine(), "h"));
    assertEquals(List.of(true), stood);
  }

  private boolean recoveryKeyStands(RecordBody body) {
    Change enrolled = MemoryJournal.changes(body).getFirst();
    HostId host = HostId.of(enrolled.getHostEnrolled().getHost().toByteArray());
    return kit.recoveryKeys.containsKey(KeyObject.hostRecovery(kit.repository, host).name());
  }

  @Test
  void shouldHandOutNothingThatTheJournalDidNotTake() throws InterruptedException {
    EnrolRequest.Builder request = kit.request(kit.token(""), kit.machine(), "h");
    kit.journal.failWith(new HoldfastException(ErrorCode.FENCED, "another coordinator leads"));
    assertCode(ErrorCode.FENCED, () -> enrol(request));
    assertTrue(kit.hosts.all().isEmpty());
  }

  @Test
  void shouldRefuseATokenThatLetAnotherHostInAndSoundTheAlarm() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    enrol(kit.request(token, kit.machine(), "first"));
    assertCode(ErrorCode.TOKEN_USED, () -> enrol(kit.request(token, kit.machine(), "second")));
    assertEquals(1, kit.meter.tokensReused.get());
    assertEquals(1, kit.hosts.all().size());
  }

  @Test
  void shouldAnswerAgainTheSameHostWhoseAnswerWasLost() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    Machine machine = kit.machine();
    EnrolAnswer first = enrol(kit.request(token, machine, "h"));
    EnrolAnswer second = enrol(kit.request(token, machine, "h"));
    assertEquals(first.getHost(), second.getHost());
    assertEquals(first.getKeyGrant(), second.getKeyGrant());
    assertNotEquals(first.getCertificates(0), second.getCertificates(0));
    assertEquals(0, kit.meter.tokensReused.get());
  }

  @Test
  void shouldUseNoTokenForAHostThatWantsAPrivateRepository() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    Machine machine = kit.machine();
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> enrol(kit.request(token, machine, "h").setOnlyPrivate(true)));
    assertTrue(kit.hosts.all().isEmpty());
    enrol(kit.request(token, machine, "h"));
  }

  @Test
  void shouldNotAnswerAgainARevokedHost() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    Machine machine = kit.machine();
    HostId host = HostId.of(enrol(kit.request(token, machine, "h")).getHost().toByteArray());
    kit.revocations.revoke(host, "anna");
    assertCode(ErrorCode.TOKEN_USED, () -> enrol(kit.request(token, machine, "h")));
  }

  @Test
  void shouldRefuseASecretThatNobodyMade() throws InterruptedException {
    EnrolmentToken real = kit.token("");
    EnrolmentToken forged = EnrolmentToken.generate(real.addresses(), real.root(), kit.randomness);
    assertCode(ErrorCode.TOKEN_INVALID, () -> enrol(kit.request(forged, kit.machine(), "h")));
  }

  @Test
  void shouldRefuseAnExpiredToken() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    kit.time.advance(Tokens.LIFE_DEFAULT.plusMillis(1));
    assertCode(ErrorCode.TOKEN_EXPIRED, () -> enrol(kit.request(token, kit.machine(), "h")));
  }

  @Test
  void shouldRefuseARequestThatAnyOfItsKeysDidNotMake() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    Machine machine = kit.machine();
    Machine other = kit.machine();
    EnrolRequest.Builder honest = kit.request(token, machine, "h");

    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () ->
            enrol(
                honest
                    .clone()
                    .setCertificateRequest(
                        ByteString.copyFrom(CertificateRequest.make(other.tls, kit.randomness)))));
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () ->
            enrol(
                honest
                    .clone()
                    .setEncryptionKey(
                        ByteString.copyFrom(other.encryption.publicKey().toByteArray()))));
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () ->
            enrol(
                honest
                    .clone()
                    .setSigningKey(ByteString.copyFrom(other.signing.verifyingKey().encode()))));
    byte[] csr = honest.getCertificateRequest().toByteArray();
    csr[csr.length - 1] ^= 1;
    assertCode(
        ErrorCode.CERTIFICATE_INVALID,
        () -> enrol(honest.clone().setCertificateRequest(ByteString.copyFrom(csr))));
    assertTrue(kit.hosts.all().isEmpty());
    enrol(honest); // the token was not consumed by any of that
  }

  @Test
  void shouldRefuseASignatureOverAnotherTokensSecret() throws InterruptedException {
    EnrolRequest.Builder request = kit.request(kit.token(""), kit.machine(), "h");
    EnrolmentToken other = kit.token("");
    assertCode(
        ErrorCode.SIGNATURE_INVALID,
        () -> enrol(request.setTokenSecret(ByteString.copyFrom(other.secret().toByteArray()))));
  }

  @Test
  void shouldRefuseFactsThatAreTooLongOrHideSomething() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    for (String name : List.of("x".repeat(256), "a\u001b[2Jb", "a\u202eb", "a\nb")) {
      EnrolRequest.Builder request = kit.request(token, kit.machine(), "h");
      request.setFacts(HostFacts.newBuilder().setName(name));
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> enrol(request));
    }
  }

  @Test
  void shouldLetInOnlyOneOfTwoHostsThatRaceForAToken() throws InterruptedException {
    EnrolmentToken token = kit.token("");
    kit.journal.hold();
    List<CompletableFuture<EnrolAnswer>> racers = new ArrayList<>();
    for (String name : List.of("first", "second")) {
      EnrolRequest request = kit.request(token, kit.machine(), name).build();
      racers.add(CompletableFuture.supplyAsync(() -> enrolOrThrow(request)));
    }
    while (kit.journal.heldCount() < 2) {
      LockSupport.parkNanos(100_000);
    }
    kit.journal.release();

    List<HostId> winners = new ArrayList<>();
    List<ErrorCode> losers = new ArrayList<>();
    for (CompletableFuture<EnrolAnswer> racer : racers) {
      try {
        winners.add(HostId.of(racer.join().getHost().toByteArray()));
      } catch (CompletionException e) {
        losers.add(((HoldfastException) e.getCause()).code());
      }
    }
    assertEquals(List.of(ErrorCode.TOKEN_USED), losers);
    assertEquals(winners, kit.hosts.all().stream().map(NamedHost::id).toList());
  }

  private EnrolAnswer enrolOrThrow(EnrolRequest request) {
    try {
      return kit.enrolments.enrol(request);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private RenewRequest renewal(SigningKey key) {
    return RenewRequest.newBuilder()
        .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(key, kit.randomness)))
        .build();
  }

  @Test
  void shouldRenewForANewKeyOnly() throws InterruptedException {
    Enrolled host = kit.enrol("h");
    kit.time.advance(Duration.ofDays(5));
    SigningKey key = SigningKey.generate(kit.randomness);
    RenewAnswer answer = kit.enrolments.renew(host.id(), renewal(key));
    Identity renewed =
        kit.trust.verify(
            FleetKit.chain(answer.getCertificatesList()), Purpose.TLS_CLIENT, kit.time.now());
    assertEquals(new HostPrincipal(host.id()), renewed.principal());
    assertEquals(key.id(), renewed.keyId());
    assertEquals(2, kit.ports.look(fleet -> fleet.certificates(host.id())).size());
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> kit.enrolments.renew(host.id(), renewal(host.machine().tls)));
  }

  @Test
  void shouldNotRenewForARevokedHost() throws InterruptedException {
    Enrolled host = kit.enrol("h");
    kit.revocations.revoke(host.id(), "anna");
    assertCode(
        ErrorCode.HOST_REVOKED,
        () -> kit.enrolments.renew(host.id(), renewal(SigningKey.generate(kit.randomness))));
  }

  @Test
  void shouldStopAHostThatRenewsWithoutEnd() throws InterruptedException {
    Enrolled host = kit.enrol("h");
    for (int held = 1; held < Enrolments.CERTIFICATES_MAX; held++) {
      kit.enrolments.renew(host.id(), renewal(SigningKey.generate(kit.randomness)));
    }
    assertCode(
        ErrorCode.BUSY,
        () -> kit.enrolments.renew(host.id(), renewal(SigningKey.generate(kit.randomness))));
  }

  @Test
  void shouldKeepNoSecretAndNoNameInClear() throws InterruptedException {
    EnrolmentToken token = kit.token("canary-name");
    enrol(kit.request(token, kit.machine(), "canary-host"));
    ByteString secret = ByteString.copyFrom(token.secret().toByteArray());
    for (Change change : kit.journal.changes()) {
      String bytes = change.toByteString().toString(java.nio.charset.StandardCharsets.ISO_8859_1);
      assertFalse(bytes.contains("canary"), change::toString);
      assertFalse(
          bytes.contains(secret.toString(java.nio.charset.StandardCharsets.ISO_8859_1)),
          change::toString);
    }
  }
}
