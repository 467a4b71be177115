package io.holdfast.coordinator.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.LastAttempt;
import io.holdfast.coordinator.catalog.Total;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.coordinator.job.ControlSession;
import io.holdfast.coordinator.job.JobLimits;
import io.holdfast.coordinator.job.Jobs;
import io.holdfast.coordinator.job.Orders;
import io.holdfast.coordinator.job.SessionKit;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.coordinator.schedule.plan.Caps;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.stored.v1.Outcome;
import io.holdfast.proto.stored.v1.SnapshotCommitted;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.ErrorDetail;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two days of a coordinator that is stopped between any two steps, and of hosts that lose their
 * connection, their jobs, or the answer: real rounds, real registry of jobs, real catalog; agents
 * are played. One seed is replayed by leaving only it in the list.
 */
class DispatchSimulationTest {
  private static final Duration LENGTH = Duration.ofDays(2);
  private static final int HOSTS = 5;

  private static final String POLICIES =
      """
      apiVersion: holdfast/v1
      kind: Policy
      metadata: {name: often}
      spec:
        selector: {}
        source: {files: {include: [/srv]}}
        schedule: {cron: "*/20 * * * *", spread: 10m, retries: {times: 2, backOff: 1m}}
      ---
      apiVersion: holdfast/v1
      kind: Policy
      metadata: {name: nightly}
      spec:
        selector: {}
        source: {files: {include: [/etc]}}
        schedule: {cron: "30 2 * * *", windows: ["02:00-05:00"], retries: {times: 3, backOff: 5m}}
      """;

  /** A job on its host, whether or not anybody is connected to it. */
  private record OnHost(Order order, Instant ends) {}

  private final class Agent {
    final NamedHost host;
    final Map<ByteString, OnHost> jobs = new LinkedHashMap<>();
    final Map<ByteString, JobResult> unkept = new LinkedHashMap<>();
    Optional<ControlSession> session = Optional.empty();

    Agent(NamedHost host) {
      this.host = host;
    }

    void connect() throws InterruptedException {
      Set<ByteString> claims = new HashSet<>(jobs.keySet());
      claims.addAll(unkept.keySet());
      Hello hello = Hello.newBuilder().addAllRunningJobs(claims).build();
      session = Optional.of(jobsHere.connect(host.id(), hello, why -> {}));
      unkept.values().forEach(this::send);
    }

    void disconnect() {
      session.ifPresent(ControlSession::close);
      session = Optional.empty();
    }

    private void send(JobResult result) {
      session.ifPresent(to -> to.received(AgentMessage.newBuilder().setResult(result).build()));
    }

    /** Takes what came, and ends what has run for long enough. */
    void live() throws InterruptedException {
      if (session.isPresent()) {
        Optional<List<CoordinatorMessage>> came = SessionKit.drain(session.get());
        session = came.isPresent() ? session : Optional.empty();
        for (CoordinatorMessage each : came.orElse(List.of())) {
          take(each);
        }
      }
      for (OnHost job : List.copyOf(jobs.values())) {
        if (!job.ends().isAfter(kit.time.now())) {
          jobs.remove(job.order().getJob());
          end(job.order());
        }
      }
    }

    private void take(CoordinatorMessage message) {
      switch (message.getMessageCase()) {
        case ORDER -> {
          Order order = message.getOrder();
          Duration lasts =
              Duration.ofSeconds(20 + random.nextInt(random.nextInt(6) == 0 ? 4_000 : 400));
          assertTrue(ordersSeen.add(order.getJob()), "an order is sent twice");
          jobs.put(order.getJob(), new OnHost(order, kit.time.now().plus(lasts)));
        }
        case HEARTBEAT ->
            session
                .orElseThrow()
                .received(
                    AgentMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
        case RESULT_KEPT -> unkept.remove(message.getResultKept().getJob());
        default -> {}
      }
    }

    private void end(Order order) {
      boolean failed = random.nextInt(5) == 0;
      JobResult.Builder result = JobResult.newBuilder().setJob(order.getJob());
      if (failed) {
        result
            .setOutcome(JobOutcome.JOB_OUTCOME_FAILED)
            .setError(ErrorDetail.newBuilder().setCode(ErrorCode.IO.number()));
      } else {
        commit(host, order);
        result.setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE);
      }
      unkept.put(order.getJob(), result.build());
      send(result.build());
    }
  }

  private FleetKit kit;
  private Random random;
  private PolicyBook policies;
  private Jobs jobsHere;
  private ScheduleRounds rounds;
  private final List<Agent> agents = new ArrayList<>();
  private final Set<ByteString> ordersSeen = new HashSet<>();
  private final Set<ByteString> committed = new HashSet<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void noRunIsLostNoneIsDoubled(long seed) throws InterruptedException {
    random = new Random(seed);
    try (FleetKit fleet = new FleetKit(seed)) {
      kit = fleet;
      policies = new PolicyBook(kit.ports, kit.hosts);
      for (int n = 0; n < HOSTS; n++) {
        agents.add(new Agent(kit.hosts.get(kit.enrol("host" + n).id())));
      }
      policies.apply("p", POLICIES, true, "anna");
      start();
      Instant end = kit.time.now().plus(LENGTH);
      while (kit.time.now().isBefore(end)) {
        step();
      }
      settle();
      assertNothingDoubled();
      assertNothingLost();
    }
  }

