package io.holdfast.coordinator.rpc;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.people.PeopleKit;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One coordinator's port for people on loopback, and its local socket. */
final class PeoplePorts implements AutoCloseable {
  private final FleetKit fleet;
  private final TlsContexts contexts;
  private final Server server;
  private final AdminSocket socket;
  private final Path socketPath;
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<ManagedChannel> channels = new ArrayList<>();

  PeoplePorts(PeopleKit people, List<BindableService> services, Path socketPath)
      throws IOException {
    this.fleet = people.fleet;
    this.socketPath = socketPath;
    contexts = TlsContexts.of(fleet.time);
    PeopleDoor door = PeopleDoor.byToken(people.tokens, fleet.meter, fleet.time);
    NettyServerBuilder builder =
        FleetListener.builder(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            contexts.server(ReloadableCredential.of(fleet.coordinator()), fleet.trust),
            door);
    services.forEach(builder::addService);
    server = builder.build().start();
    socket = AdminSocket.open(socketPath, services, PeopleDoor.atSocket(fleet.time));
  }

  /** As whoever may write to the socket. */
  ManagedChannel local() {
    return keep(
        NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socketPath))
            .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
            .eventLoopGroup(loop)
            .usePlaintext()
            .overrideAuthority("coordinator")
            .build());
  }

  /** By TLS without a certificate and with this header, or none. */
  ManagedChannel remote(String authorization) {
    return connect(contexts.anonymous(fleet.trust), authorization);
  }

  /** By TLS with a certificate, and with this header, or none. */
  ManagedChannel remote(CertifiedKey credential, String authorization) {
    return connect(
        contexts.client(ReloadableCredential.of(credential), fleet.trust), authorization);
  }

  private ManagedChannel connect(SslContext tls, String authorization) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).sslContext(tls);
    if (authorization != null) {
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
      builder.intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
    return keep(builder.build());
  }

  private ManagedChannel keep(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
    socket.close();
    var _ = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }
}
