package io.holdfast.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.holdfast.common.id.CoordinatorId;
import io.holdfast.common.id.FleetId;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.RepositoryId;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.Certificates;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.FleetAuthority;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.key.HostKeyPair;
import io.holdfast.common.key.RepositoryKeys;
import io.holdfast.common.key.Secret;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.ManualTime;
import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.CompleteMoveAnswer;
import io.holdfast.proto.wire.v1.CompleteMoveRequest;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import io.holdfast.proto.wire.v1.RenewAnswer;
import io.holdfast.proto.wire.v1.RenewRequest;
import io.holdfast.proto.wire.v1.Welcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assertions;

/**
 * A coordinator that does what a test says, over real TLS. It certifies whoever asks and can be
 * made to answer wrongly.
 */
public final class FakeCoordinator implements AutoCloseable {
  public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final long WAIT_SECONDS = 30;

  public final ManualTime time = new ManualTime(START);
  public final SeededRandomness randomness;
  public final FleetAuthority authority;
  public final IssuingAuthority issuing;
  public final FleetTrust trust;
  public final RepositoryKeys keys;
  public final HostId host;

  /** What the next calls fail with. */
  public volatile Optional<RuntimeException> failure = Optional.empty();

  /** Whom certificates are for. */
  public volatile HostId certified;

  /** How the coordinator introduces itself. */
  public volatile Authority introduction;

  public volatile long heartbeatMillis = 60_000;

  /** Streams that agents opened, after their hello. */
  public final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();

  /** What hosts said that went to another repository. */
  public final BlockingQueue<CompleteMoveRequest> moves = new LinkedBlockingQueue<>();

  private final Server server;

  public FakeCoordinator(long seed) throws IOException {
    randomness = new SeededRandomness(seed);
    authority = FleetAuthority.create(FleetId.of(randomness.bytes(16)), time, randomness);
    issuing = authority.issuingAuthority("alpha");
    trust = FleetTrust.of(authority.certificate());
    keys = RepositoryKeys.generate(RepositoryId.of(randomness.bytes(16)), randomness);
    host = HostId.of(randomness.bytes(16));
    certified = host;
    introduction = authority(1, 1);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(TlsContexts.of(time).server(ReloadableCredential.of(coordinator()), trust))
            .addService(new Enrolment())
            .addService(new Control())
            .build()
            .start();
  }