  private void start() {
    jobsHere = new Jobs(kit.ports, JobLimits.defaults());
    jobsHere.resume();
    Orders orders = new Orders(kit.ports, jobsHere, JobLimits.defaults());
    Caps caps = new Caps(4, 2, Map.of(), Map.of());
    rounds = new ScheduleRounds(kit.ports, kit.hosts, policies, jobsHere, orders, caps);
    agents.forEach(agent -> agent.session = Optional.empty());
  }

  private void step() throws InterruptedException {
    kit.time.advance(Duration.ofSeconds(1 + random.nextInt(25)));
    Agent agent = agents.get(random.nextInt(HOSTS));
    if (random.nextInt(120) == 0) {
      start(); // what was journalled and not sent stays behind
    }
    if (random.nextInt(30) == 0) {
      agent.disconnect();
    }
    if (random.nextInt(200) == 0) {
      agent.disconnect();
      agent.jobs.clear(); // the machine went down; results it had are gone, too
      agent.unkept.clear();
    }
    if (agent.session.isEmpty()) {
      agent.connect();
    }
    turn();
  }

  private void turn() throws InterruptedException {
    for (Agent each : agents) {
      each.live();
    }
    jobsHere.poll();
    rounds.round();
  }

  private void settle() throws InterruptedException {
    for (Agent agent : agents) {
      if (agent.session.isEmpty()) {
        agent.connect();
      }
    }
    for (int n = 0; n < 1_500; n++) {
      kit.time.advance(Duration.ofSeconds(5));
      turn();
    }
  }

  /** As the coordinator's session would have it. */
  private void commit(NamedHost host, Order order) {
    Bytes32 sources =
        SnapshotFormat.sourceSet(
            order.getBackup().getSourcesList().stream().map(ByteString::toByteArray).toList());
    SnapshotCommitted snapshot =
        SnapshotCommitted.newBuilder()
            .setSnapshot(ByteString.copyFrom(SnapshotId.of(kit.randomness.bytes(32)).toByteArray()))
            .setHost(ByteString.copyFrom(host.id().toByteArray()))
            .setRun(order.getBackup().getRun())
            .setRoot(ByteString.copyFrom(kit.randomness.bytes(32)))
            .setSession(ByteString.copyFrom(kit.randomness.bytes(16)))
            .setSourceSet(ByteString.copyFrom(sources.toByteArray()))
            .setOutcome(Outcome.OUTCOME_COMPLETE)
            .build();
    if (committed.add(order.getBackup().getRun())) { // a run's second commit is answered, not made
      kit.journal
          .append(
              List.of(
                  MutationSealer.clear(Change.newBuilder().setSnapshotCommitted(snapshot).build())))
          .join();
    }
  }

  private void assertNothingDoubled() {
    Set<List<Object>> attempts = new HashSet<>();
    for (Change change : kit.journal.changes()) {
      if (change.hasJobOrdered()) {
        JobOrdered ordered = change.getJobOrdered();
        assertTrue(
            attempts.add(
                List.of(
                    ordered.getScheduled().getSeries(),
                    ordered.getScheduled().getNominalSeconds(),
                    ordered.getScheduled().getAttempt())),
            "an attempt is ordered once");
      }
    }
    try (CatalogView view = kit.catalog.view()) {
      assertEquals(0, view.totals().of(Total.IGNORED_CHANGES), "no order was without effect");
    }
    assertTrue(attempts.size() > 200, attempts.size() + " attempts");
  }

  /** Every series has run lately: nothing blocks it. */
  private void assertNothingLost() {
    Assignments assignments = new Assignments(kit.ports, policies, kit.hosts);
    Instant now = kit.time.now();
    try (CatalogView view = kit.catalog.view()) {
      Roster roster = assignments.at(now);
      for (Assignment each :
          roster.duties().stream().map(duty -> roster.get(duty.series())).toList()) {
        LastAttempt attempt = view.jobs().last(each.id()).orElseThrow();
        Instant last = Instant.ofEpochSecond(attempt.run().getNominalSeconds());
        Instant before =
            each.duty()
                .schedule()
                .timetable()
                .before(each.duty().schedule().timetable().latest(now))
                .nominal();
        assertTrue(
            !last.isBefore(before) || attempt.state() == LastAttempt.State.OPEN,
            each.policy() + " ran last for " + last);
      }
      List<JobId> open = new ArrayList<>();
      view.jobs().forEachOpen(job -> open.add(job.id()));
      assertTrue(open.size() <= 2 * HOSTS, open.size() + " jobs are open");
    }
  }
}
