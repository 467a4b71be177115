package io.holdfast.coordinator.rpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.FleetTrust;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.job.JobLimits;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;

/** One coordinator's port on loopback, and whoever connects to it. */
final class RpcKit implements AutoCloseable {
  private static final long WAIT_NANOS = 20_000_000_000L;

  final FleetKit fleet;
  final JobLimits limits = JobLimits.defaults();
  final Jobs jobs;
  final Orders orders;
  final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  final HostInterceptor door;
  private final TlsContexts contexts;
  private final Server server;
  private final List<ManagedChannel> channels = new ArrayList<>();

  RpcKit(FleetKit fleet) throws IOException {
    this(fleet, List.of());
  }

  /** With {@code stands} in place of the real services. */
  RpcKit(FleetKit fleet, List<io.grpc.ServerServiceDefinition> stands) throws IOException {
    this.fleet = fleet;
    jobs = new Jobs(fleet.ports, limits);
    orders = new Orders(fleet.ports, jobs, limits);
    contexts = TlsContexts.of(fleet.time);
    door = new HostInterceptor(fleet.hostAuthority, fleet.calls, fleet.trust, fleet.time);
    var builder =
        FleetListener.builder(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            contexts.server(ReloadableCredential.of(fleet.coordinator()), fleet.trust),
            door);
    if (stands.isEmpty()) {
      builder
          .addService(
              FleetServer.parsedBehindTheDoor(
                  new EnrolmentService(
                      fleet.enrolments,
                      fleet.sealedKeys,
                      fleet.moves,
                      Jobs.Greeting.NONE,
                      executor)))
          .addService(FleetServer.parsedBehindTheDoor(new ControlService(jobs, executor)));
    } else {
      builder.addServices(stands);
    }
    server = builder.build().start();
  }

  ManagedChannel connect(SslContext tls) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).sslContext(tls).build();
    channels.add(channel);
    return channel;
  }

  /** As a holder of {@code credential}, who trusts this fleet. */
  ManagedChannel connect(CertifiedKey credential) {
    return connect(credential, fleet.trust);
  }

  ManagedChannel connect(CertifiedKey credential, FleetTrust trust) {
    return connect(contexts.client(ReloadableCredential.of(credential), trust));
  }

  /** As somebody without a certificate, who shows {@code authorization} with each call. */
  ManagedChannel connectWith(String authorization) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), authorization);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .sslContext(contexts.anonymous(fleet.trust))
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    channels.add(channel);
    return channel;
  }

  /** As somebody with no more than the root's fingerprint. */
  ManagedChannel connectAsStranger() {
    return connect(contexts.enrolment(fleet.authority.fingerprint()));
  }

  static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + WAIT_NANOS;
    while (!condition.getAsBoolean()) {
      Assertions.assertTrue(System.nanoTime() < end, () -> "never happened: " + what);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.shutdownNow();
    executor.shutdownNow();
    fleet.close();
  }
}
