package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.HostId;
import io.holdfast.common.identity.IssuingAuthority;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import io.holdfast.proto.wire.v1.ReadGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every method of every service, and one that is in no table, called over TLS by every kind of
 * caller. Behind the door stands a service that answers each call that gets through with ABORTED.
 */
class AuthorisationMatrixTest {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          EnrolmentGrpc.getServiceDescriptor(),
          ControlGrpc.getServiceDescriptor(),
          BackupGrpc.getServiceDescriptor(),
          ReadGrpc.getServiceDescriptor(),
          AdminGrpc.getServiceDescriptor());

  private static final String BACKDOOR = "holdfast.wire.v1.Backdoor/Open";
  private static final String FOREIGN = "grpc.health.v1.Health/Check";

  private final Map<String, ManagedChannel> callers = new LinkedHashMap<>();
  private RpcKit rpc;

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

  private static MethodDescriptor<byte[], byte[]> raw(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(new Raw())
        .setResponseMarshaller(new Raw())
        .build();
  }

  private static List<MethodDescriptor<byte[], byte[]>> methods() {
    List<MethodDescriptor<byte[], byte[]>> methods = new ArrayList<>();
    for (ServiceDescriptor service : SERVICES) {
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        methods.add(raw(method.getFullMethodName(), method.getType()));
      }
    }
    methods.add(raw(BACKDOOR, MethodType.UNARY));
    methods.add(raw(FOREIGN, MethodType.UNARY));
    return methods;
  }

  private static ServerServiceDefinition stand(MethodDescriptor<byte[], byte[]> method) {
    return ServerServiceDefinition.builder(method.getServiceName())
        .addMethod(
            method,
            (call, headers) -> {
              call.close(Status.ABORTED.withDescription("admitted"), new Metadata());
              return new ServerCall.Listener<>() {};
            })
        .build();
  }

  private static List<ServerServiceDefinition> stands() {
    Map<String, ServerServiceDefinition.Builder> builders = new LinkedHashMap<>();
    for (MethodDescriptor<byte[], byte[]> method : methods()) {
      builders
          .computeIfAbsent(method.getServiceName(), ServerServiceDefinition::builder)
          .addMethod(stand(method).getMethod(method.getFullMethodName()));
    }
    return builders.values().stream().map(ServerServiceDefinition.Builder::build).toList();
  }

  @BeforeEach
  void start() throws Exception {
    FleetKit fleet = new FleetKit(31);
    rpc = new RpcKit(fleet, stands());
    callers.put("stranger", rpc.connectAsStranger());
    callers.put("host", rpc.connect(fleet.enrol("h").credential()));
    FleetKit.Enrolled revoked = fleet.enrol("r");
    fleet.revocations.revoke(revoked.id(), "anna");
    callers.put("revoked", rpc.connect(revoked.credential()));
    callers.put(
        "unknown",
        rpc.connect(
            fleet.certified(request ->
                fleet.issuing.host(
                    request, HostId.of(fleet.randomness.bytes(16)), IssuingAuthority.HOST_LIFE))));
    HostId known = fleet.enrol("k").id();
    callers.put(
        "unjournalled",
        rpc.connect(
            fleet.certified(
                request -> fleet.issuing.host(request, known, IssuingAuthority.HOST_LIFE))));
    callers.put("operator", rpc.connect(fleet.operator()));
    callers.put("coordinator", rpc.connect(fleet.coordinator()));
    try (FleetKit other = new FleetKit(32)) {
      callers.put("other fleet", rpc.connect(other.enrol("h").credential(), fleet.trust));
    }
  }

  @AfterEach
  void stop() {
    rpc.close();
  }

  /** What the caller is told; empty if it got through. */
  private Optional<ErrorCode> call(String caller, MethodDescriptor<byte[], byte[]> method) {
    MethodDescriptor<byte[], byte[]> unary = raw(method.getFullMethodName(), MethodType.UNARY);
    try {
      ClientCalls.blockingUnaryCall(
          callers.get(caller),
          unary,
          CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
          new byte[0]);
      throw new AssertionError("answered");
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() == Status.Code.ABORTED
          ? Optional.empty()
          : Optional.of(RpcErrors.fromStatus(e, "coordinator").code());
    }
  }

  private static Optional<ErrorCode> expected(String caller, String method) {
    String service = method.substring(0, method.indexOf('/'));
    boolean forStrangers = method.equals("holdfast.wire.v1.Enrolment/Enrol");
    boolean forOperators = service.equals("holdfast.wire.v1.Admin");
    boolean forNobody = method.equals(BACKDOOR) || method.equals(FOREIGN);
    boolean forHosts = !forStrangers && !forOperators && !forNobody;
    return switch (caller) {
      case "stranger" -> allowed(forStrangers, ErrorCode.NOT_ENROLLED);
      case "host" -> allowed(forHosts, ErrorCode.NOT_AUTHORISED);
      case "revoked" -> Optional.of(forHosts ? ErrorCode.HOST_REVOKED : ErrorCode.NOT_AUTHORISED);
      case "unknown" -> Optional.of(forHosts ? ErrorCode.NOT_ENROLLED : ErrorCode.NOT_AUTHORISED);
      case "unjournalled" ->
          Optional.of(forHosts ? ErrorCode.CERTIFICATE_INVALID : ErrorCode.NOT_AUTHORISED);
      case "operator" -> allowed(forOperators, ErrorCode.NOT_AUTHORISED);
      case "coordinator" -> Optional.of(ErrorCode.NOT_AUTHORISED);
      case "other fleet" -> Optional.of(ErrorCode.UNAVAILABLE); // TLS ends it before any call
      default -> throw new AssertionError(caller);
    };
  }

  private static Optional<ErrorCode> allowed(boolean allowed, ErrorCode otherwise) {
    return allowed ? Optional.empty() : Optional.of(otherwise);
  }

  @Test
  void shouldLetThroughWhatTheTableNamesAndNothingElse() {
    List<String> wrong = new ArrayList<>();
    int calls = 0;
    for (String caller : callers.keySet()) {
      for (MethodDescriptor<byte[], byte[]> method : methods()) {
        Optional<ErrorCode> expected = expected(caller, method.getFullMethodName());
        Optional<ErrorCode> actual = call(caller, method);
        calls++;
        if (!actual.equals(expected)) {
          wrong.add(
              caller + " " + method.getFullMethodName() + ": " + actual + ", not " + expected);
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(calls >= 8 * 23, "walked " + calls);
  }
}
