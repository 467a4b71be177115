package io.holdfast.deploy.hostile;

import static io.holdfast.deploy.hostile.HostileAgent.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.stored.v1.Change.ChangeCase;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobLog;
import io.holdfast.proto.wire.v1.JobLogLine;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.OpenRead;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.OrderRefused;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadJobLogRequest;
import io.holdfast.proto.wire.v1.ReadRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a host with a valid certificate says on its control stream about jobs, runs and grants that
 * are another's, and that nobody believes it.
 */
@Timeout(300)
class HostileControlTest {
  @TempDir static Path shared;

  private static Fleet fleet;
  private static Siege siege;
  private static JournalFiles journal;

  private HostileAgent alice;
  private HostileAgent bob;
  private HostileAgent mallory;
  private AdminLink admin;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    siege = new Siege(fleet);
    journal = new JournalFiles(fleet.vault());
    for (String name : List.of("alice", "bob", "mallory")) {
      fleet.enrol(name).close();
    }
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @BeforeEach
  void come() {
    alice = HostileAgent.of(fleet, "alice");
    bob = HostileAgent.of(fleet, "bob");
    mallory = HostileAgent.of(fleet, "mallory");
    admin = fleet.admin();
  }

  @AfterEach
  void leave() {
    admin.close();
    mallory.close();
    bob.close();
    alice.close();
  }

  private static SnapshotId commit(HostileAgent agent, RunId run, String content) throws Exception {
    return new HandMadeTree(agent).file("f", content).make().commit(run);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static JobResult.Builder complete(ByteString job, SnapshotId snapshot) {
    return JobResult.newBuilder()
        .setJob(job)
        .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE)
        .setSnapshot(bytes(snapshot.toByteArray()));
  }

  // Another's job.

  private CompletableFuture<JobResult> orderedBackup(String host) {
    StartBackupRequest request =
        StartBackupRequest.newBuilder()
            .setHost(host)
            .setOrder(BackupOrder.newBuilder().addSources(bytes(HostileAgent.SOURCE)))
            .build();
    List<JobResult> results = new ArrayList<>();
    return CompletableFuture.supplyAsync(
        () -> {
          try (AdminLink operator = fleet.admin()) {
            operator.backup(
                request,
                event -> {
                  if (event.hasResult()) {
                    results.add(event.getResult());
                  }
                });
          }
          return results.getLast();
        },
        task -> Thread.ofVirtual().start(task));
  }

  /** Says everything about a job that one can say of one's own, and waits until it was heard. */
  private static void lie(ControlByHand control, ByteString job, SnapshotId snapshot)
      throws InterruptedException {
    control.say(
        AgentMessage.newBuilder()
            .setProgress(JobProgress.newBuilder().setJob(job).setPhase("lying").setFiles(666)));
    control.say(
        AgentMessage.newBuilder()
            .setLog(
                JobLog.newBuilder()
                    .setJob(job)
                    .addLines(JobLogLine.newBuilder().setText("all is lost"))));
    control.say(
        AgentMessage.newBuilder()
            .setRefused(
                OrderRefused.newBuilder()
                    .setJob(job)
                    .setError(ErrorDetail.newBuilder().setCode(ErrorCode.BUSY.number()))));
    control.result(complete(job, snapshot));
  }

  private void assertRuns(ByteString job) {
    Job shown = admin.job(hex(job));
    assertEquals(JobState.JOB_STATE_RUNNING, shown.getState(), shown::toString);
    assertEquals("alice", shown.getHostName());
    assertEquals(0, shown.getProgress().getFiles(), shown::toString);
    assertNothingLogged(job, admin);
  }

  private static void assertNothingLogged(ByteString job, AdminLink admin) {
    List<JobLogLine> lines = new ArrayList<>();
    admin.jobLog(ReadJobLogRequest.newBuilder().setJob(hex(job)).build(), lines::add);
    assertEquals(List.of(), lines);
  }

