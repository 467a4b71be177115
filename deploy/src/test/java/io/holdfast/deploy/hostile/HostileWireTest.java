package io.holdfast.deploy.hostile;

import static io.holdfast.deploy.hostile.HostileAgent.bytes;
import static io.holdfast.deploy.hostile.HostileAgent.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.fleet.CallPolicy;
import io.holdfast.coordinator.fleet.OpenCalls;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.Upload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes, messages, headers and streams that no agent would send, by one with a certificate. */
class HostileWireTest {
  private static final String BACKUP = "holdfast.wire.v1.Backup/Session";

  @TempDir static Path shared;

  private static Fleet fleet;
  private static Path source;
  private static Siege siege;

  private HostileAgent mallory;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    source = Files.createDirectories(shared.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
    fleet.enrol("alice").close();
    fleet.enrol("mallory").close();
    siege = new Siege(fleet);
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @BeforeEach
  void come() {
    mallory = HostileAgent.of(fleet, "mallory");
  }

  @AfterEach
  void othersAreServed() throws Exception {
    aliceBacksUp();
    mallory.close();
    siege.awaitQuiet();
  }

  private static void aliceBacksUp() throws Exception {
    try (ProtectedHost alice = fleet.host("alice")) {
      BackupResult result = alice.backup(source);
      assertTrue(result.isComplete());
    }
  }

  /** Messages are whatever bytes the test says. */
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

  private static MethodDescriptor<byte[], byte[]> raw(String name) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodType.BIDI_STREAMING)
        .setFullMethodName(name)
        .setRequestMarshaller(new Raw())
        .setResponseMarshaller(new Raw())
        .build();
  }

  /** How a stream ends that sends {@code messages}. */
  private HoldfastException sending(String method, byte[]... messages) throws Exception {
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call =
        mallory.channel.newCall(
            raw(method), CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
    StreamObserver<byte[]> requests =
        ClientCalls.asyncBidiStreamingCall(
            call,
            new StreamObserver<>() {
              @Override
              public void onNext(byte[] answer) {}

              @Override
              public void onError(Throwable cause) {
                end.complete(cause);
              }

              @Override
              public void onCompleted() {
                end.complete(null);
              }
            });
    for (byte[] message : messages) {
      requests.onNext(message);
    }
    Throwable cause = end.get(60, TimeUnit.SECONDS);
    assertTrue(cause != null, "ended as if nothing were wrong");
    return RpcErrors.fromStatus(cause, "coordinator");
  }

  @Test
  void shouldRefuseBytesThatAreNoMessage() throws Exception {
    for (String method :
        List.of(BACKUP, "holdfast.wire.v1.Read/Session", "holdfast.wire.v1.Control/Connect")) {
      for (byte[] message :
          List.of(new byte[] {(byte) 0xff}, garbage(1_000), new byte[] {10, 100})) {
        siege.refused(ErrorCode.MALFORMED, () -> sending(method, message));
      }
    }
    siege.refused(
        ErrorCode.MALFORMED,
        () -> sending(BACKUP, HostileAgent.open(mallory.newRun()).toByteArray(), garbage(100_000)));
  }

  private static byte[] garbage(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    bytes[0] = (byte) 0xff; // a tag that doesn't end
    for (int i = 1; i < 12; i++) {
      bytes[i] = (byte) 0xff;
    }
    return bytes;
  }

  @Test
  void shouldRefuseAMessageOverTheLimit() throws Exception {
    siege.refused(ErrorCode.MESSAGE_TOO_LARGE, () -> sending(BACKUP, new byte[9 << 20]));
    byte[] open = HostileAgent.open(mallory.newRun()).toByteArray();
    siege.refused(
        ErrorCode.MESSAGE_TOO_LARGE,
        () -> saidOrReset(ErrorCode.MESSAGE_TOO_LARGE, sending(BACKUP, open, new byte[9 << 20])));
  }

  /** gRPC says why it ends a call if nothing was answered yet, and otherwise resets it. */
  private static HoldfastException saidOrReset(ErrorCode counted, HoldfastException refusal) {
    return refusal.code() == ErrorCode.CANCELLED
        ? new HoldfastException(counted, "reset", refusal)
        : refusal;
  }

  @Test
  void shouldRefuseAFloodOfHeaders() {
    Metadata headers = new Metadata();
    for (int i = 0; i < 64; i++) {
      headers.put(
          Metadata.Key.of("x-flood-" + i, Metadata.ASCII_STRING_MARSHALLER), "x".repeat(1_000));
    }
    CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCall<byte[], byte[]> call = mallory.channel.newCall(raw(BACKUP), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        headers);
    call.request(1);
    Status status = end.orTimeout(60, TimeUnit.SECONDS).join();
    assertTrue(!status.isOk(), status::toString);
  }

  /**
   * Streams that are opened and never speak: some are let in, the rest is refused, all are cheap.
   */
  @Test
  void shouldServeOthersBesideAThousandStreamsThatNeverSpeak() throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    List<RawCall<BackupRequest, BackupAnswer>> silent = new ArrayList<>();
    double before = fleet.metric(BUSY);
    try {
      for (int connection = 0; connection < 4; connection++) {
        ManagedChannel channel = mallory.connect();
        channels.add(channel);
        for (int i = 0; i < 250; i++) {
          silent.add(RawCall.open(BackupGrpc.newStub(channel)::session));
        }
      }
      assertEquals(1_000, silent.size());
      // Each connection lets 32 calls through at once; the rest waits at the caller's.
      int beyond = 4 * 32 - OpenCalls.CALLS_PER_HOST_MAX;
      Siege.await(
          "those beyond the limit are refused", () -> fleet.metric(BUSY) - before >= beyond);
      aliceBacksUp();
    } finally {
      silent.forEach(RawCall::close);
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private static final String BUSY = "holdfast_calls_refused_total{error=\"BUSY\",}";

  /** Sessions are records and hold what they refer to: one host may not open them without end. */
  @Test
  void shouldNotLetOneHostOpenSessionsWithoutEnd() throws Exception {
    List<ManagedChannel> channels = new ArrayList<>();
    siege.refused(
        ErrorCode.BUSY,
        () -> {
          try {
            return openedUntilRefused(channels);
          } finally {
            channels.forEach(ManagedChannel::shutdownNow);
          }
        });
  }

  private HoldfastException openedUntilRefused(List<ManagedChannel> channels) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      if (i % 20 == 0) {
        channels.add(mallory.connect());
      }
      RawCall<BackupRequest, BackupAnswer> call =
          RawCall.open(BackupGrpc.newStub(channels.getLast())::session);
      call.send(HostileAgent.open(mallory.newRun()));
      Optional<HoldfastException> refusal = call.refusalUnlessAnswered();
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    throw new AssertionError("1,000 sessions are open");
  }

  @Test
  void shouldEndTheSessionOfAHostThatIsRevokedAndTakeNothingMore() throws Exception {
    try (HostileAgent eve = HostileAgent.enrol(fleet, "eve")) {
      byte[] content = "after the end".getBytes(StandardCharsets.UTF_8);
      Upload.Builder upload =
          HostileAgent.upload(
              eve.seal(ChunkKind.DATA, content, List.of()), content.length, List.of());
      var run = eve.newRun();
      HandMadeTree tree = new HandMadeTree(eve).file("f", "f").make();
      try (var session = eve.session(run);
          AdminLink admin = fleet.admin()) {
        session.send(request(upload));
        var _ = admin.revokeHost("eve");
        assertEquals(ErrorCode.HOST_REVOKED, session.refusal().code());
        siege.refused(
            ErrorCode.HOST_REVOKED,
            () -> {
              try (var again = eve.backupCall()) {
                return again.refusal();
              }
            });
      }
      assertTrue(tree.uploads().size() > 1);
    }
  }

  /** A message that says it is compressed and grows beyond the limit. */
  @Test
  void shouldRefuseAMessageThatGrowsBeyondTheLimit() throws Exception {
    siege.refused(
        ErrorCode.MESSAGE_TOO_LARGE,
        () -> {
          CompletableFuture<Throwable> end = new CompletableFuture<>();
          ClientCall<byte[], byte[]> call =
              mallory.channel.newCall(raw(BACKUP), CallOptions.DEFAULT.withCompression("gzip"));
          StreamObserver<byte[]> requests =
              ClientCalls.asyncBidiStreamingCall(
                  call,
                  new StreamObserver<>() {
                    @Override
                    public void onNext(byte[] answer) {}

                    @Override
                    public void onError(Throwable cause) {
                      end.complete(cause);
                    }

                    @Override
                    public void onCompleted() {
                      end.complete(new IllegalStateException("completed"));
                    }
                  });
          requests.onNext(
              BackupRequest.newBuilder()
                  .setUpload(Upload.newBuilder().setSealed(bytes(new byte[64 << 20])))
                  .build()
                  .toByteArray());
          return RpcErrors.fromStatus(end.get(60, TimeUnit.SECONDS), "coordinator");
        });
  }

  /** What people may do isn't there at all where hosts come in. */
  @Test
  void shouldKnowOnlyMethodsThatThereAreForHosts() throws Exception {
    List<String> peoples = CallPolicy.callsOf(CallPolicy.Role.ADMIN);
    assertTrue(peoples.contains("Keys/EraseHost"), peoples::toString);
    List<String> methods = new ArrayList<>(peoples);
    methods.add("No/Such");
    for (String method : methods) {
      siege.refused(ErrorCode.UNKNOWN_VERSION, () -> sending("holdfast.wire.v1." + method));
    }
  }
}
