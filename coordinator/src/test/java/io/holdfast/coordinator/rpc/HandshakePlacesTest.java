package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.proto.wire.v1.EnrolRequest;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One place, and somebody who sits on it and says nothing. */
class HandshakePlacesTest {
  private final FleetKit fleet = new FleetKit(29);
  private Server server;

  @BeforeEach
  void start() throws IOException {
    TlsContexts contexts = TlsContexts.of(fleet.time);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(
                new HandshakePlaces(
                    contexts.server(ReloadableCredential.of(fleet.coordinator()), fleet.trust),
                    1,
                    fleet.time::nanos))
            .build()
            .start();
  }

  @AfterEach
  void close() {
    server.shutdownNow();
    fleet.close();
  }

  private Socket silent() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), server.getPort());
  }

  /** UNIMPLEMENTED is whoever got through: there are no services here. */
  private Status.Code call() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
            .sslContext(TlsContexts.of(fleet.time).enrolment(fleet.authority.fingerprint()))
            .build();
    try {
      return assertThrows(
              StatusRuntimeException.class,
              () -> EnrolmentGrpc.newBlockingStub(channel).enrol(EnrolRequest.getDefaultInstance()))
          .getStatus()
          .getCode();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void shouldGivePlacesOfEndedHandshakesToOthers() {
    for (int connection = 0; connection < 3; connection++) {
      assertEquals(Status.Code.UNIMPLEMENTED, call());
    }
  }

  @Test
  void shouldHangUpAtOnceWhileAllPlacesAreTaken() throws IOException {
    try (Socket first = silent()) {
      assertEquals(Status.Code.UNAVAILABLE, call());
      assertEquals(true, first.isConnected());
    }
    RpcKit.await("the place is free again", () -> call() == Status.Code.UNIMPLEMENTED);
  }

  @Test
  void shouldNotLetTheSilentKeepOthersOut() throws IOException {
    try (Socket first = silent()) {
      assertEquals(Status.Code.UNAVAILABLE, call());
      fleet.time.advance(HandshakePlaces.LONGEST.plusMillis(1));
      assertEquals(Status.Code.UNIMPLEMENTED, call());
      assertEquals(true, first.isConnected());
    }
  }
}
