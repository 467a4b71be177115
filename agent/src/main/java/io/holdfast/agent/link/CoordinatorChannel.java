package io.holdfast.agent.link;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.TlsFailure;
import io.holdfast.common.rpc.RpcErrors;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One connection to one of several coordinators. Who finds that it doesn't work says so, and the
 * next address is used from then on; calls that are open on the old one end by themselves. Any
 * thread.
 */
public final class CoordinatorChannel implements AutoCloseable {
  /** Most bytes of one message, as on the coordinator's side. */
  public static final int MESSAGE_BYTES_MAX = 8 << 20;

  /** Four attempts of the kernel's own; a coordinator that is not heard of by then is not there. */
  private static final Duration CONNECT_MAX = Duration.ofSeconds(10);

  private static final Duration KEEP_ALIVE = Duration.ofMinutes(1);
  private static final Duration KEEP_ALIVE_ANSWER = Duration.ofSeconds(20);

  private final List<Endpoint> endpoints;
  private final SslContext tls;
  private int current;
  private ManagedChannel open;
  private boolean closed;

  /** Addresses are tried in order, at least one. Nothing is opened yet. */
  public CoordinatorChannel(List<Endpoint> endpoints, SslContext tls) {
    if (endpoints.isEmpty()) {
      throw new IllegalArgumentException("no coordinator to connect to");
    }
    this.endpoints = List.copyOf(endpoints);
    this.tls = tls;
  }

  /** A use of the connection: the channel, and its far end in words and as a place. */
  public record Line(Channel channel, Endpoint endpoint) {
    /** For messages. */
    public String peer() {
      return "coordinator at " + endpoint;
    }

    /** What a failed call on this line means. */
    public HoldfastException explain(Throwable failure) {
      return TlsFailure.explain(endpoint.toString(), failure)
          .orElseGet(() -> RpcErrors.fromStatus(failure, peer()));
    }
  }

  /** The line in use, opened if need be. */
  public synchronized Line line() {
    if (closed) {
      throw new IllegalStateException("the channel is closed");
    }
    if (open == null) {
      open = connect(endpoints.get(current), tls);
    }
    return new Line(open, endpoints.get(current));
  }

  static ManagedChannel connect(Endpoint endpoint, SslContext tls) {
    return NettyChannelBuilder.forAddress(endpoint.host(), endpoint.port())
        .sslContext(tls)
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_MAX.toMillis())
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS)
        .disableRetry() // one place retries, and it is not below us
        .build();
  }

  /** {@code line} doesn't work: the next line goes to the next address. */
  @SuppressWarnings("ReferenceEquality") // the very same channel, not an equal one
  public synchronized void failed(Line line) {
    if (line.channel().equals(open)) {
      reconnect();
      current = (current + 1) % endpoints.size();
    }
  }

  /** The next line shows the credential as it is now; open calls go on under the old one. */
  public synchronized void reconnect() {
    if (open != null) {
      open.shutdown();
      open = null;
    }
  }

  /** How many addresses there are to try. */
  public int endpointCount() {
    return endpoints.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (open != null) {
      open.shutdownNow();
      open = null;
    }
  }
}