  /** In the one epoch and incarnation of these tests. */
  public static Authority authority(long term, long seq) {
    return Authority.newBuilder()
        .setSiteEpochNumber(1)
        .setSiteEpochId(ByteString.copyFrom(new byte[16]))
        .setIncarnation(ByteString.copyFrom(new byte[16]))
        .setTerm(term)
        .setSeq(seq)
        .setRecordHash(ByteString.copyFrom(new byte[32]))
        .build();
  }

  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", server.getPort());
  }

  public EnrolmentToken token(Endpoint... endpoints) {
    return EnrolmentToken.generate(List.of(endpoints), authority.fingerprint(), randomness);
  }

  private CertifiedKey certify(SigningKey key, List<X509Certificate> chain) {
    return CertifiedKey.of(key, chain, randomness);
  }

  private CertifiedKey coordinator() {
    SigningKey key = SigningKey.generate(randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, randomness));
    return certify(
        key,
        issuing.coordinator(
            request, CoordinatorId.of(randomness.bytes(16)), Duration.ofDays(900), List.of()));
  }

  public CertifiedKey hostCredential() {
    SigningKey key = SigningKey.generate(randomness);
    CertificateRequest request =
        CertificateRequest.verify(CertificateRequest.make(key, randomness));
    return certify(key, issuing.host(request, host, IssuingAuthority.HOST_LIFE));
  }

  /** A channel of the host's agent. */
  public CoordinatorChannel channel(Endpoint... endpoints) {
    return new CoordinatorChannel(
        List.of(endpoints),
        TlsContexts.of(time).client(ReloadableCredential.of(hostCredential()), trust));
  }

  private List<ByteString> chain(ByteString request) {
    return Certificates.encodeChain(
            issuing.host(
                CertificateRequest.verify(request.toByteArray()),
                certified,
                IssuingAuthority.HOST_LIFE))
        .stream()
        .map(ByteString::copyFrom)
        .toList();
  }

  private final class Enrolment extends EnrolmentGrpc.EnrolmentImplBase {
    @Override
    public void enrol(EnrolRequest request, StreamObserver<EnrolAnswer> answers) {
      if (failure.isPresent()) {
        answers.onError(RpcErrors.toStatus(failure.get()));
        return;
      }
      try (Secret grant = keys.grant(HostKeyPair.generate(randomness).publicKey()).encode()) {
        answers.onNext(
            EnrolAnswer.newBuilder()
                .setHost(ByteString.copyFrom(host.toByteArray()))
                .setFleet(ByteString.copyFrom(authority.fleet().toByteArray()))
                .setRepository(ByteString.copyFrom(keys.repository().toByteArray()))
                .addAllCertificates(chain(request.getCertificateRequest()))
                .setKeyGrant(ByteString.copyFrom(grant.toByteArray()))
                .setAuthority(introduction)
                .build());
        answers.onCompleted();
      }
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewAnswer> answers) {
      if (failure.isPresent()) {
        answers.onError(RpcErrors.toStatus(failure.get()));
        return;
      }
      answers.onNext(
          RenewAnswer.newBuilder()
              .addAllCertificates(chain(request.getCertificateRequest()))
              .build());
      answers.onCompleted();
    }

    @Override
    public void completeMove(
        CompleteMoveRequest request, StreamObserver<CompleteMoveAnswer> answers) {
      if (failure.isPresent()) {
        answers.onError(RpcErrors.toStatus(failure.get()));
        return;
      }
      moves.add(request);
      answers.onNext(CompleteMoveAnswer.getDefaultInstance());
      answers.onCompleted();
    }
  }

  private final class Control extends ControlGrpc.ControlImplBase {
    @Override
    public StreamObserver<AgentMessage> connect(StreamObserver<CoordinatorMessage> answers) {
      // With a handler gRPC drops what is sent to an agent that has left, as the real one does.
      ((ServerCallStreamObserver<CoordinatorMessage>) answers).setOnCancelHandler(() -> {});
      return new Stream(answers, FakeCoordinator.this::greet);
    }
  }

  private void greet(Stream stream) {
    if (failure.isPresent()) {
      stream.fail(failure.get());
      return;
    }
    stream.send(
        CoordinatorMessage.newBuilder()
            .setWelcome(
                Welcome.newBuilder().setAuthority(introduction).setHeartbeatMillis(heartbeatMillis))
            .build());
    streams.add(stream);
  }

  /** The next stream that an agent opens. */
  public Stream stream() throws InterruptedException {
    Stream stream = streams.poll(WAIT_SECONDS, TimeUnit.SECONDS);
    Assertions.assertNotNull(stream, "no agent came");
    return stream;
  }

  /** One control stream, from the coordinator's side. */
  public static final class Stream implements StreamObserver<AgentMessage> {
    private final StreamObserver<CoordinatorMessage> out;
    public final BlockingQueue<AgentMessage> received = new LinkedBlockingQueue<>();

    private final Consumer<Stream> greeting;

    Stream(StreamObserver<CoordinatorMessage> out, Consumer<Stream> greeting) {
      this.out = out;
      this.greeting = greeting;
    }

    public synchronized void send(CoordinatorMessage message) {
      out.onNext(message);
    }

    /** The next message of {@code kind}; others are passed over. */
    public AgentMessage next(AgentMessage.MessageCase kind) throws InterruptedException {
      while (true) {
        AgentMessage message = received.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        Assertions.assertNotNull(message, "the agent did not send " + kind);
        if (message.getMessageCase() == kind) {
          return message;
        }
      }
    }

    /** Breaks the stream off. */
    public synchronized void fail(RuntimeException why) {
      out.onError(RpcErrors.toStatus(why));
    }

    @Override
    public void onNext(AgentMessage message) {
      received.add(message);
      if (message.hasHello()) {
        greeting.accept(this);
      }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }

  @Override
  public void close() {
    server.shutdownNow();
    keys.close();
  }
}
