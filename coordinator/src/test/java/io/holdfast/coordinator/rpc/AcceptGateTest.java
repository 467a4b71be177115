package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One place, and somebody who sits on it and says nothing. */
class AcceptGateTest {
  /** The kernel's name for a socket that listens, in include/net/tcp_states.h. */
  private static final String LISTENS = "0A";

  private final FleetKit fleet = new FleetKit(29);
  private final ExecutorService others = Executors.newVirtualThreadPerTaskExecutor();
  private Server server;

  @BeforeEach
  void start() throws IOException {
    TlsContexts contexts = TlsContexts.of(fleet.time);
    server =
        AcceptGate.before(
                NettyServerBuilder.forAddress(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                1,
                fleet.time::nanos)
            .sslContext(contexts.server(ReloadableCredential.of(fleet.coordinator()), fleet.trust))
            .build()
            .start();
  }

  @AfterEach
  void close() {
    server.shutdownNow();
    others.shutdownNow();
    fleet.close();
  }

  /** Connects and says nothing; returns once its place is its own. */
  private Socket silent() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    RpcKit.await("the gate takes it", () -> waitingForAccept() == 0);
    return socket;
  }

  /** Connections to the port that the kernel has and nobody took: what it calls its queue. */
  private long waitingForAccept() {
    String port = ":%04X".formatted(server.getPort());
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .map(Path::of)
        .filter(Files::exists)
        .flatMap(AcceptGateTest::lines)
        .map(line -> line.strip().split("\\s+"))
        .filter(fields -> fields[1].endsWith(port) && fields[3].equals(LISTENS))
        .mapToLong(fields -> Long.parseLong(fields[4].substring(fields[4].indexOf(':') + 1), 16))
        .sum();
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private Future<Status.Code> waitingCall() {
    Future<Status.Code> call = others.submit(this::call);
    RpcKit.await("it waits before the gate", () -> waitingForAccept() == 1);
    return call;
  }

  @Test
  void shouldGivePlacesOfEndedHandshakesToOthers() {
    for (int connection = 0; connection < 3; connection++) {
      assertEquals(Status.Code.UNIMPLEMENTED, call());
    }
  }

  @Test
  void shouldLetOthersWaitUntilWhoHasThePlaceIsGone() throws Exception {
    Future<Status.Code> waiting;
    try (Socket first = silent()) {
      waiting = waitingCall();
      assertTrue(first.isConnected());
    }
    assertEquals(Status.Code.UNIMPLEMENTED, waiting.get());
  }

  @Test
  void shouldNotLetTheSilentKeepOthersOut() throws Exception {
    try (Socket first = silent()) {
      Future<Status.Code> waiting = waitingCall();
      fleet.time.advance(AcceptGate.LONGEST.plusMillis(1));
      assertEquals(Status.Code.UNIMPLEMENTED, waiting.get());
      assertTrue(first.isConnected());
    }
  }
}
