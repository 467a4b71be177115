package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.BindableService;
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
import io.holdfast.coordinator.fleet.CallPolicy;
import io.holdfast.coordinator.fleet.CallPolicy.Role;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.people.AccessTokens;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.PeopleKit;
import io.holdfast.proto.wire.v1.AdminGrpc;
import io.holdfast.proto.wire.v1.AuditLogGrpc;
import io.holdfast.proto.wire.v1.BackupGrpc;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import io.holdfast.proto.wire.v1.KeysGrpc;
import io.holdfast.proto.wire.v1.PeopleGrpc;
import io.holdfast.proto.wire.v1.ReadGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of every service, and one that is in no table, called at every door by every kind of
 * caller. Behind each door stands a service that answers each call that gets through with ABORTED.
 * Who may do what is read from the table in the README.
 */
class AuthorisationMatrixTest {
  private static final List<ServiceDescriptor> SERVICES =
      List.of(
          EnrolmentGrpc.getServiceDescriptor(),
          ControlGrpc.getServiceDescriptor(),
          BackupGrpc.getServiceDescriptor(),
          ReadGrpc.getServiceDescriptor(),
          AdminGrpc.getServiceDescriptor(),
          PeopleGrpc.getServiceDescriptor(),
          AuditLogGrpc.getServiceDescriptor(),
          KeysGrpc.getServiceDescriptor());

  private static final String BACKDOOR = "holdfast.wire.v1.Backdoor/Open";
  private static final String FOREIGN = "grpc.health.v1.Health/Check";

