package io.holdfast.coordinator.job;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.GrantIssued;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.CoordinatorMessage.MessageCase;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RunTotals;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobsTest {
  private final FleetKit kit = new FleetKit(21);
  private final JobLimits limits = JobLimits.defaults();
  private final Jobs jobs = new Jobs(kit.ports, limits);
  private final Orders orders = new Orders(kit.ports, jobs, limits);
  private final List<HoldfastException> aborted = new ArrayList<>();
  private NamedHost web;
  private NamedHost db;

  @BeforeEach
  void enrol() throws InterruptedException {
    web = kit.hosts.get(kit.enrol("web").id());
    db = kit.hosts.get(kit.enrol("db").id());
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private ControlSession connect(NamedHost host, ByteString... claims) throws InterruptedException {
    Hello hello = Hello.newBuilder().addAllRunningJobs(List.of(claims)).build();
    ControlSession session = jobs.connect(host.id(), hello, aborted::add);
    assertEquals(MessageCase.WELCOME, session.next().orElseThrow().getMessageCase());
    return session;
  }

  @Test
  void shouldTellWhatAHostSaysOfItselfOnceItIsConnected() throws InterruptedException {
    Map<HostId, HostFacts> told = new HashMap<>();
    jobs.onFacts((host, facts) -> {
      assertTrue(jobs.isConnected(host));
      told.put(host, facts);
    });
    connect(web);
    assertEquals(Map.of(), told, "it said nothing");
    HostFacts facts = HostFacts.newBuilder().setOperatingSystem("Linux").build();
    jobs.connect(db.id(), Hello.newBuilder().setFacts(facts).build(), aborted::add);
    assertEquals(Map.of(db.id(), facts), told);
  }

  @Test
  void shouldEndEverySessionWhenTheCoordinatorStops() throws Exception {
    ControlSession first = connect(web);
    ControlSession second = connect(db);
    jobs.endSessions();
    assertEquals(2, aborted.size());
    aborted.forEach(why -> assertEquals(ErrorCode.UNAVAILABLE, why.code()));
    assertTrue(first.next().isEmpty() && second.next().isEmpty());
    assertFalse(jobs.isConnected(web.id()));
  }

  private static BackupOrder order() {
    return BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8("/srv")).build();
  }

  private static void pong(ControlSession session) {
    session.received(
        AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
  }

  private static AgentMessage result(ByteString job) {
    return AgentMessage.newBuilder()
        .setResult(JobResult.newBuilder().setJob(job).setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE))
        .build();
  }

  private static AgentMessage progress(ByteString job, long files) {
    return AgentMessage.newBuilder()
        .setProgress(JobProgress.newBuilder().setJob(job).setFiles(files))
        .build();
  }

  private static Order ordered(ControlSession session) throws InterruptedException {
    CoordinatorMessage message = session.next().orElseThrow();
    assertEquals(MessageCase.ORDER, message.getMessageCase());
    return message.getOrder();
  }

  private static ByteString bytes(JobId id) {
    return ByteString.copyFrom(id.toByteArray());
  }

  private static JobEvent last(JobWatch watch) throws InterruptedException {
    JobEvent event = watch.next().orElseThrow();
    while (!event.hasResult()) {
      event = watch.next().orElseThrow();
    }
    assertTrue(watch.next().isEmpty());
    return event;
  }

  private static void assertVanished(JobWatch watch) throws InterruptedException {
    JobResult result = last(watch).getResult();
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
    assertTrue(result.getError().getMessage().startsWith("agent vanished"), result::toString);
  }

  @Test
  void shouldOrderWithAuthorityAndExpiryAndShowTheResult() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    Order order = ordered(session);
    assertEquals(kit.journal.wireAuthority(), order.getAuthority());
    assertEquals(limits.orderValidity().toMillis(), order.getValidMillis());
    session.received(result(order.getJob()));
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, last(watch).getResult().getOutcome());
    assertEquals(MessageCase.RESULT_KEPT, session.next().orElseThrow().getMessageCase());
    assertEquals(0, jobs.runningJobs());
  }

  @Test
  void shouldSayWhatToDoWhenAHostIsNotConnected() {
    HoldfastException thrown =
        assertCode(ErrorCode.HOST_NOT_CONNECTED, () -> orders.startBackup(web, order(), "anna"));
    assertTrue(thrown.getMessage().contains("web"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("systemctl"), thrown.getMessage());
  }

  @Test
  void shouldRefuseOrdersThatNoAgentCouldObey() throws InterruptedException {
    connect(web);
    for (String source : List.of("", "srv", "../srv", "/srv\0")) {
      BackupOrder order =
          BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(source)).build();
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> orders.startBackup(web, order, "anna"));
    }
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> orders.startBackup(web, BackupOrder.getDefaultInstance(), "anna"));
  }

  @Test
  void shouldShowASlowWatcherOnlyTheLatestProgress() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    ByteString job = ordered(session).getJob();
    for (int files = 1; files <= 1_000; files++) {
      session.received(progress(job, files));
    }
    assertEquals(1_000, watch.next().orElseThrow().getProgress().getFiles());
  }

  @Test
  void shouldNotBelieveAHostAboutAnothersJob() throws InterruptedException {
    ControlSession session = connect(web);
    ControlSession thief = connect(db);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    ByteString job = ordered(session).getJob();
    thief.received(progress(job, 7));
    thief.received(result(job));
    assertEquals(1, jobs.runningJobs());
    session.received(progress(job, 1));
    assertEquals(1, watch.next().orElseThrow().getProgress().getFiles());
  }

  @Test
  void shouldKeepAJobWhoseAgentComesBackAndClaimsIt() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    ByteString job = ordered(session).getJob();
    session.close();
    kit.time.advance(limits.reconnect().dividedBy(2));
    jobs.poll();
    ControlSession again = connect(web, job);
    kit.time.advance(limits.heartbeat());
    jobs.poll();
    again.received(result(job));
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, last(watch).getResult().getOutcome());
  }

  @Test
  void shouldFailAJobWhoseAgentDoesNotComeBack() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    session.close();
    kit.time.advance(limits.reconnect());
    jobs.poll();
    assertVanished(watch);
    assertEquals(1, kit.meter.backupsFailed.get());
  }

  @Test
  void shouldFailAJobThatTheAgentCameBackWithout() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    session.close();
    connect(web);
    assertVanished(watch);
  }

  @Test
  void shouldGiveUpAStreamThatIsSilent() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    for (int i = 0; i < 10; i++) {
      kit.time.advance(limits.heartbeat());
      jobs.poll();
    }
    assertFalse(jobs.isConnected(web.id()));
    assertEquals(ErrorCode.UNAVAILABLE, aborted.getFirst().code());
    assertTrue(session.next().isEmpty());
    assertVanished(watch);
  }

  @Test
  void shouldKeepAStreamThatAnswers() throws InterruptedException {
    ControlSession session = connect(web);
    for (int i = 0; i < 10; i++) {
      kit.time.advance(limits.heartbeat());
      jobs.poll();
      assertEquals(MessageCase.HEARTBEAT, session.next().orElseThrow().getMessageCase());
      pong(session);
    }
    assertTrue(jobs.isConnected(web.id()));
  }

  private CompletableFuture<ControlSession> connectAside(NamedHost host) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return connect(host);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }

  private static void awaitHeartbeat(ControlSession session) throws InterruptedException {
    assertEquals(MessageCase.HEARTBEAT, session.next().orElseThrow().getMessageCase());
  }

  @Test
  void shouldRefuseASecondStreamWhileTheFirstAnswers() throws InterruptedException {
    ControlSession first = connect(web);
    CompletableFuture<ControlSession> second = connectAside(web);
    awaitHeartbeat(first);
    pong(first);
    CompletionException thrown =
        org.junit.jupiter.api.Assertions.assertThrows(CompletionException.class, second::join);
    assertEquals(ErrorCode.NOT_AUTHORISED, ((HoldfastException) thrown.getCause()).code());
    assertEquals(1, kit.meter.clonesRefused.get());
    assertTrue(jobs.isConnected(web.id()));
    assertTrue(aborted.isEmpty());
  }

  @Test
  void shouldNotTakeAnOldAnswerForALivingStream() throws InterruptedException {
    ControlSession first = connect(web);
    kit.time.advance(limits.heartbeat());
    jobs.poll();
    awaitHeartbeat(first);
    CompletableFuture<ControlSession> second = connectAside(web);
    awaitHeartbeat(first);
    pong(first); // answers the question of the poll, which was asked before
    first.received(progress(ByteString.copyFrom(new byte[16]), 1));
    assertFalse(second.isDone());
    kit.time.advance(limits.probe());
    while (!second.isDone()) {
      jobs.poll();
      LockSupport.parkNanos(100_000);
    }
    second.join();
    assertEquals(0, kit.meter.clonesRefused.get());
    assertEquals(1, aborted.size());
    assertTrue(jobs.isConnected(web.id()));
  }

  @Test
  void shouldTakeTheSecondStreamAsSoonAsTheFirstEnds() throws InterruptedException {
    ControlSession first = connect(web);
    CompletableFuture<ControlSession> second = connectAside(web);
    awaitHeartbeat(first);
    first.close();
    second.join();
    assertEquals(0, kit.meter.clonesRefused.get());
  }

  @Test
  void shouldPassOnACancelAndRepeatItToAnAgentThatWasAway() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    ByteString job = ordered(session).getJob();
    session.close();
    jobs.cancel(watch.job());
    ControlSession again = connect(web, job);
    assertEquals(job, again.next().orElseThrow().getCancel().getJob());
    again.received(result(job));
    jobs.cancel(watch.job()); // ended: nothing to do
    assertCode(ErrorCode.JOB_NOT_FOUND, () -> jobs.cancel(JobId.of(new byte[16])));
  }

  @Test
  void shouldAdoptJobsAndResultsOfACoordinatorThatWasHereBefore() throws InterruptedException {
    JobId running = JobId.of(kit.randomness.bytes(16));
    JobId ended = JobId.of(kit.randomness.bytes(16));
    ControlSession session = connect(web, bytes(running));
    session.received(result(bytes(ended)));
    session.received(result(bytes(running)));
    assertTrue(last(jobs.watch(ended).orElseThrow()).hasResult());
    assertTrue(last(jobs.watch(running).orElseThrow()).hasResult());
  }

  @Test
  void shouldLetAHostThatInventsResultsPushOutOnlyItsOwn() throws InterruptedException {
    ControlSession honest = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    honest.received(result(ordered(honest).getJob()));
    ControlSession liar = connect(db);
    for (int i = 0; i < limits.results() * 2; i++) {
      liar.received(result(ByteString.copyFrom(kit.randomness.bytes(16))));
    }
    assertTrue(last(jobs.watch(watch.job()).orElseThrow()).hasResult());
  }

  /** Whoever watches an old job is told what the journal says, whatever another host claims. */
  @Test
  void shouldNotBelieveAHostAboutAnothersJobThatOnlyTheJournalRemembers()
      throws InterruptedException {
    ControlSession session = connect(web);
    orders.startBackup(web, order(), "anna").close();
    ByteString job = ordered(session).getJob();
    session.received(result(job));

    Jobs later = new Jobs(kit.ports, limits);
    Hello claim = Hello.newBuilder().addRunningJobs(job).build();
    ControlSession other = later.connect(db.id(), claim, aborted::add);
    assertEquals(0, later.runningJobs());
    other.received(result(job));
    assertTrue(later.watch(JobId.of(job.toByteArray())).isEmpty());
    other.close();
  }

  @Test
  void shouldBeginNothingWhileItIsDrained() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    Order running = ordered(session);
    assertEquals(1, jobs.drain(true));
    assertCode(ErrorCode.BUSY, () -> orders.startBackup(web, order(), "anna"));
    assertCode(
        ErrorCode.BUSY, // it was journalled when the word came
        () -> jobs.send(web, JobOrdered.getDefaultInstance(), running));
    session.received(result(running.getJob()));
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, last(watch).getResult().getOutcome());
    assertEquals(0, jobs.drain(true));
    assertEquals(0, jobs.drain(false));
    orders.startBackup(web, order(), "anna").close();
    assertEquals(1, jobs.runningJobs());
  }

  @Test
  void shouldKeepNoMoreOfAResultThanAnybodyReads() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    ByteString job = ordered(session).getJob();
    Gap large = Gap.newBuilder().setText("x".repeat(20_000)).build();
    session.received(
        AgentMessage.newBuilder()
            .setResult(
                JobResult.newBuilder()
                    .setJob(job)
                    .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
                    .setTotals(RunTotals.newBuilder().setGaps(300))
                    .addAllGaps(Collections.nCopies(300, large)))
            .build());
    JobResult kept = last(watch).getResult();
    assertEquals(300, kept.getTotals().getGaps());
    assertTrue(kept.getGapsCount() > 0 && kept.getSerializedSize() <= JobResults.BYTES_MAX);
  }

  @Test
  void shouldTakeAResultThatNobodyCouldKeepForAFailure() throws InterruptedException {
    ControlSession session = connect(web);
    JobWatch watch = orders.startBackup(web, order(), "anna");
    session.received(
        AgentMessage.newBuilder()
            .setResult(
                JobResult.newBuilder()
                    .setJob(ordered(session).getJob())
                    .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE)
                    .setSnapshot(ByteString.copyFrom(new byte[JobResults.BYTES_MAX])))
            .build());
    JobResult kept = last(watch).getResult();
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, kept.getOutcome());
    assertEquals(ErrorCode.MESSAGE_TOO_LARGE.number(), kept.getError().getCode());
    assertTrue(kept.getSerializedSize() < 1_000, kept::toString);
  }

  @Test
  void shouldTakeNoProgressThatIsNone() throws InterruptedException {
    ControlSession session = connect(web);
    orders.startBackup(web, order(), "anna").close();
    JobProgress wordy =
        JobProgress.newBuilder()
            .setJob(ordered(session).getJob())
            .setPhase("x".repeat(5_000))
            .build();
    assertCode(
        ErrorCode.INVALID_ARGUMENT,
        () -> session.received(AgentMessage.newBuilder().setProgress(wordy).build()));
  }

  @Test
  void shouldConnectNoHostThatSaysMoreOfItselfThanOneMayWhenItEnrols() {
    Hello hello =
        Hello.newBuilder().setFacts(HostFacts.newBuilder().setName("x".repeat(300))).build();
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> jobs.connect(web.id(), hello, aborted::add));
  }

  @Test
  void shouldBoundTheJobsOfOneHost() throws InterruptedException {
    connect(web);
    for (int i = 0; i < limits.jobsPerHost(); i++) {
      orders.startBackup(web, order(), "anna");
    }
    assertCode(ErrorCode.BUSY, () -> orders.startBackup(web, order(), "anna"));
  }

  @Test
  void shouldNotActOnAHostThatHasObeyedAHigherTerm() {
    Hello hello =
        Hello.newBuilder()
            .setHighestSeen(kit.journal.wireAuthority().toBuilder().setTerm(9))
            .build();
    assertCode(ErrorCode.FENCED, () -> jobs.connect(web.id(), hello, aborted::add));
    assertFalse(jobs.isConnected(web.id()));
  }

  private StoredSnapshot snapshotOf(HostId host) {
    return new StoredSnapshot(
        SnapshotId.of(kit.randomness.bytes(32)),
        host,
        3,
        0,
        SnapshotCommitted.getDefaultInstance(),
        Mutation.getDefaultInstance(),
        Optional.empty());
  }

  @Test
  void shouldJournalAGrantBeforeAnotherHostsSnapshotIsOrdered() throws InterruptedException {
    ControlSession session = connect(web);
    StoredSnapshot snapshot = snapshotOf(db.id());
    RestoreOrder asked =
        RestoreOrder.newBuilder()
            .setTarget(ByteString.copyFromUtf8("/restore"))
            .setGrant(ByteString.copyFromUtf8("forged"))
            .build();
    orders.startRestore(web, snapshot, asked, "anna");
    Order order = ordered(session);
    GrantIssued grant =
        kit.ports.look(fleet -> fleet.grants(web.id(), snapshot.id())).getFirst().grant();
    assertEquals(grant.getGrant(), order.getRestore().getGrant());
    assertEquals(kit.journal.wireAuthority().getSeq(), order.getAuthority().getSeq());
    assertEquals(kit.time.now().plus(limits.grantLife()).toEpochMilli(), grant.getExpiresMillis());
  }

  @Test
  void shouldJournalARestoreOfOwnSnapshotsWithoutAGrant() throws InterruptedException {
    ControlSession session = connect(web);
    long before = kit.journal.wireAuthority().getSeq();
    orders.startRestore(web, snapshotOf(web.id()), RestoreOrder.getDefaultInstance(), "anna");
    Order order = ordered(session);
    assertTrue(order.getRestore().getGrant().isEmpty());
    assertEquals(before + 1, order.getAuthority().getSeq());
    assertEquals(Change.ChangeCase.AUDIT, kit.journal.changes().getLast().getChangeCase());
  }

  @Test
  void shouldOrderNothingThatTheJournalDidNotTake() throws InterruptedException {
    ControlSession session = connect(web);
    kit.journal.failWith(new HoldfastException(ErrorCode.FENCED, "another coordinator leads"));
    assertCode(
        ErrorCode.FENCED,
        () ->
            orders.startRestore(
                web, snapshotOf(db.id()), RestoreOrder.getDefaultInstance(), "anna"));
    assertEquals(0, jobs.runningJobs());
    session.close();
  }
}
