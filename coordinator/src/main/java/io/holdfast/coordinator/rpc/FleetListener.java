package io.holdfast.coordinator.rpc;

import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The settings of the ports that agents and people connect to. */
public final class FleetListener {
  /** Most bytes of one message: the largest sealed chunk, 4 MiB and a little, fits well. */
  public static final int MESSAGE_BYTES_MAX = 8 << 20;

  /** Most calls on one connection: an agent needs three or four. */
  private static final int CALLS_PER_CONNECTION_MAX = 32;

  private static final int HEADER_BYTES_MAX = 16 << 10;

  /** Agents ask every minute; who asks more often than this is cut off. */
  private static final Duration KEEP_ALIVE_MIN = Duration.ofSeconds(30);

  private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);
  private static final Duration KEEP_ALIVE_ANSWER = Duration.ofSeconds(20);
  private static final Duration HANDSHAKE_MAX = Duration.ofSeconds(20);

  private FleetListener() {}

  /**
   * A server at {@code address}, all of whose calls pass {@code door}; services are to be added.
   */
  public static NettyServerBuilder builder(
      SocketAddress address, SslContext tls, HostInterceptor door) {
    return builder(address, tls, door::nanos)
        .intercept(door)
        .addStreamTracerFactory(CallFate.factory(door::refusedByTransport));
  }

  /** As {@link #builder(SocketAddress, SslContext, HostInterceptor)}, for people. */
  public static NettyServerBuilder builder(SocketAddress address, SslContext tls, PeopleDoor door) {
    return builder(address, tls, door::nanos)
        .intercept(door)
        .addStreamTracerFactory(CallFate.factory(door::refusedByTransport));
  }

  private static NettyServerBuilder builder(
      SocketAddress address, SslContext tls, LongSupplier nanos) {
    return AcceptGate.before(NettyServerBuilder.forAddress(address), nanos)
        .sslContext(tls)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .maxInboundMetadataSize(HEADER_BYTES_MAX)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .handshakeTimeout(HANDSHAKE_MAX.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveTime(KEEP_ALIVE_MIN.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS);
  }
}
