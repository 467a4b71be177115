package io.holdfast.coordinator.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.RunId;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.ControlSession;
import io.holdfast.coordinator.job.JobBook;
import io.holdfast.coordinator.job.JobLimits;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.coordinator.policy.book.LabelEdit;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.policy.book.TraitBook;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.Job;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.JobState;
import io.holdfast.proto.wire.v1.ListJobsRequest;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies are applied, time passes, hosts come and go, and the coordinator is restarted. */
class ScheduleRoundsTest {
  private static final Caps WIDE = new Caps(32, 1, Map.of(), Map.of());

  /** At noon; the policies here run at two in the night, in UTC. */
  private static final Instant TWO = Instant.parse("2026-03-02T02:00:00Z");

  private final FleetKit kit = new FleetKit(41);
  private final PolicyBook policies = new PolicyBook(kit.ports, kit.hosts);
  private Jobs jobs;
  private Orders orders;
  private ScheduleRounds rounds;
  private NamedHost web;
  private NamedHost db;

  @BeforeEach
  void enrol() throws InterruptedException {
    web = kit.hosts.get(kit.enrol("web").id());
    db = kit.hosts.get(kit.enrol("db").id());
    start(WIDE);
  }

  /** A coordinator that knows only what the journal says. */
  private void start(Caps caps) {
    jobs = new Jobs(kit.ports, JobLimits.defaults());
    jobs.resume();
    orders = new Orders(kit.ports, jobs, JobLimits.defaults());
    rounds = new ScheduleRounds(kit.ports, kit.hosts, policies, jobs, orders, caps);
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private static String nightly(String name, String more) {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      selector: {}
      source: {files: {include: [/srv, /etc], exclude: ["*.tmp"]}}
      schedule: {cron: "0 2 * * *", retries: {times: 1, backOff: 5m}}
      retention: {daily: 7}
    %s
    """
        .formatted(name, more.indent(2));
  }

  private void apply(String text) throws InterruptedException {
    policies.apply("p.yaml", text, true, "anna");
  }

  private ControlSession connect(NamedHost host, JobId... claims) throws InterruptedException {
    Hello.Builder hello = Hello.newBuilder();
    for (JobId claim : claims) {
      hello.addRunningJobs(ByteString.copyFrom(claim.toByteArray()));
    }
    ControlSession session = jobs.connect(host.id(), hello.build(), why -> {});
    session.next(); // the welcome
    return session;
  }

  private void roundAt(Instant time) throws InterruptedException {
    Duration wait = Duration.between(kit.time.now(), time);
    assertTrue(!wait.isNegative(), "time only goes on");
    kit.time.advance(wait);
    rounds.round();
  }

  private static Order order(ControlSession session) throws InterruptedException {
    CoordinatorMessage message = session.next().orElseThrow();
    assertTrue(message.hasOrder(), message::toString);
    return message.getOrder();
  }

  private List<JobOrdered> ordered() {
    return kit.journal.changes().stream()
        .filter(Change::hasJobOrdered)
        .map(Change::getJobOrdered)
        .toList();
  }

  private static void fail(ControlSession session, Order order) {
    session.received(
        AgentMessage.newBuilder()
            .setResult(
                JobResult.newBuilder()
                    .setJob(order.getJob())
                    .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
                    .setError(ErrorDetail.newBuilder().setCode(ErrorCode.IO.number())))
            .build());
  }

  private List<Job> listed() {
    List<Job> listed = new ArrayList<>();
    new JobBook(kit.ports, kit.hosts, jobs, rounds::queue)
        .list(ListJobsRequest.getDefaultInstance(), listed::add);
    return listed;
  }

  @Test
  void shouldOrderWhatIsDueOnceAndAsThePolicySays() throws InterruptedException {
    apply(nightly("nightly", "limits: {bandwidth: [{rate: 20 MiB/s}]}"));
    ControlSession session = connect(web);
    roundAt(TWO.minusSeconds(1));
    assertEquals(List.of(), ordered());
    roundAt(TWO.plusSeconds(1));
    Order order = order(session);
    assertEquals(
        List.of("/etc", "/srv"),
        order.getBackup().getSourcesList().stream().map(ByteString::toStringUtf8).toList());
    assertEquals(List.of("*.tmp"), order.getBackup().getPatternsList());
    assertEquals(20L << 20, order.getBackup().getRateLimit());
    JobOrdered ordered = ordered().getFirst();
    assertEquals(order.getJob(), ordered.getJob());
    assertEquals(order.getBackup().getRun(), ordered.getRun());
    assertNotEquals(ordered.getJob(), ordered.getRun());
    assertEquals(TWO.getEpochSecond(), ordered.getScheduled().getNominalSeconds());
    assertEquals(1, ordered.getScheduled().getAttempt());
    assertTrue(order.getAuthority().getSeq() >= kit.journal.wireAuthority().getSeq());
    roundAt(TWO.plusSeconds(2));
    assertEquals(1, ordered().size(), "it runs");
  }

  private void label(NamedHost host, Map<String, String> set, String... removed)
      throws InterruptedException {
    new TraitBook(kit.ports, kit.hosts, policies)
        .label(host, LabelEdit.of(set, Set.of(removed)), true, "anna");
  }

  private List<String> previewed() {
    List<String> hosts = new ArrayList<>();
    new Preview(policies, kit.hosts, kit.time)
        .list(PreviewPoliciesRequest.getDefaultInstance(), run -> hosts.add(run.getHostName()));
    return hosts;
  }

  @Test
  void shouldFollowLabelsAtOnceAndMakeUpForNothingOfTheTimeBefore() throws InterruptedException {
    apply(nightly("nightly", "").replace("selector: {}", "selector: {matchLabels: {role: web}}"));
    ControlSession session = connect(web);
    roundAt(TWO.plusSeconds(1));
    assertEquals(List.of(), ordered());
    assertEquals(List.of(), previewed());
    label(web, Map.of("role", "web"));
    assertEquals(List.of("web"), previewed());
    roundAt(TWO.plusSeconds(2));
    assertEquals(List.of(), ordered(), "two o'clock was before it came to the policy");
    assertEquals(List.of(), rounds.queue());
    roundAt(TWO.plus(Duration.ofDays(1)).plusSeconds(1));
    Order order = order(session);
    assertEquals(1, ordered().size());
    fail(session, order);
    label(web, Map.of(), "role");
    assertEquals(List.of(), previewed());
    roundAt(TWO.plus(Duration.ofDays(1)).plusSeconds(600));
    assertEquals(1, ordered().size(), "nobody asks for another attempt");
    roundAt(TWO.plus(Duration.ofDays(2)).plusSeconds(1));
    assertEquals(1, ordered().size());
  }

  @Test
  void anotherLabelShouldLoseNoRunThatIsDue() throws InterruptedException {
    apply(nightly("nightly", ""));
    roundAt(TWO.plusSeconds(1));
    label(web, Map.of("rack", "7"));
    connect(web);
    roundAt(TWO.plusSeconds(2));
    assertEquals(1, ordered().size());
  }

  @Test
  void shouldShowWhatWaitsAndWhatRuns() throws InterruptedException {
    apply(nightly("nightly", ""));
    connect(web);
    roundAt(TWO);
    List<Job> listed = listed();
    assertEquals(JobState.JOB_STATE_WAITING, listed.getFirst().getState());
    assertEquals("db", listed.getFirst().getHostName());
    assertEquals("its host is not connected", listed.getFirst().getWaitsFor());
    Job runs = listed.getLast();
    assertEquals(JobState.JOB_STATE_RUNNING, runs.getState());
    assertEquals("nightly", runs.getPolicy());
    assertEquals("schedule", runs.getActor());
    assertEquals(TWO.toEpochMilli(), runs.getNominalMillis());
    connect(db);
    roundAt(TWO.plusSeconds(30));
    assertEquals(2, ordered().size());
    assertEquals(List.of(), rounds.queue());
  }

  @Test
  void shouldTryAgainUnderTheSameRun() throws InterruptedException {
    apply(nightly("nightly", ""));
    ControlSession session = connect(web);
    roundAt(TWO);
    Order first = order(session);
    fail(session, first);
    roundAt(TWO.plusSeconds(60));
    assertEquals(1, ordered().size(), "the wait isn't over");
    roundAt(TWO.plus(Duration.ofMinutes(7)));
    assertEquals(2, ordered().size());
    JobOrdered again = ordered().getLast();
    assertEquals(2, again.getScheduled().getAttempt());
    assertEquals(first.getBackup().getRun(), again.getRun());
    assertNotEquals(first.getJob(), again.getJob());
  }

  @Test
  void shouldNotTryAgainWhatAnOperatorCancelled() throws InterruptedException {
    apply(nightly("nightly", ""));
    ControlSession session = connect(web);
    roundAt(TWO);
    Order order = order(session);
    jobs.cancel(JobId.of(order.getJob().toByteArray()));
    fail(session, order);
    roundAt(TWO.plus(Duration.ofHours(1)));
    assertEquals(1, ordered().size());
    roundAt(TWO.plus(Duration.ofDays(1)));
    assertEquals(2, ordered().size(), "the next run is another matter");
  }

  @Test
  void shouldNeitherLoseNorDoubleARunWhenItIsRestarted() throws InterruptedException {
    apply(nightly("nightly", ""));
    connect(web);
    roundAt(TWO);
    assertEquals(1, ordered().size());
    JobId job = JobId.of(ordered().getFirst().getJob().toByteArray());
    start(WIDE);
    rounds.round();
    assertEquals(1, ordered().size(), "the journal says that it was ordered");
    ControlSession session = connect(web, job);
    jobs.poll();
    rounds.round();
    assertEquals(1, ordered().size(), "its host goes on with it");
    session.received(
        AgentMessage.newBuilder()
            .setResult(
                JobResult.newBuilder()
                    .setJob(ByteString.copyFrom(job.toByteArray()))
                    .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE))
            .build());
    connect(db);
    roundAt(TWO.plus(Duration.ofHours(3)));
    assertEquals(2, ordered().size(), "the other host's run was waiting for its host");
    assertEquals(TWO.getEpochSecond(), ordered().getLast().getScheduled().getNominalSeconds());
  }

  @Test
  void shouldTryAgainWhatWasJournalledAndNeverSent() throws InterruptedException {
    apply(nightly("nightly", ""));
    connect(web);
    roundAt(TWO);
    start(WIDE);
    connect(web); // it knows nothing of the job
    roundAt(TWO.plus(Duration.ofMinutes(6)));
    assertEquals(2, ordered().size());
    assertEquals(2, ordered().getLast().getScheduled().getAttempt());
  }

  @Test
  void shouldKeepWhatIsDueThroughAnotherVersionOfThePolicy() throws InterruptedException {
    apply(nightly("nightly", ""));
    roundAt(TWO.plusSeconds(30));
    apply(nightly("nightly", "objectives: {rpo: 2d}"));
    connect(web);
    roundAt(TWO.plusSeconds(60));
    assertEquals(1, ordered().size());
  }

  @Test
  void shouldNotMakeUpForTimesBeforeThePolicyWas() throws InterruptedException {
    connect(web);
    roundAt(TWO.plusSeconds(30));
    apply(nightly("nightly", ""));
    roundAt(TWO.plusSeconds(60));
    assertEquals(List.of(), ordered());
  }

  @Test
  void shouldKeepToItsCaps() throws InterruptedException {
    start(new Caps(1, 1, Map.of(), Map.of()));
    apply(nightly("nightly", ""));
    connect(web);
    connect(db);
    roundAt(TWO);
    assertEquals(1, ordered().size());
    assertEquals("as many jobs run as may at one time", rounds.queue().getFirst().getWaitsFor());
  }

  @Test
  void shouldFollowTheLimitsOfTheTimeOfDay() throws InterruptedException {
    apply(nightly("nightly", "limits: {bandwidth: [{rate: 5 MiB/s, during: \"06:00-18:00\"}]}"));
    ControlSession session = connect(web);
    roundAt(TWO);
    Order order = order(session);
    assertEquals(0, order.getBackup().getRateLimit());
    roundAt(TWO.plus(Duration.ofHours(4)));
    CoordinatorMessage slower = session.next().orElseThrow();
    assertEquals(order.getJob(), slower.getSetRate().getJob());
    assertEquals(5L << 20, slower.getSetRate().getRateLimit());
    roundAt(TWO.plus(Duration.ofHours(16)));
    assertEquals(0, session.next().orElseThrow().getSetRate().getRateLimit());
  }

  @Test
  void shouldOrderNothingOfADeletedPolicy() throws InterruptedException {
    apply(nightly("nightly", ""));
    connect(web);
    policies.delete("nightly", true, "anna");
    roundAt(TWO.plusSeconds(1));
    assertEquals(List.of(), ordered());
  }

  @Test
  void shouldBelieveAHostsLateWordBeforeItTriesAgain() throws InterruptedException {
    apply(nightly("nightly", ""));
    ControlSession session = connect(web);
    roundAt(TWO);
    JobId job = JobId.of(ordered().getFirst().getJob().toByteArray());
    session.close();
    kit.time.advance(JobLimits.defaults().reconnect());
    jobs.poll(); // it vanished
    roundAt(TWO.plus(Duration.ofMinutes(7)));
    assertEquals(1, ordered().size(), "another attempt is due, and its host isn't there");
    ControlSession back = connect(web);
    back.received(
        AgentMessage.newBuilder()
            .setResult(
                JobResult.newBuilder()
                    .setJob(ByteString.copyFrom(job.toByteArray()))
                    .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE))
            .build());
    roundAt(kit.time.now().plusSeconds(1));
    assertEquals(1, ordered().size(), "it was done all the time");
  }

  @Test
  void shouldNotTryAgainWhatItsHostIsStillBusyWith() throws InterruptedException {
    apply(nightly("nightly", ""));
    ControlSession session = connect(web);
    roundAt(TWO);
    JobId job = JobId.of(ordered().getFirst().getJob().toByteArray());
    session.close();
    kit.time.advance(JobLimits.defaults().reconnect());
    jobs.poll(); // it vanished
    connect(web, job);
    roundAt(TWO.plus(Duration.ofMinutes(7)));
    assertEquals(1, ordered().size(), "it came back too late, and goes on");
    assertEquals(List.of(job), jobs.running().stream().map(Jobs.Running::job).toList());
    start(WIDE);
    ControlSession back = connect(web, job);
    roundAt(TWO.plus(Duration.ofMinutes(8)));
    assertEquals(1, ordered().size(), "the next coordinator hears it, too");
    fail(back, Order.newBuilder().setJob(ordered().getFirst().getJob()).build());
    assertEquals(List.of(), jobs.running());
    roundAt(TWO.plus(Duration.ofMinutes(20)));
    assertEquals(2, ordered().size(), "now it has failed");
  }

  @Test
  void shouldSeeEachEndThoughRoundsFollowCloselyOnEachOther() throws InterruptedException {
    start(new Caps(1, 1, Map.of(), Map.of()));
    apply(nightly("nightly", ""));
    Map<NamedHost, ControlSession> sessions = Map.of(web, connect(web), db, connect(db));
    roundAt(TWO);
    assertTrue(rounds.isAnyWaiting());
    JobOrdered first = ordered().getFirst();
    NamedHost host = first.getHost().equals(ByteString.copyFrom(web.id().toByteArray())) ? web : db;
    int[] ended = {0};
    jobs.onEnd(() -> ended[0]++);
    fail(sessions.get(host), order(sessions.get(host)));
    assertEquals(1, ended[0]);
    roundAt(kit.time.now().plusMillis(100));
    assertEquals(2, ordered().size(), "the place went to the other host");
    assertEquals(false, rounds.isAnyWaiting());
  }

  @Test
  void shouldKnowTheLastAttemptFromTheCatalog() throws InterruptedException {
    apply(nightly("nightly", ""));
    connect(web);
    roundAt(TWO);
    try (CatalogView view = kit.catalog.view()) {
      assertEquals(
          Optional.of(JobId.of(ordered().getFirst().getJob().toByteArray())),
          view.jobs()
              .ofScheduledRun(web.id(), RunId.of(ordered().getFirst().getRun().toByteArray()))
              .map(found -> found.id()));
    }
  }
}