  @Test
  void shouldNotReportOnAnothersJobNorEndItNorTakeItsRun() throws Exception {
    SnapshotId fake = commit(mallory, mallory.newRun(), "a snapshot of Mallory's");
    try (ControlByHand alices = ControlByHand.open(alice)) {
      CompletableFuture<JobResult> told = orderedBackup("alice");
      ByteString job = alices.order().getJob();
      long head = journal.head();
      try (ControlByHand mallorys = ControlByHand.open(mallory)) {
        lie(mallorys, job, fake);
        assertRuns(job);
      }
      try (ControlByHand mallorys = ControlByHand.open(mallory, job)) { // as if it were its own
        lie(mallorys, job, fake);
        assertRuns(job);
      }
      assertEquals(List.of(), journal.changesAfter(head), "of a lie nothing is kept");

      RunId run = RunId.of(job.toByteArray()); // an order without a run of its own has its job's
      commit(mallory, run, "under the run of Alice's job");
      assertRuns(job);
      assertFalse(told.isDone());

      SnapshotId honest = commit(alice, run, "what Alice was told to back up");
      alices.result(complete(job, honest));
      assertEquals(bytes(honest.toByteArray()), told.get().getSnapshot());
      Job shown = admin.job(hex(job));
      assertEquals(JobState.JOB_STATE_COMPLETE, shown.getState(), shown::toString);
      assertEquals(bytes(honest.toByteArray()), shown.getSnapshot());
      fleet.stop();
      fleet.start();
      assertNotTakenOver(job, honest, fake);
    }
  }

  /** By now only the journal remembers whose job it was. */
  private static void assertNotTakenOver(ByteString job, SnapshotId honest, SnapshotId fake)
      throws Exception {
    try (HostileAgent again = HostileAgent.of(fleet, "mallory");
        AdminLink operator = fleet.admin()) {
      Siege.await("it leads again", () -> operator.status().getLeader());
      try (ControlByHand mallorys = ControlByHand.open(again, job)) {
        lie(mallorys, job, fake);
      }
      List<JobResult> told = new ArrayList<>();
      operator.watchJob(
          hex(job),
          event -> {
            assertFalse(event.hasProgress(), event::toString);
            told.add(event.getResult());
          });
      assertEquals(bytes(honest.toByteArray()), told.getLast().getSnapshot());
      assertNothingLogged(job, operator);
    }
  }

  /** What nobody ordered is answered and forgotten, however much of it comes. */
  @Test
  void shouldKeepNothingOfAFloodOfInventedResults() throws Exception {
    try (ControlByHand alices = ControlByHand.open(alice);
        ControlByHand mallorys = ControlByHand.open(mallory)) {
      CompletableFuture<JobResult> told = orderedBackup("alice");
      ByteString job = alices.order().getJob();
      alices.result(
          JobResult.newBuilder()
              .setJob(job)
              .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
              .setError(
                  ErrorDetail.newBuilder()
                      .setCode(ErrorCode.SOURCE_UNREADABLE.number())
                      .setMessage("honest")));
      assertEquals("honest", told.get().getError().getMessage());
      long head = journal.head();
      Gap gap = Gap.newBuilder().setText("x".repeat(2_000)).build();
      for (int i = 0; i < 60; i++) {
        mallorys.result(
            JobResult.newBuilder()
                .setJob(bytes(fleet.randomness.bytes(16)))
                .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
                .addAllGaps(Collections.nCopies(1_000, gap)));
      }
      assertEquals(List.of(), journal.changesAfter(head));
      List<Job> jobs = new ArrayList<>();
      admin.jobs(ListJobsRequest.newBuilder().setHost("mallory").build(), jobs::add);
      assertEquals(List.of(), jobs);
      assertEquals("honest", admin.job(hex(job)).getError().getMessage());
    }
  }

  // What it says of itself.

