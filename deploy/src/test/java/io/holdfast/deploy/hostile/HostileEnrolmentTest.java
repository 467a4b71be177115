package io.holdfast.deploy.hostile;

import static io.holdfast.deploy.hostile.HostileAgent.bytes;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Digests;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.SigningDomain;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.Secret;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Strangers at the door of a real coordinator: what they bring to get in, and that it isn't enough.
 */
class HostileEnrolmentTest {
  @TempDir static Path shared;

  private static Fleet fleet;
  private static Siege siege;
  private static EnrolmentToken used;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    siege = new Siege(fleet);
    used = newToken();
    assertFalse(enrol(request(used)).getHost().isEmpty());
  }

  @AfterAll
  static void stop() {
    used.close();
    fleet.close();
  }

  private static EnrolmentToken newToken() {
    try (AdminLink admin = fleet.admin()) {
      return EnrolmentToken.parse(
          admin
              .createToken(
                  CreateTokenRequest.newBuilder().setHostName("h").setValidSeconds(600).build())
              .getToken());
    }
  }

  private static EnrolRequest.Builder request(EnrolmentToken token) {
    SigningKey tls = SigningKey.generate(fleet.randomness);
    SigningKey signing = SigningKey.generate(fleet.randomness);
    HostKeyPair encryption = HostKeyPair.generate(fleet.randomness);
    byte[] csr = CertificateRequest.make(tls, fleet.randomness);
    byte[] encryptionKey = encryption.publicKey().toByteArray();
    byte[] signature =
        signing
            .sign(
                SigningDomain.ENROLMENT,
                Digests.sha256(csr).toByteArray(),
                token.secretHash().toByteArray(),
                encryptionKey)
            .toByteArray();
    return EnrolRequest.newBuilder()
        .setTokenSecret(bytes(token.secret().toByteArray()))
        .setCertificateRequest(bytes(csr))
        .setSigningKey(bytes(signing.verifyingKey().encode()))
        .setEncryptionKey(bytes(encryptionKey))
        .setSignature(bytes(signature));
  }

  private static EnrolAnswer enrol(EnrolRequest.Builder request) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(fleet.endpoint().host(), fleet.endpoint().port())
            .sslContext(TlsContexts.of(fleet.time).enrolment(used.root()))
            .build();
    try {
      return EnrolmentGrpc.newBlockingStub(channel).enrol(request.build());
    } finally {
      channel.shutdownNow();
    }
  }

  private static HoldfastException refusal(EnrolRequest.Builder request) {
    try {
      EnrolAnswer answer = enrol(request);
      throw new AssertionError("let in: " + answer.getHost());
    } catch (StatusRuntimeException e) {
      return RpcErrors.fromStatus(e, "coordinator");
    }
  }

  @Test
  void shouldNotLetAnybodyInWithAForgedOrUsedToken() throws Exception {
    try (EnrolmentToken forged =
        new EnrolmentToken(used.addresses(), used.root(), Secret.random(fleet.randomness, 32))) {
      siege.refused(ErrorCode.TOKEN_INVALID, () -> refusal(request(forged)));
    }
    siege.refused(ErrorCode.TOKEN_USED, () -> refusal(request(used)));
  }

  @Test
  void shouldNotSpendATokenOnARequestThatIsNone() throws Exception {
    try (EnrolmentToken token = newToken()) {
      EnrolRequest honest = request(token).build();
      List<EnrolRequest.Builder> wrong =
          List.of(
              honest.toBuilder().clearTokenSecret(),
              honest.toBuilder().setTokenSecret(bytes(new byte[31])),
              honest.toBuilder().clearCertificateRequest(),
              honest.toBuilder().setCertificateRequest(bytes(new byte[200])),
              honest.toBuilder().clearSigningKey(),
              honest.toBuilder().setSigningKey(bytes(new byte[91])),
              honest.toBuilder().setEncryptionKey(bytes(new byte[31])),
              honest.toBuilder().setEncryptionKey(bytes(new byte[32])),
              honest.toBuilder().clearSignature(),
              honest.toBuilder().setSignature(bytes(new byte[64])),
              honest.toBuilder().setSigningKey(request(token).getSigningKey()));
      for (EnrolRequest.Builder request : wrong) {
        long head = new JournalFiles(fleet.vault()).head();
        HoldfastException refusal = refusal(request);
        assertTrue(refusal.code() != ErrorCode.INTERNAL, refusal::getMessage);
        assertTrue(refusal.code() != ErrorCode.UNAVAILABLE, refusal::getMessage);
        assertTrue(new JournalFiles(fleet.vault()).changesAfter(head).isEmpty());
      }
      assertFalse(enrol(honest.toBuilder()).getHost().isEmpty(), "the token is still good");
    }
  }

  /** Over TLS as somebody whose certificate nobody of this fleet issued. */
  private static HoldfastException backingUpAs(CertifiedKey credential) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(fleet.endpoint().host(), fleet.endpoint().port())
            .sslContext(
                TlsContexts.of(fleet.time)
                    .client(
                        ReloadableCredential.of(credential),
                        HostileAgent.of(fleet, "known").identity.trust()))
            .build();
    try (var call = RawCall.open(BackupGrpc.newStub(channel)::session)) {
      return call.refusal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void shouldNotServeACertificateOfAnotherAuthorityThatNamesAHostOfThisFleet() throws Exception {
    fleet.enrol("known").close();
    try (HostileAgent known = HostileAgent.of(fleet, "known")) {
      FleetId sameFleet = known.identity.record().fleet();
      FleetAuthority impostor = FleetAuthority.create(sameFleet, fleet.time, fleet.randomness);
      SigningKey key = SigningKey.generate(fleet.randomness);
      CertificateRequest csr =
          CertificateRequest.verify(CertificateRequest.make(key, fleet.randomness));
      CertifiedKey posing =
          CertifiedKey.of(
              key,
              impostor.issuingAuthority("main").host(csr, known.id(), IssuingAuthority.HOST_LIFE),
              fleet.randomness);
      long head = new JournalFiles(fleet.vault()).head();
      assertTrue(backingUpAs(posing).code() == ErrorCode.UNAVAILABLE, "TLS ends it");
      assertTrue(new JournalFiles(fleet.vault()).changesAfter(head).isEmpty());
    }
  }
}
