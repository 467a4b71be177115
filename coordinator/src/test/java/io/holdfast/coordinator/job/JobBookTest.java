package io.holdfast.coordinator.job;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.StoredSnapshot;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.Mutation;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.stored.v1.Totals;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CoordinatorMessage.MessageCase;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Gap;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobKind;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.OrderRefused;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.RunTotals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of jobs: while they run, after they ended, and after the coordinator was away. */
class JobBookTest {
  private final FleetKit kit = new FleetKit(22);
  private final JobLimits limits = JobLimits.defaults();
  private Jobs jobs;
  private Orders orders;
  private JobBook book;
  private NamedHost web;
  private NamedHost db;

  @BeforeEach
  void enrol() throws InterruptedException {
    web = kit.hosts.get(kit.enrol("web").id());
    db = kit.hosts.get(kit.enrol("db").id());
    start();
  }

  /** A coordinator that knows only what the journal says. */
  private void start() {
    jobs = new Jobs(kit.ports, limits);
    jobs.resume();
    orders = new Orders(kit.ports, jobs, limits);
    book = new JobBook(kit.ports, kit.hosts, jobs, List::of);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private ControlSession connect(NamedHost host, JobId... claims) throws InterruptedException {
    Hello.Builder hello = Hello.newBuilder();
    for (JobId claim : claims) {
      hello.addRunningJobs(bytes(claim));
    }
    ControlSession session = jobs.connect(host.id(), hello.build(), why -> {});
    assertEquals(MessageCase.WELCOME, session.next().orElseThrow().getMessageCase());
    return session;
  }

  private static ByteString bytes(JobId id) {
    return ByteString.copyFrom(id.toByteArray());
  }

  private JobId backup(NamedHost host) throws InterruptedException {
    BackupOrder order =
        BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8("/srv/")).build();
    return orders.startBackup(host, order, "anna").job();
  }