  @Test
  void shouldTakeNoHelloWithoutBounds() throws Exception {
    List<Hello.Builder> hellos =
        List.of(
            Hello.newBuilder().setFacts(HostFacts.newBuilder().setName("x".repeat(100_000))),
            Hello.newBuilder().setFacts(HostFacts.newBuilder().setVersion("a\u001b[2Jb")),
            Hello.newBuilder().addRunningJobs(bytes(new byte[15])),
            Hello.newBuilder()
                .addAllRunningJobs(Collections.nCopies(100_000, bytes(new byte[16]))));
    for (Hello.Builder hello : hellos) {
      siege.refused(
          ErrorCode.INVALID_ARGUMENT, () -> ControlByHand.refusal(mallory, hello.build()));
    }
    siege.refused(
        ErrorCode.INVALID_ARGUMENT,
        () -> {
          try (ControlByHand control = ControlByHand.open(mallory)) {
            control.say(
                AgentMessage.newBuilder()
                    .setProgress(
                        JobProgress.newBuilder()
                            .setJob(bytes(new byte[16]))
                            .setPhase("x".repeat(1 << 20))));
            return control.refusal();
          }
        });
  }

  /** Whoever claims to have obeyed a later leader is sent to that one, and nobody else is. */
  @Test
  void shouldNotDethroneTheCoordinatorByAClaim() throws Exception {
    Authority claimed =
        Authority.newBuilder().setSiteEpochNumber(Long.MAX_VALUE).setSeq(Long.MAX_VALUE).build();
    siege.refused(
        ErrorCode.FENCED,
        () -> ControlByHand.refusal(mallory, Hello.newBuilder().setHighestSeen(claimed).build()));
    assertTrue(admin.status().getLeader());
    commit(alice, alice.newRun(), "goes on");
  }

  // Another's grant.

  /** How reading is refused, if it is. */
  private static Optional<ErrorCode> reading(
      HostileAgent agent, SnapshotId snapshot, ByteString grant) throws Exception {
    try (RawCall<ReadRequest, ReadAnswer> call = agent.readCall()) {
      call.send(
          ReadRequest.newBuilder()
              .setOpen(
                  OpenRead.newBuilder().setSnapshot(bytes(snapshot.toByteArray())).setGrant(grant))
              .build());
      return call.refusalUnlessAnswered().map(HoldfastException::code);
    }
  }

  @Test
  void shouldNotReadByAGrantThatIsAnothers() throws Exception {
    Optional<ErrorCode> refused = Optional.of(ErrorCode.NOT_AUTHORISED);
    SnapshotId granted = commit(alice, alice.newRun(), "for Bob");
    SnapshotId other = commit(alice, alice.newRun(), "for nobody");
    assertNotEquals(granted, other);
    try (ControlByHand bobs = ControlByHand.open(bob)) {
      CompletableFuture<Void> told = orderedRestore(granted);
      Order order = bobs.order();
      ByteString grant = order.getRestore().getGrant();
      assertEquals(Optional.empty(), reading(bob, granted, grant));
      assertEquals(refused, reading(mallory, granted, grant));
      assertEquals(refused, reading(bob, other, grant));
      bobs.result(
          JobResult.newBuilder()
              .setJob(order.getJob())
              .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE));
      told.get();
      assertEquals(refused, reading(bob, granted, grant));
    }
    List<ChangeCase> all = journal.changesAfter(0);
    assertEquals(1, Collections.frequency(all, ChangeCase.GRANT_ISSUED), all::toString);
  }

  private static CompletableFuture<Void> orderedRestore(SnapshotId snapshot) {
    StartRestoreRequest request =
        StartRestoreRequest.newBuilder()
            .setSnapshot(snapshot.toString())
            .setHost("bob")
            .setOrder(RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8("/srv/back")))
            .build();
    return CompletableFuture.runAsync(
        () -> {
          try (AdminLink operator = fleet.admin()) {
            operator.restore(request, event -> {});
          }
        },
        task -> Thread.ofVirtual().start(task));
  }
}
