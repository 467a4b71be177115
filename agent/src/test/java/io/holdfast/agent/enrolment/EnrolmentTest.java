package io.holdfast.agent.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.FakeCoordinator;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.Principal.HostPrincipal;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.proto.wire.v1.HostFacts;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EnrolmentTest {
  @TempDir private Path directory;
  private FakeCoordinator coordinator;
  private StateDirectory state;
  private Enrolment enrolment;

  @BeforeEach
  void start() throws IOException {
    coordinator = new FakeCoordinator(61);
    state = StateDirectory.open(directory.resolve("state"));
    enrolment = new Enrolment(state, coordinator.time, coordinator.randomness);
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  private HostIdentity enrol() {
    return enrolment.enrol(
        coordinator.token(coordinator.endpoint()), HostFacts.getDefaultInstance());
  }

  private static HoldfastException assertCode(ErrorCode code, Executable action) {
    HoldfastException thrown = assertThrows(HoldfastException.class, action);
    assertEquals(code, thrown.code(), thrown.getMessage());
    return thrown;
  }

  private void assertNotEnrolled() {
    assertCode(ErrorCode.NOT_ENROLLED, () -> HostIdentity.load(state, coordinator.randomness));
  }

  @Test
  void shouldBeTheSameHostAfterARestart() {
    assertNotEnrolled();
    try (HostIdentity made = enrol();
        HostIdentity loaded = HostIdentity.load(state, coordinator.randomness)) {
      assertEquals(coordinator.host, made.record().host());
      assertEquals(made.record(), loaded.record());
      assertEquals(new HostPrincipal(coordinator.host), loaded.identity().principal());
      assertEquals(made.signingKey().id(), loaded.signingKey().id());
      assertEquals(made.encryptionKey().publicKey(), loaded.encryptionKey().publicKey());
      assertEquals(made.grant().recoveryPublicKey(), loaded.grant().recoveryPublicKey());
      assertEquals(List.of(coordinator.endpoint()), loaded.record().coordinators());
      assertNotEquals(made.signingKey().id(), made.identity().keyId());
    }
  }

  @Test
  void shouldKeepEveryFileForTheOwnerAlone() throws IOException {
    enrol().close();
    try (var files = Files.walk(state.root())) {
      for (Path file : files.toList()) {
        String expected = Files.isDirectory(file) ? "rwx------" : "rw-------";
        assertEquals(
            expected,
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file::toString);
      }
    }
  }

  @Test
  void shouldRefuseACoordinatorWithAnotherRootThanTheTokens() throws IOException {
    try (FakeCoordinator impostor = new FakeCoordinator(62)) {
      assertCode(
          ErrorCode.CERTIFICATE_INVALID,
          () ->
              enrolment.enrol(
                  coordinator.token(impostor.endpoint()), HostFacts.getDefaultInstance()));
    }
    assertNotEnrolled();
  }

  @Test
  void shouldRefuseACertificateForAnotherHostThanTheAnswerNames() {
    coordinator.certified = HostId.of(new byte[16]);
    assertCode(ErrorCode.MALFORMED, this::enrol);
    assertNotEnrolled();
  }

  @Test
  void shouldSayWhatTheCoordinatorRefusedWith() {
    coordinator.failure =
        Optional.of(new HoldfastException(ErrorCode.TOKEN_EXPIRED, "expired at noon"));
    HoldfastException thrown = assertCode(ErrorCode.TOKEN_EXPIRED, this::enrol);
    assertTrue(thrown.getMessage().contains("noon"));
    assertNotEnrolled();
  }

  @Test
  void shouldTryTheNextAddressOfTheToken() {
    Endpoint nobody = new Endpoint("127.0.0.1", 1);
    enrolment
        .enrol(coordinator.token(nobody, coordinator.endpoint()), HostFacts.getDefaultInstance())
        .close();
  }

  @Test
  void shouldNotEnrolAHostThatIsEnrolled() {
    enrol().close();
    assertCode(ErrorCode.INVALID_ARGUMENT, this::enrol);
  }

  @Test
  void shouldNotCountAnEnrolmentThatWasCutShort() throws IOException {
    enrol().close();
    Files.delete(state.enrolled());
    assertNotEnrolled();
    enrol().close();
  }

  @Test
  void shouldNameADamagedFile() throws IOException {
    enrol().close();
    Files.writeString(
        state.enrolled(),
        Files.readString(state.enrolled()).replace("holdfast-host 1", "holdfast-host 2"));
    HoldfastException thrown =
        assertCode(ErrorCode.MALFORMED, () -> HostIdentity.load(state, coordinator.randomness));
    assertTrue(thrown.getMessage().contains(state.enrolled().toString()));
  }

  private CoordinatorChannel channel(HostIdentity identity) {
    return new CoordinatorChannel(
        identity.record().coordinators(),
        TlsContexts.of(coordinator.time).client(identity.credential(), identity.trust()));
  }

  private Renewal renewal(HostIdentity identity, CoordinatorChannel channel) {
    return new Renewal(state, identity, channel, coordinator.time, coordinator.randomness);
  }

  @Test
  void shouldRenewUnderANewKeyAfterTwoThirdsOfItsLife() {
    try (HostIdentity identity = enrol();
        CoordinatorChannel channel = channel(identity)) {
      Renewal renewal = renewal(identity, channel);
      BigInteger before = identity.identity().serial();
      var key = identity.identity().keyId();
      assertFalse(renewal.due().isBefore(identity.identity().renewAt()));
      coordinator.time.setClock(renewal.due().minusSeconds(1));
      assertEquals(Duration.ofSeconds(1), renewal.poll());
      assertEquals(before, identity.identity().serial());

      coordinator.time.setClock(renewal.due());
      renewal.poll();
      assertNotEquals(before, identity.identity().serial());
      assertNotEquals(key, identity.identity().keyId());
      try (HostIdentity loaded = HostIdentity.load(state, coordinator.randomness)) {
        assertEquals(identity.identity().serial(), loaded.identity().serial());
      }
      assertTrue(renewal.due().isAfter(coordinator.time.now()));
    }
  }

  @Test
  void shouldKeepTheOldCertificateWhenTheNewOneIsRefusedOrWrong() {
    try (HostIdentity identity = enrol();
        CoordinatorChannel channel = channel(identity)) {
      Renewal renewal = renewal(identity, channel);
      BigInteger before = identity.identity().serial();
      coordinator.time.setClock(renewal.due());
      coordinator.failure =
          Optional.of(new HoldfastException(ErrorCode.NOT_LEADER, "another one leads"));
      assertEquals(Duration.ofMinutes(1), renewal.poll());
      coordinator.failure = Optional.empty();
      coordinator.certified = HostId.of(new byte[16]);
      renewal.poll();
      assertEquals(before, identity.identity().serial());
      coordinator.certified = coordinator.host;
      renewal.poll();
      assertNotEquals(before, identity.identity().serial());
    }
  }

  @Test
  void shouldSayWhatToDoWhenTheCertificateHasExpired() {
    try (HostIdentity identity = enrol()) {
      identity.requireValid(coordinator.time.now());
      coordinator.time.advance(Duration.ofDays(8));
      HoldfastException thrown =
          assertCode(
              ErrorCode.CERTIFICATE_EXPIRED, () -> identity.requireValid(coordinator.time.now()));
      assertTrue(thrown.getMessage().contains("holdfast token create"));
    }
  }

  @Test
  void shouldSpreadRenewalsOverSomeHours() {
    try (HostIdentity identity = enrol();
        CoordinatorChannel channel = channel(identity)) {
      long distinct =
          java.util.stream.IntStream.range(0, 50)
              .mapToObj(i -> renewal(identity, channel).due())
              .distinct()
              .count();
      assertTrue(distinct > 20, "only " + distinct);
    }
  }
}
