package io.holdfast.coordinator.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.CertificateRequest;
import io.holdfast.common.identity.CertifiedKey;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.identity.ReloadableCredential;
import io.holdfast.common.identity.SigningKey;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.identity.TlsFailure;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.coordinator.browse.Browser;
import io.holdfast.coordinator.browse.RestorePlans;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.FleetKit.Enrolled;
import io.holdfast.coordinator.fleet.FleetKit.Machine;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.fleet.Quotas;
import io.holdfast.coordinator.job.JobBook;
import io.holdfast.coordinator.job.JobLogs;
import io.holdfast.coordinator.job.JobWatch;
import io.holdfast.coordinator.job.RestoreSpeeds;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.ControlGrpc;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.EnrolAnswer;
import io.holdfast.proto.wire.v1.EnrolmentGrpc;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RenewAnswer;
import io.holdfast.proto.wire.v1.RenewRequest;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Joining, control streams and orders over real mutual TLS on loopback. */
@Timeout(60)
class ControlServiceTest {
  @TempDir Path logs;

  private final FleetKit fleet = new FleetKit(41);
  private RpcKit rpc;
  private AdminHosts adminHosts;
  private AdminJobs adminJobs;

  @BeforeEach
  void start() throws IOException {
    rpc = new RpcKit(fleet);
    adminHosts =
        new AdminHosts(
            fleet.ports,
            fleet.hosts,
            fleet.tokens,
            fleet.revocations,
            new Quotas(fleet.ports, host -> 0),
            fleet.moves,
            rpc.jobs,
            List::of);
    adminJobs =
        new AdminJobs(
            fleet.hosts,
            (name, host) -> {
              throw new HoldfastException(ErrorCode.SNAPSHOT_NOT_FOUND, "there are none");
            },
            rpc.orders,
            rpc.jobs,
            new JobBook(fleet.ports, fleet.hosts, rpc.jobs, List::of),
            new RestorePlans( // no snapshot is opened here
                fleet.catalog::view, new Browser(null), new RestoreSpeeds()),
            JobLogs.open(logs, FileSystem.local(), fleet.time, JobLogs.Limits.STANDARD));
  }

  @AfterEach
  void stop() {
    rpc.close();
  }

  /** An agent's end, played by hand. */
  private static final class HandAgent {
    private final BlockingClientCall<AgentMessage, CoordinatorMessage> call;

    HandAgent(ManagedChannel channel, ByteString... claims) throws InterruptedException {
      call = ControlGrpc.newBlockingV2Stub(channel).connect();
      Hello hello = Hello.newBuilder().addAllRunningJobs(List.of(claims)).build();
      try {
        call.write(AgentMessage.newBuilder().setHello(hello).build());
      } catch (StatusException e) {
        // Refused already: the next read says so too.
      }
    }

    CoordinatorMessage read() throws Exception {
      return call.read(30, TimeUnit.SECONDS);
    }

    HandAgent welcomed() throws Exception {
      assertTrue(read().hasWelcome());
      return this;
    }

    Order order() throws Exception {
      CoordinatorMessage message = read();
      assertTrue(message.hasOrder(), message::toString);
      return message.getOrder();
    }

    void pong() throws Exception {
      call.write(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    }

    void result(ByteString job) throws Exception {
      call.write(
          AgentMessage.newBuilder()
              .setResult(
                  JobResult.newBuilder().setJob(job).setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE))
              .build());
    }

    /** The error that ends the stream. */
    ErrorCode end() throws Exception {
      try {
        CoordinatorMessage message = read();
        while (message != null) {
          message = read();
        }
        throw new AssertionError("ended well");
      } catch (StatusException e) {
        return RpcErrors.fromStatus(e, "coordinator").code();
      }
    }

    void vanish() {
      call.cancel("gone", null);
    }
  }

  private HandAgent connect(Enrolled host, ByteString... claims) throws Exception {
    return new HandAgent(rpc.connect(host.credential()), claims).welcomed();
  }