  private JobId restore(NamedHost host) throws InterruptedException {
    StoredSnapshot snapshot =
        new StoredSnapshot(
            SnapshotId.of(kit.randomness.bytes(32)),
            host.id(),
            3,
            0,
            SnapshotCommitted.getDefaultInstance(),
            Mutation.getDefaultInstance(),
            Optional.empty());
    RestoreOrder order =
        RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8("/back")).build();
    return orders.startRestore(host, snapshot, order, "bert").job();
  }

  private static JobResult.Builder result(JobId job, JobOutcome outcome) {
    return JobResult.newBuilder().setJob(bytes(job)).setOutcome(outcome).setDurationMillis(1_500);
  }

  private static void end(ControlSession session, JobResult.Builder result) {
    session.received(AgentMessage.newBuilder().setResult(result).build());
  }

  private Job show(JobId id) {
    return book.show(id.toString());
  }

  private List<Job> list(ListJobsRequest.Builder request) {
    List<Job> found = new ArrayList<>();
    book.list(request.build(), found::add);
    return found;
  }

  private void commit(NamedHost host, JobId run, Outcome outcome) throws InterruptedException {
    kit.ports.append(
        MutationSealer.clear(
            Change.newBuilder()
                .setSnapshotCommitted(
                    SnapshotCommitted.newBuilder()
                        .setSnapshot(ByteString.copyFrom(kit.randomness.bytes(32)))
                        .setHost(ByteString.copyFrom(host.id().toByteArray()))
                        .setRun(bytes(run))
                        .setRoot(ByteString.copyFrom(new byte[32]))
                        .setSourceSet(ByteString.copyFrom(new byte[32]))
                        .setOutcome(outcome)
                        .setTotals(Totals.newBuilder().setFiles(7).setLogicalBytes(70)))
                .build()));
  }

  @Test
  void shouldShowWhoAskedForWhatAndHowFarItIs() throws InterruptedException {
    ControlSession session = connect(web);
    JobId id = backup(web);
    session.received(
        AgentMessage.newBuilder()
            .setProgress(JobProgress.newBuilder().setJob(bytes(id)).setFiles(5))
            .build());
    Job job = show(id);
    assertEquals(JobKind.JOB_KIND_BACKUP, job.getKind());
    assertEquals(JobState.JOB_STATE_RUNNING, job.getState());
    assertEquals("anna", job.getActor());
    assertEquals("web", job.getHostName());
    assertEquals(List.of(ByteString.copyFromUtf8("/srv")), job.getSourcesList());
    assertEquals(5, job.getProgress().getFiles());
    assertEquals(kit.time.now().toEpochMilli(), job.getOrderedMillis());
    session.close();
    assertEquals(JobState.JOB_STATE_LOST, show(id).getState());
  }

  @Test
  void shouldTakeABackupsEndFromItsCommit() throws InterruptedException {
    ControlSession session = connect(web);
    JobId id = backup(web);
    commit(web, id, Outcome.OUTCOME_COMPLETE);
    long before = kit.journal.wireAuthority().getSeq();
    end(session, result(id, JobOutcome.JOB_OUTCOME_COMPLETE));
    assertEquals(before, kit.journal.wireAuthority().getSeq(), "no record of its own");
    start();
    Job job = show(id);
    assertEquals(JobState.JOB_STATE_COMPLETE, job.getState());
    assertEquals(7, job.getFiles());
    assertEquals(70, job.getBytes());
    assertEquals(32, job.getSnapshot().size());
  }

  @Test
  void shouldRememberWhyOneFailedAndWhatWasLeftOut() throws InterruptedException {
    ControlSession session = connect(web);
    JobId id = restore(web);
    JobResult.Builder gaps =
        result(id, JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
            .setFilesWritten(3)
            .setBytesWritten(30)
            .setDifferenceCount(200);
    for (int i = 0; i < 200; i++) {
      gaps.addDifferences(
          Gap.newBuilder().setPath(ByteString.copyFromUtf8("/" + i)).setText("owner not set"));
    }
    end(session, gaps);
    start();
    Job job = show(id);
    assertEquals(JobKind.JOB_KIND_RESTORE, job.getKind());
    assertEquals(JobState.JOB_STATE_COMPLETE_WITH_GAPS, job.getState());
    assertEquals("bert", job.getActor());
    assertEquals("/back", job.getTarget().toStringUtf8());
    assertEquals(3, job.getFiles());
    assertEquals(200, job.getProblems());
    assertEquals(100, job.getProblemListCount());
    assertEquals(1_500, job.getDurationMillis());
    JobEvent last = book.lastEvent(id);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS, last.getResult().getOutcome());
    assertEquals(3, last.getResult().getFilesWritten());
  }

  @Test
  void shouldCountAsRestoredOnlyWhatWasWritten() throws InterruptedException {
    ControlSession session = connect(web);
    RunTotals looked = RunTotals.newBuilder().setFiles(405).setLogicalBytes(5_000).build();
    JobId again = restore(web);
    end(
        session,
        result(again, JobOutcome.JOB_OUTCOME_COMPLETE).setTotals(looked).setFilesSkipped(405));
    JobId dry = restore(web);
    end(
        session,
        result(dry, JobOutcome.JOB_OUTCOME_COMPLETE)
            .setTotals(looked)
            .setFilesWritten(405)
            .setBytesWritten(5_000)
            .setDryRun(true));
    for (JobId id : List.of(again, dry)) {
      assertEquals(0, show(id).getFiles());
      assertEquals(0, show(id).getBytes());
    }
    assertEquals(List.of("JOB_OUTCOME_COMPLETE 0 PT1.5S"), kit.meter.restores);
  }

  @Test
  void shouldRememberARefusedOrder() throws InterruptedException {
    ControlSession session = connect(web);
    JobId id = backup(web);
    session.received(
        AgentMessage.newBuilder()
            .setRefused(
                OrderRefused.newBuilder()
                    .setJob(bytes(id))
                    .setError(
                        ErrorDetail.newBuilder()
                            .setCode(ErrorCode.NOT_AUTHORISED.number())
                            .setMessage("not here")))
            .build());
    start();
    assertEquals(JobState.JOB_STATE_FAILED, show(id).getState());
    assertEquals("not here", show(id).getError().getMessage());
  }

  @Test
  void shouldEndWhatNobodyClaimsAfterARestart() throws InterruptedException {
    connect(web);
    JobId id = backup(web);
    start();
    assertEquals(JobState.JOB_STATE_LOST, show(id).getState());
    kit.time.advance(limits.resume().minusSeconds(1));
    jobs.poll();
    assertEquals(JobState.JOB_STATE_LOST, show(id).getState());
    kit.time.advance(limits.resume());
    jobs.poll();
    Job job = show(id);
    assertEquals(JobState.JOB_STATE_FAILED, job.getState());
    assertTrue(job.getAssumed());
    assertTrue(job.getError().getMessage().startsWith("agent vanished"), job::toString);
  }

  @Test
  void shouldGoOnWithWhatIsClaimedAfterARestart() throws InterruptedException {
    connect(web);
    JobId id = backup(web);
    start();
    ControlSession session = connect(web, id);
    assertEquals(JobState.JOB_STATE_RUNNING, show(id).getState());
    kit.time.advance(limits.resume().multipliedBy(2));
    end(session, result(id, JobOutcome.JOB_OUTCOME_FAILED));
    assertEquals(JobState.JOB_STATE_FAILED, show(id).getState());
    assertFalse(show(id).getAssumed());
  }

  @Test
  void shouldSayWhatWasCancelled() throws InterruptedException {
    ControlSession session = connect(web);
    JobId cancelled = backup(web);
    jobs.cancel(cancelled);
    end(session, result(cancelled, JobOutcome.JOB_OUTCOME_FAILED));
    JobId tooLate = restore(web);
    jobs.cancel(tooLate);
    end(session, result(tooLate, JobOutcome.JOB_OUTCOME_COMPLETE));
    start();
    assertEquals(JobState.JOB_STATE_CANCELLED, show(cancelled).getState());
    assertEquals(JobState.JOB_STATE_COMPLETE, show(tooLate).getState());
  }

  private OptionalLong lastRestore() {
    try (CatalogView view = kit.catalog.view()) {
      return view.jobs().lastRestoreMillis();
    }
  }

  @Test
  void shouldCountRestoresByHowTheyEndedAndRememberTheLastGoodOne() throws InterruptedException {
    ControlSession session = connect(web);
    JobId failed = restore(web);
    end(session, result(failed, JobOutcome.JOB_OUTCOME_FAILED));
    JobId gaps = restore(web);
    end(session, result(gaps, JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS).setBytesWritten(7));
    end(session, result(backup(web), JobOutcome.JOB_OUTCOME_FAILED));
    assertEquals(OptionalLong.empty(), lastRestore());
    kit.time.advance(Duration.ofMinutes(1));
    long then = kit.time.now().toEpochMilli();
    end(session, result(restore(web), JobOutcome.JOB_OUTCOME_COMPLETE).setBytesWritten(9));
    kit.time.advance(Duration.ofMinutes(1));
    end(session, result(restore(web), JobOutcome.JOB_OUTCOME_FAILED));
    assertEquals(OptionalLong.of(then), lastRestore());
    assertEquals(
        List.of(
            "JOB_OUTCOME_FAILED 0 PT1.5S",
            "JOB_OUTCOME_COMPLETE_WITH_GAPS 7 PT1.5S",
            "JOB_OUTCOME_COMPLETE 9 PT1.5S",
            "JOB_OUTCOME_FAILED 0 PT1.5S"),
        kit.meter.restores);
  }

  @Test
  void shouldTakeTheHostsWordForWhatWasAssumed() throws InterruptedException {
    connect(web).close();
    connect(web);
    JobId id = restore(web);
    start();
    kit.time.advance(limits.resume().multipliedBy(2));
    jobs.poll();
    assertTrue(show(id).getAssumed());
    ControlSession session = connect(web, id);
    end(session, result(id, JobOutcome.JOB_OUTCOME_COMPLETE).setFilesWritten(9));
    assertEquals(MessageCase.RESULT_KEPT, session.next().orElseThrow().getMessageCase());
    assertEquals(JobState.JOB_STATE_COMPLETE, show(id).getState());
    assertEquals(OptionalLong.of(kit.time.now().toEpochMilli()), lastRestore());
    assertEquals(9, show(id).getFiles());
  }

  @Test
  void shouldKeepAResultOnlyOnceItIsDurable() throws InterruptedException {
    ControlSession session = connect(web);
    JobId id = restore(web);
    assertEquals(MessageCase.ORDER, session.next().orElseThrow().getMessageCase());
    kit.journal.failWith(new HoldfastException(ErrorCode.NOT_LEADER, "another one leads"));
    end(session, result(id, JobOutcome.JOB_OUTCOME_COMPLETE));
    session.close();
    assertTrue(session.next().isEmpty(), "nothing tells the agent to forget it");
  }

  @Test
  void shouldJournalNothingAboutJobsThatWereNeverOrdered() throws InterruptedException {
    ControlSession session = connect(web);
    long before = kit.journal.wireAuthority().getSeq();
    JobId invented = JobId.of(kit.randomness.bytes(16));
    end(session, result(invented, JobOutcome.JOB_OUTCOME_FAILED));
    assertEquals(MessageCase.RESULT_KEPT, session.next().orElseThrow().getMessageCase());
    assertEquals(before, kit.journal.wireAuthority().getSeq());
  }

  @Test
  void shouldJournalNothingAboutAnotherHostsJob() throws InterruptedException {
    connect(web);
    JobId id = restore(web);
    ControlSession other = connect(db);
    end(other, result(id, JobOutcome.JOB_OUTCOME_FAILED));
    assertEquals(JobState.JOB_STATE_RUNNING, show(id).getState());
  }

  @Test
  void shouldListTheNewestFirstByHostAndByWhatIsOpen() throws InterruptedException {
    ControlSession session = connect(web);
    connect(db);
    JobId first = backup(web);
    kit.time.advance(Duration.ofSeconds(1));
    JobId second = restore(db);
    kit.time.advance(Duration.ofSeconds(1));
    JobId third = restore(web);
    end(session, result(third, JobOutcome.JOB_OUTCOME_COMPLETE));
    assertEquals(List.of(third, second, first), ids(list(ListJobsRequest.newBuilder())));
    assertEquals(List.of(third, first), ids(list(ListJobsRequest.newBuilder().setHost("web"))));
    assertEquals(List.of(second, first), ids(list(ListJobsRequest.newBuilder().setOpen(true))));
    assertEquals(List.of(third), ids(list(ListJobsRequest.newBuilder().setLimit(1))));
    assertCode(
        ErrorCode.HOST_NOT_FOUND, () -> list(ListJobsRequest.newBuilder().setHost("nobody")));
  }

  private static List<JobId> ids(List<Job> jobs) {
    return jobs.stream().map(job -> JobId.of(job.getJob().toByteArray())).toList();
  }

  @Test
  void shouldFindByTheBeginningOfAnId() throws InterruptedException {
    connect(web);
    JobId id = backup(web);
    assertEquals(id, book.resolve(id.toString().substring(0, 6)));
    assertCode(ErrorCode.JOB_NOT_FOUND, () -> book.resolve("0".repeat(32)));
    assertCode(ErrorCode.JOB_NOT_FOUND, () -> book.resolve(""));
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> book.resolve("latest"));
  }
}
