package io.holdfast.coordinator.rpc;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Before a port: so many TLS handshakes at one time. Whoever comes while all places are taken waits
 * in the kernel's queue, which is short; and once that is full, the kernel of whoever comes tries
 * again by itself. None of this costs either side anything.
 *
 * <p>Without it, of ten thousand hosts that come back together most would wait for longer than
 * either side waits for a handshake, which is ten seconds: the work would be done for those who
 * have just gone away, and again for those who try again, for ever in the worst case. With it, what
 * is begun is ended within a second or two.
 *
 * <p>A place is given back when the handshake is over, and anyway after {@link #LONGEST}, though
 * the handshake may go on: whoever connects and says nothing keeps nobody out for long.
 *
 * <p>In the pipeline of one listening channel; on its event loop only.
 */
final class AcceptGate extends ChannelInboundHandlerAdapter {
  /** Handshakes a processor, of which it does some hundred a second. */
  static final int PLACES_A_PROCESSOR = 128;

  /** What waits in the kernel's queue, for each place. */
  private static final int WAITING_A_PLACE = 2;

  static final Duration LONGEST = Duration.ofSeconds(3);

  /** Between two looks whether a place is free, while none is. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  private record Taken(Channel connection, long sinceNanos) {}

  /** Threads of all ports of this process, which end with it. */
  private static final class Loops {
    static final EventLoopGroup BOSS = loops(1, "fleet-accept");
    static final EventLoopGroup WORKER = loops(0, "fleet-io"); // one a processor

    private static EventLoopGroup loops(int threads, String name) {
      return new MultiThreadIoEventLoopGroup(
          threads, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
    }
  }

  private final int places;
  private final LongSupplier nanos;
  private final List<Taken> taken = new ArrayList<>();

  private AcceptGate(int places, LongSupplier nanos) {
    this.places = places;
    this.nanos = nanos;
  }

  /** With as many places as this machine can do in a second or two. */
  static NettyServerBuilder before(NettyServerBuilder port, LongSupplier nanos) {
    return before(port, PLACES_A_PROCESSOR * Runtime.getRuntime().availableProcessors(), nanos);
  }

  static NettyServerBuilder before(NettyServerBuilder port, int places, LongSupplier nanos) {
    return port.bossEventLoopGroup(Loops.BOSS)
        .workerEventLoopGroup(Loops.WORKER)
        .withOption(ChannelOption.SO_BACKLOG, WAITING_A_PLACE * places)
        .channelFactory(() -> {
          EpollServerSocketChannel listening = new EpollServerSocketChannel();
          listening.pipeline().addLast(new AcceptGate(places, nanos));
          return listening;
        });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object connection) {
    taken.add(new Taken((Channel) connection, nanos.getAsLong()));
    context.fireChannelRead(connection);
    if (!isPlaceFree()) {
      context.channel().config().setAutoRead(false);
      lookSoon(context);
    }
  }

  private void lookSoon(ChannelHandlerContext context) {
    var _ =
        context
            .executor()
            .schedule(() -> look(context), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(ChannelHandlerContext context) {
    if (isPlaceFree()) {
      context.channel().config().setAutoRead(true);
    } else if (context.channel().isOpen()) {
      lookSoon(context);
    }
  }

  private boolean isPlaceFree() {
    if (taken.size() >= places) {
      long now = nanos.getAsLong();
      taken.removeIf(place -> isOver(place, now));
    }
    return taken.size() < places;
  }

  private static boolean isOver(Taken place, long now) {
    SslHandler tls = place.connection().pipeline().get(SslHandler.class);
    return now - place.sinceNanos() > LONGEST.toNanos()
        || (tls != null && tls.handshakeFuture().isDone())
        || !place.connection().isOpen();
  }
}