  private JobWatch startBackup(Enrolled host) throws InterruptedException {
    return adminJobs.startBackup(
        StartBackupRequest.newBuilder()
            .setHost(host.id().toString())
            .setOrder(BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8("/srv")))
            .build(),
        "anna");
  }

  private static JobResult result(JobWatch watch) throws InterruptedException {
    Optional<JobEvent> event = watch.next();
    while (!event.orElseThrow().hasResult()) {
      event = watch.next();
    }
    return event.get().getResult();
  }

  @Test
  void shouldEnrolOverTheWireOnceAndLetTheHostConnect() throws Exception {
    EnrolmentToken token =
        EnrolmentToken.parse(
            adminHosts
                .createToken(
                    CreateTokenRequest.newBuilder()
                        .setHostName("web")
                        .addAddresses("127.0.0.1:7443")
                        .build(),
                    "anna")
                .getToken());
    Machine machine = fleet.machine();
    EnrolmentGrpc.EnrolmentBlockingV2Stub stranger =
        EnrolmentGrpc.newBlockingV2Stub(rpc.connectAsStranger());
    EnrolAnswer answer = stranger.enrol(fleet.request(token, machine, "h").build());
    Enrolled host = fleet.enrolled(answer, machine);
    HandAgent agent = connect(host);
    List<Host> listed = new ArrayList<>();
    adminHosts.listHosts(listed::add);
    assertEquals("web", listed.getFirst().getName());
    assertTrue(listed.getFirst().getConnected());
    agent.vanish();

    StatusException again =
        assertThrows(
            StatusException.class,
            () -> stranger.enrol(fleet.request(token, fleet.machine(), "thief").build()));
    assertEquals(ErrorCode.TOKEN_USED, RpcErrors.fromStatus(again, "coordinator").code());
    assertEquals(1, fleet.meter.tokensReused.get());
  }

  @Test
  void shouldNotEvenSendATokenToACoordinatorOfAnotherRoot() throws Exception {
    try (FleetKit other = new FleetKit(42)) {
      ManagedChannel channel =
          rpc.connect(TlsContexts.of(fleet.time).enrolment(other.authority.fingerprint()));
      StatusException thrown =
          assertThrows(
              StatusException.class,
              () ->
                  EnrolmentGrpc.newBlockingV2Stub(channel)
                      .enrol(fleet.request(fleet.token(""), fleet.machine(), "h").build()));
      assertEquals(
          ErrorCode.CERTIFICATE_INVALID, TlsFailure.explain("it", thrown).orElseThrow().code());
      assertTrue(fleet.hosts.all().isEmpty());
    }
  }

  @Test
  void shouldRenewOverTheWireAndTakeTheNewCertificate() throws Exception {
    Enrolled host = fleet.enrol("web");
    fleet.time.advance(java.time.Duration.ofDays(5));
    SigningKey key = SigningKey.generate(fleet.randomness);
    RenewAnswer answer =
        EnrolmentGrpc.newBlockingV2Stub(rpc.connect(host.credential()))
            .renew(
                RenewRequest.newBuilder()
                    .setCertificateRequest(
                        ByteString.copyFrom(CertificateRequest.make(key, fleet.randomness)))
                    .build());
    fleet.time.advance(java.time.Duration.ofDays(3)); // the first one has expired
    CertifiedKey renewed =
        CertifiedKey.of(key, FleetKit.chain(answer.getCertificatesList()), fleet.randomness);
    new HandAgent(rpc.connect(renewed)).welcomed().vanish();
  }

  @Test
  void shouldRefuseAnExpiredCertificateOnAConnectionThatIsStillOpen() throws Exception {
    Enrolled host = fleet.enrol("web");
    ManagedChannel channel =
        rpc.connect(
            TlsContexts.of(fleet.time)
                .client(ReloadableCredential.of(host.credential()), fleet.trust));
    HandAgent agent = new HandAgent(channel).welcomed();
    fleet.time.advance(java.time.Duration.ofDays(8));
    assertEquals(ErrorCode.CERTIFICATE_EXPIRED, new HandAgent(channel).end());
    fleet.calls.poll(); // no certificate of this host is valid any more
    assertEquals(ErrorCode.CERTIFICATE_EXPIRED, agent.end());
  }

  @Test
  void shouldEndOpenStreamsOfARevokedHost() throws Exception {
    Enrolled host = fleet.enrol("web");
    HandAgent agent = connect(host);
    assertEquals(1, fleet.calls.count(host.id()));
    adminHosts.revokeHost(RevokeHostRequest.newBuilder().setHost("web").build(), "anna");
    assertEquals(ErrorCode.HOST_REVOKED, agent.end());
    assertEquals(ErrorCode.HOST_REVOKED, new HandAgent(rpc.connect(host.credential())).end());
    RpcKit.await("the session is closed", () -> !rpc.jobs.isConnected(host.id()));
    RpcKit.await("the call is forgotten", () -> fleet.calls.count(host.id()) == 0);
  }

  @Test
  void shouldTellTheServiceOfEachAbortedStreamWhoeverIsFirst() throws Exception {
    for (int round = 0; round < 30; round++) {
      Enrolled host = fleet.enrol("web");
      HandAgent agent = connect(host);
      fleet.revocations.revoke(host.id(), "anna");
      assertEquals(ErrorCode.HOST_REVOKED, agent.end());
      RpcKit.await("the session is closed", () -> !rpc.jobs.isConnected(host.id()));
    }
  }

  @Test
  void shouldEndOpenStreamsOfAHostThatWasRevokedElsewhere() throws Exception {
    Enrolled host = fleet.enrol("web");
    Enrolled other = fleet.enrol("db");
    HandAgent agent = connect(host);
    HandAgent bystander = connect(other);
    // Past the registry of this coordinator: as a record that was tailed.
    new io.holdfast.coordinator.fleet.Revocations(
            fleet.ports,
            new io.holdfast.coordinator.fleet.OpenCalls(fleet.ports, fleet.hostAuthority))
        .revoke(host.id(), "anna");
    fleet.calls.poll();
    assertEquals(ErrorCode.HOST_REVOKED, agent.end());
    assertTrue(rpc.jobs.isConnected(other.id()));
    bystander.vanish();
  }

  @Test
  void shouldRefuseACloneWhileTheFirstAnswers() throws Exception {
    Enrolled host = fleet.enrol("web");
    HandAgent first = connect(host);
    HandAgent clone = new HandAgent(rpc.connect(host.credential()));
    assertTrue(first.read().hasHeartbeat());
    first.pong();
    assertEquals(ErrorCode.NOT_AUTHORISED, clone.end());
    assertEquals(1, fleet.meter.clonesRefused.get());
    JobWatch watch = startBackup(host);
    first.result(first.order().getJob());
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result(watch).getOutcome());
  }

  @Test
  void shouldFinishAJobWhoseStreamBrokeInBetween() throws Exception {
    Enrolled host = fleet.enrol("web");
    HandAgent agent = connect(host);
    JobWatch watch = startBackup(host);
    ByteString job = agent.order().getJob();
    agent.vanish();
    RpcKit.await("the break is noticed", () -> !rpc.jobs.isConnected(host.id()));
    HandAgent again = connect(host, job);
    again.result(job);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result(watch).getOutcome());
    assertEquals(job, again.read().getResultKept().getJob());
  }

  @Test
  void shouldFailAJobWhoseAgentVanished() throws Exception {
    Enrolled host = fleet.enrol("web");
    HandAgent agent = connect(host);
    JobWatch watch = startBackup(host);
    agent.order();
    agent.vanish();
    RpcKit.await("the break is noticed", () -> !rpc.jobs.isConnected(host.id()));
    fleet.time.advance(rpc.limits.reconnect());
    rpc.jobs.poll();
    JobResult result = result(watch);
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
    assertTrue(result.getError().getMessage().contains("agent vanished"));
  }

  @Test
  void shouldEndAStreamWhoseAgentIsSilent() throws Exception {
    Enrolled host = fleet.enrol("web");
    HandAgent agent = connect(host);
    fleet.time.advance(rpc.limits.silence());
    rpc.jobs.poll();
    assertEquals(ErrorCode.UNAVAILABLE, agent.end());
    assertFalse(rpc.jobs.isConnected(host.id()));
  }

  @Test
  void shouldEndAStreamThatBeginsWithoutAHello() throws Exception {
    Enrolled host = fleet.enrol("web");
    BlockingClientCall<AgentMessage, CoordinatorMessage> call =
        ControlGrpc.newBlockingV2Stub(rpc.connect(host.credential())).connect();
    call.write(AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    StatusException thrown =
        assertThrows(StatusException.class, () -> call.read(30, TimeUnit.SECONDS));
    assertEquals(ErrorCode.INVALID_ARGUMENT, RpcErrors.fromStatus(thrown, "it").code());
  }

  @Test
  void shouldCloseAStreamThatTheAgentCloses() throws Exception {
    Enrolled host = fleet.enrol("web");
    HandAgent agent = connect(host);
    agent.call.halfClose();
    assertNull(agent.read());
    RpcKit.await("the session is closed", () -> !rpc.jobs.isConnected(host.id()));
  }

  @Test
  void shouldFindHostsByNameForOrders() throws Exception {
    Enrolled host = fleet.enrol("web");
    NamedHost named = fleet.hosts.get(host.id());
    HoldfastException thrown =
        assertThrows(HoldfastException.class, () -> rpc.orders.startBackup(named, order(), "anna"));
    assertEquals(ErrorCode.HOST_NOT_CONNECTED, thrown.code());
  }

  private static BackupOrder order() {
    return BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8("/srv")).build();
  }
}
