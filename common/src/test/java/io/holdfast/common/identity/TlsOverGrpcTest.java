package io.holdfast.common.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.holdfast.common.error.ErrorCode;
import io.netty.handler.ssl.SslContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The contexts as gRPC's Netty transport uses them, on loopback, by a name no certificate holds.
 */
class TlsOverGrpcTest {
  private static final MethodDescriptor<byte[], byte[]> WHO_AM_I =
      MethodDescriptor.<byte[], byte[]>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName("test.Who/AmI")
          .setRequestMarshaller(new Raw())
          .setResponseMarshaller(new Raw())
          .build();

  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final Context.Key<SSLSession> SESSION = Context.key("session");

  private final Fleet fleet = new Fleet(7);
  private final TlsContexts contexts = TlsContexts.of(fleet.time);
  private Server server;

  @BeforeEach
  void start() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(contexts.server(ReloadableCredential.of(fleet.coordinator()), fleet.trust))
            .intercept(new SessionToContext())
            .addService(
                ServerServiceDefinition.builder("test.Who")
                    .addMethod(WHO_AM_I, ServerCalls.asyncUnaryCall(this::answer))
                    .build())
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  private static final class SessionToContext implements ServerInterceptor {
    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
        ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
      SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
      return Contexts.interceptCall(
          Context.current().withValue(SESSION, session), call, headers, next);
    }
  }

  private void answer(byte[] request, io.grpc.stub.StreamObserver<byte[]> out) {
    String who =
        fleet
            .trust
            .identify(SESSION.get(), fleet.time.now())
            .map(identity -> identity.principal().role())
            .orElse("nobody");
    out.onNext(who.getBytes(StandardCharsets.UTF_8));
    out.onCompleted();
  }

  private byte[] ask(SslContext context) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).sslContext(context).build();
    try {
      CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
      return ClientCalls.blockingUnaryCall(channel, WHO_AM_I, options, new byte[0]);
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void shouldCarryCallsAndSayWhoCalls() {
    SslContext host = contexts.client(ReloadableCredential.of(fleet.host()), fleet.trust);
    assertArrayEquals("host".getBytes(StandardCharsets.UTF_8), ask(host));
    SslContext enrolling = contexts.enrolment(fleet.authority.fingerprint());
    assertArrayEquals("nobody".getBytes(StandardCharsets.UTF_8), ask(enrolling));
  }

  @Test
  void shouldExplainARefusalThatGrpcReports() {
    Fleet other = new Fleet(8);
    SslContext stranger = contexts.enrolment(other.authority.fingerprint());
    StatusRuntimeException thrown = assertThrows(StatusRuntimeException.class, () -> ask(stranger));
    assertEquals(
        ErrorCode.CERTIFICATE_INVALID,
        TlsFailure.explain("127.0.0.1", thrown).orElseThrow().code());
  }
}