  private final Map<String, ManagedChannel> callers = new LinkedHashMap<>();
  @TempDir private Path directory;
  private RpcKit rpc;
  private PeoplePorts ports;
  private PrintedTable printed;

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
    FleetKit.Enrolled moved = fleet.enrol("m");
    fleet.moveAway(moved.id());
    callers.put("moved", rpc.connect(moved.credential()));
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
    printed = PrintedTable.read();
    startPeople(fleet);
  }

  private void startPeople(FleetKit fleet) throws Exception {
    PeopleKit people = new PeopleKit(fleet);
    ports =
        new PeoplePorts(
            people,
            stands().stream().<BindableService>map(stand -> () -> stand).toList(),
            directory.resolve("s"));
    callers.put("local", ports.local());
    callers.put("nobody", ports.remote((String) null));
    callers.put("no scheme", ports.remote("hfa1.x"));
    callers.put("no token", ports.remote("Bearer x"));
    for (Role role : List.of(Role.VIEWER, Role.OPERATOR, Role.ADMIN)) {
      String name = role.name().toLowerCase(Locale.ROOT);
      people.add(name, role);
      callers.put("token of " + name, ports.remote(bearer(people, name)));
    }
    people.people.add("gone", Role.ADMIN, "anna");
    String ofGone = bearer(people, "gone");
    people.people.remove("gone", "anna");
    callers.put("token of who was removed", ports.remote(ofGone));
    AccessTokens.NewToken revoked = people.create("admin", Duration.ofDays(1));
    people.tokens.revoke(revoked.known().token().id().toString(), Actor.LOCAL);
    callers.put("revoked token", ports.remote("Bearer " + revoked.token().encode()));
    String expired = "Bearer " + people.token("admin", Duration.ofMillis(1));
    fleet.time.advance(Duration.ofMillis(2));
    callers.put("expired token", ports.remote(expired));
    callers.put("host at the people's port", ports.remote(fleet.enrol("p").credential(), null));
    callers.put("certified operator at the people's port", ports.remote(fleet.operator(), null));
    callers.put(
        "host with the token of viewer",
        ports.remote(fleet.enrol("q").credential(), bearer(people, "viewer")));
    callers.put("token of admin at the fleet's port", rpc.connectWith(bearer(people, "admin")));
  }

  private static String bearer(PeopleKit people, String name) throws InterruptedException {
    return "Bearer " + people.token(name, Duration.ofDays(1));
  }

  @AfterEach
  void stop() {
    ports.close();
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

  private Optional<ErrorCode> expected(String caller, String method) {
    boolean forStrangers = printed.allows(Role.STRANGER, method);
    boolean forHosts = printed.allows(Role.HOST, method);
    return switch (caller) {
      case "stranger", "token of admin at the fleet's port" ->
          allowed(forStrangers, ErrorCode.NOT_ENROLLED);
      case "host" -> allowed(forHosts, ErrorCode.NOT_AUTHORISED);
      case "revoked" -> Optional.of(forHosts ? ErrorCode.HOST_REVOKED : ErrorCode.NOT_AUTHORISED);
      case "moved" ->
          allowed(
              printed.allows(Role.MOVED_HOST, method),
              forHosts ? ErrorCode.HOST_REVOKED : ErrorCode.NOT_AUTHORISED);
      case "unknown" -> Optional.of(forHosts ? ErrorCode.NOT_ENROLLED : ErrorCode.NOT_AUTHORISED);
      case "unjournalled" ->
          Optional.of(forHosts ? ErrorCode.CERTIFICATE_INVALID : ErrorCode.NOT_AUTHORISED);
      case "operator", "coordinator" -> Optional.of(ErrorCode.NOT_AUTHORISED);
      case "other fleet" -> Optional.of(ErrorCode.UNAVAILABLE); // TLS ends it before any call
      default -> expectedOfPerson(caller, method);
    };
  }

  private Optional<ErrorCode> expectedOfPerson(String caller, String method) {
    return switch (caller) {
      case "local", "token of admin" ->
          allowed(printed.allows(Role.ADMIN, method), ErrorCode.NOT_AUTHORISED);
      case "token of operator" ->
          allowed(printed.allows(Role.OPERATOR, method), ErrorCode.NOT_AUTHORISED);
      case "token of viewer", "host with the token of viewer" ->
          allowed(printed.allows(Role.VIEWER, method), ErrorCode.NOT_AUTHORISED);
      case "expired token" -> Optional.of(ErrorCode.ACCESS_TOKEN_EXPIRED);
      case "nobody",
          "no scheme",
          "no token",
          "revoked token",
          "token of who was removed",
          "host at the people's port",
          "certified operator at the people's port" ->
          Optional.of(ErrorCode.ACCESS_TOKEN_INVALID);
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
    assertTrue(calls >= 20 * 45, "walked " + calls);
  }

  @Test
  void shouldPrintTheTableAsItIs() {
    for (Role role : Role.values()) {
      List<String> calls = CallPolicy.callsOf(role);
      assertEquals(calls, printed.callsOf(role), () -> "in the README: " + rows());
    }
  }

  private static String rows() {
    List<String> viewer = CallPolicy.callsOf(Role.VIEWER);
    List<String> operator = new ArrayList<>(CallPolicy.callsOf(Role.OPERATOR));
    List<String> admin = new ArrayList<>(CallPolicy.callsOf(Role.ADMIN));
    admin.removeAll(operator);
    operator.removeAll(viewer);
    return String.join(
        "\n",
        "",
        PrintedTable.row("| who has an enrolment token | ", CallPolicy.callsOf(Role.STRANGER)),
        PrintedTable.row("| a host | ", CallPolicy.callsOf(Role.HOST)),
        PrintedTable.row("| a host that moved away | ", CallPolicy.callsOf(Role.MOVED_HOST)),
        PrintedTable.row("| a viewer | ", viewer),
        PrintedTable.row("| an operator, in addition | ", operator),
        PrintedTable.row("| an admin, in addition | ", admin));
  }

  @Test
  void shouldHaveALineForEveryCallAndForNoOther() {
    List<String> lines = new ArrayList<>();
    for (Role role : Role.values()) {
      lines.addAll(CallPolicy.callsOf(role));
    }
    List<String> all =
        SERVICES.stream()
            .flatMap(service -> service.getMethods().stream())
            .map(method -> method.getFullMethodName().replace("holdfast.wire.v1.", ""))
            .sorted()
            .toList();
    assertEquals(all, lines.stream().distinct().sorted().toList());
  }
}
