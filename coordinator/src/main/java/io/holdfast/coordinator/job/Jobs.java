package io.holdfast.coordinator.job;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SeriesId;
import io.holdfast.common.rpc.RpcErrors;
import io.holdfast.coordinator.catalog.RecordedJob;
import io.holdfast.coordinator.fleet.Facts;
import io.holdfast.coordinator.fleet.FleetPorts;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.stored.v1.JobOrdered;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.Authority;
import io.holdfast.proto.wire.v1.CancelJob;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.FleetRoot;
import io.holdfast.proto.wire.v1.FleetRoots;
import io.holdfast.proto.wire.v1.Heartbeat;
import io.holdfast.proto.wire.v1.Hello;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobLog;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobProgress;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.MoveAnswer;
import io.holdfast.proto.wire.v1.MoveOrder;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.ResultKept;
import io.holdfast.proto.wire.v1.SeenStanding;
import io.holdfast.proto.wire.v1.SetRate;
import io.holdfast.proto.wire.v1.Welcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions and jobs. Any thread; one calls {@link #poll} every second.
 *
 * <ol>
 *   <li>I1: a host has at most one session. A second one is taken only when the first doesn't
 *       answer a question put to it then and there: one that answers makes the second a clone.
 *   <li>I2: a job is reported on by its own host only, and ends once by that host's word.
 *   <li>I3: a job outlives its stream for a while: the agent that comes back in time and claims it
 *       goes on with it; one that doesn't claim it has lost it.
 * </ol>
 *
 * <pre>
 * job    from     to       because
 *        -        running  the order is in the session's outbox, or the agent claims it
 *        running  lost     the session ended
 *        lost     running  the agent came back and claims it
 *        lost     ended    it came back without it, or not in time: "agent vanished"
 *        ended    running  it was given up, and the agent claims it after all
 *        running  ended    result or refusal
 * </pre>
 */
public final class Jobs {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final int CLAIMS_MAX = 256;

  /** One word and a few numbers. */
  private static final int PROGRESS_BYTES_MAX = 4_096;

  private final FleetPorts ports;
  private final Function<Authority, SeenStanding> seen;
  private final JobLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<HostId, ControlSession> sessions = new HashMap<>();
  private final Set<HostId> probed = new HashSet<>();
  private final RunningJobs running = new RunningJobs();
  private final JobHistory history;
  private boolean draining;
  private volatile Runnable jobEnded = () -> {};
  private volatile Greeting greeting = Greeting.NONE;
  private volatile BiConsumer<HostId, MoveAnswer> moveAnswered = (host, answer) -> {};
  private volatile BiConsumer<HostId, HostFacts> factsTold = (host, facts) -> {};
  private final JobRecords records;
  private final JobLogSink logs;

  /** Without a journal to look into: agents are told nothing about what they have seen of it. */
  public Jobs(FleetPorts ports, JobLimits limits) {
    this(ports, highest -> SeenStanding.SEEN_STANDING_UNSPECIFIED, limits, JobLogSink.NONE);
  }

  /**
   * Jobs of the hosts of {@code ports}.
   *
   * @param seen where the record that an agent has seen stands in the journal; {@link SeenRecords}
   */
  public Jobs(
      FleetPorts ports, Function<Authority, SeenStanding> seen, JobLimits limits, JobLogSink logs) {
    this.logs = logs;
    this.ports = ports;
    this.seen = seen;
    this.limits = limits;
    this.history = new JobHistory(limits);
    this.records = new JobRecords(ports);
  }

  /**
   * Takes up the jobs that the journal has no end of: ordered by a coordinator that led before, or
   * by this one before it was stopped. Their hosts have {@link JobLimits#resume} to claim them.
   */
  public void resume() {
    lock.lock();
    try {
      long since = ports.time().nanos() + limits.resume().minus(limits.reconnect()).toNanos();
      records.forEachOpen(open -> {
        Job job = Job.of(open.id(), open.host(), open.ordered());
        job.lost(since);
        running.add(job);
      });
    } finally {
      lock.unlock();
    }
  }

  /** Who is told, at once and by any thread, when a job has ended; must not wait. */
  public void onEnd(Runnable listener) {
    jobEnded = listener;
  }

  /** What a host says of the fleet's roots when it connects, and what it is told. */
  public interface Greeting {
    Greeting NONE =
        new Greeting() {
          @Override
          public void said(HostId host, Hello hello) {}

          @Override
          public List<FleetRoot> roots() {
            return List.of();
          }
        };

    void said(HostId host, Hello hello) throws InterruptedException;

    /** Those that are believed, the newest last. */
    List<FleetRoot> roots();
  }

  /** Who greets from now on. */
  public void greetBy(Greeting next) {
    greeting = next;
  }

  /** Who is told, at once, what a host says of itself when it connects; must not wait. */
  public void onFacts(BiConsumer<HostId, HostFacts> listener) {
    factsTold = listener;
  }

  /** Who is told, at once, that a host doesn't go to another repository; must not wait. */
  void onMoveAnswer(BiConsumer<HostId, MoveAnswer> listener) {
    moveAnswered = listener;
  }

  // Sessions.

  /** Tells every connected host what a welcome would now tell of the fleet's roots. */
  public void tellRoots() {
    CoordinatorMessage message =
        CoordinatorMessage.newBuilder()
            .setFleetRoots(FleetRoots.newBuilder().addAllRoots(greeting.roots()))
            .build();
    lock.lock();
    try {
      sessions.values().forEach(session -> session.send(message));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens the session of {@code host}, whose stream {@code end} can end. Waits up to the probe's
   * time if it has one already. NOT_AUTHORISED for a clone; FENCED if the agent has seen a higher
   * authority than this coordinator's; INVALID_ARGUMENT for a hello that no agent says; errors of
   * {@link FleetPorts#authority}.
   */
  public ControlSession connect(HostId host, Hello hello, ControlSession.StreamEnd end)
      throws InterruptedException {
    Authority authority = ports.authority().get();
    AuthorityOrder.refuseIfOutranked(host, hello.getHighestSeen(), authority);
    Facts.check(hello.getFacts());
    SeenStanding standing = standing(host, hello);
    Set<JobId> claims = claims(host, hello);
    greeting.said(host, hello);
    ControlSession session = new ControlSession(this, host, end);
    if (standing == SeenStanding.SEEN_STANDING_LOST) {
      session.sawLostRecords();
    }
    lock.lockInterruptibly();
    try {
      makeRoom(host);
      sessions.put(host, session);
      session.heard(ports.time().nanos());
      session.send(welcome(authority, standing));
      reconcile(session, claims);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (hello.hasFacts()) {
      factsTold.accept(host, hello.getFacts());
    }
    return session;
  }

  private static Set<JobId> claims(HostId host, Hello hello) {
    if (hello.getRunningJobsCount() > CLAIMS_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "host " + host + " claims " + hello.getRunningJobsCount() + " jobs; restart its agent");
    }
    Set<JobId> claims = new HashSet<>();
    hello.getRunningJobsList().forEach(id -> claims.add(jobId(id)));
    return claims;
  }

  private SeenStanding standing(HostId host, Hello hello) {
    SeenStanding standing = seen.apply(hello.getHighestSeen());
    if (standing == SeenStanding.SEEN_STANDING_LOST) {
      LOG.error(
          "host {} has seen record {} of this repository's journal, which this vault's"
              + " journal does not hold: the vault was set back or exchanged. The host refuses"
              + " restores and goes on backing up; bring the newer vault back, or accept the loss",
          host,
          hello.getHighestSeen().getSeq());
    }
    return standing;
  }

  /** Connected hosts that have seen records which this journal lost. */
  public List<HostId> hostsThatSawLostRecords() {
    lock.lock();
    try {
      return sessions.values().stream()
          .filter(ControlSession::hasSeenLostRecords)
          .map(ControlSession::host)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  private CoordinatorMessage welcome(Authority authority, SeenStanding standing) {
    return CoordinatorMessage.newBuilder()
        .setWelcome(
            Welcome.newBuilder()
                .setAuthority(authority)
                .setHighestSeen(standing)
                .addAllRoots(greeting.roots())
                .setHeartbeatMillis(limits.heartbeat().toMillis()))
        .build();
  }

  /** Returns without a session of {@code host}, or throws. */
  private void makeRoom(HostId host) throws InterruptedException {
    if (!sessions.containsKey(host)) {
      return;
    }
    if (!probed.add(host)) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          "host " + host + " is just being asked whether its last stream lives; connect again");
    }
    try {
      probe(host, sessions.get(host));
    } finally {
      probed.remove(host);
    }
  }

  private void probe(HostId host, ControlSession old) throws InterruptedException {
    long since = ports.time().nanos();
    old.ask(since, Heartbeat.getDefaultInstance());
    long question = old.questions();
    while (sessions.get(host) == old) {
      if (old.hasAnswered(question)) {
        throw clone(host);
      }
      if (ports.time().nanos() - since >= limits.probe().toNanos()) {
        drop(old, "another stream of this host has taken its place");
        return;
      }
      changed.await();
    }
  }

  private HoldfastException clone(HostId host) {
    ports.meter().cloneRefused(host);
    return new HoldfastException(
        ErrorCode.NOT_AUTHORISED,
        "host "
            + host
            + " is connected already and answers: this machine or the other one is a clone; remove"
            + " the agent's state directory on the clone and enrol it with a new token");
  }

  private void reconcile(ControlSession session, Set<JobId> claims) {
    for (Job job : running.of(session.host())) {
      if (claims.contains(job.id())) {
        job.found();
        if (job.isCancelWanted()) {
          session.send(cancelMessage(job.id()));
        }
      } else {
        assume(job, "came back without this job");
      }
    }
    claims.stream()
        .filter(claim -> !running.contains(claim))
        .forEach(claim -> adopt(session.host(), claim));
  }

  /**
   * A job that was given up too early, or was ordered by a coordinator that was here, or led,
   * before. One whose end the host itself told, or its commit, is over.
   */
  private void adopt(HostId host, JobId id) {
    if (running.count(host) >= limits.jobsPerHost()) {
      return;
    }
    Optional<RecordedJob> known = records.find(id);
    if (known.isEmpty() && history.find(id).isEmpty()) {
      running.add(Job.unknown(id, host));
    }
    known
        .filter(job -> job.host().equals(host)) // I2
        .filter(job -> job.snapshot().isEmpty())
        .filter(job -> job.end().map(end -> end.ended().getAssumed()).orElse(true))
        .ifPresent(job -> running.add(Job.of(id, host, job.ordered())));
  }

  void closed(ControlSession session) {
    lock.lock();
    try {
      remove(session);
    } finally {
      lock.unlock();
    }
  }

  private void remove(ControlSession session) {
    if (sessions.remove(session.host(), session)) {
      long now = ports.time().nanos();
      running.of(session.host()).forEach(job -> job.lost(now));
      changed.signalAll();
    }
  }

  /** Ends every session for good: the coordinator is stopping. */
  public void endSessions() {
    lock.lock();
    try {
      LOG.info("{} control streams end: the coordinator is stopping", sessions.size());
      List.copyOf(sessions.values())
          .forEach(session -> end(session, "the coordinator is stopping"));
    } finally {
      lock.unlock();
    }
  }

  private void drop(ControlSession session, String why) {
    LOG.info("control stream of host {} ends: {}", session.host(), why);
    end(session, why);
  }

  private void end(ControlSession session, String why) {
    remove(session);
    session.abort(
        new HoldfastException(
            ErrorCode.UNAVAILABLE, "this control stream was given up: " + why + "; connect again"));
  }

  void received(ControlSession session, AgentMessage message) {
    if (message.hasLog()) {
      logged(session, message.getLog());
      return;
    }
    lock.lock();
    try {
      session.heard(ports.time().nanos());
      switch (message.getMessageCase()) {
        case HEARTBEAT -> {
          session.answered();
          changed.signalAll();
        }
        case PROGRESS -> progress(session, message.getProgress());
        case RESULT -> takeResult(session, message.getResult());
        case REFUSED -> {
          JobId id = jobId(message.getRefused().getJob());
          own(session, id)
              .ifPresent(
                  job -> refused(job, JobResults.failed(id, message.getRefused().getError())));
        }
        case MOVE_ANSWER -> moveAnswered.accept(session.host(), message.getMoveAnswer());
        case HELLO, LOG, MESSAGE_NOT_SET ->
            throw new HoldfastException(
                ErrorCode.INVALID_ARGUMENT,
                "host " + session.host() + " sent what has no place in an open control stream");
      }
    } finally {
      lock.unlock();
    }
  }

  private void progress(ControlSession session, JobProgress progress) {
    if (progress.getSerializedSize() > PROGRESS_BYTES_MAX) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "host "
              + session.host()
              + " reports progress in "
              + progress.getSerializedSize()
              + " bytes, which no agent does; look at what runs there under its name");
    }
    own(session, jobId(progress.getJob())).ifPresent(job -> job.progress(progress));
  }

  /** Written outside the lock: no host waits for another one's log. */
  private void logged(ControlSession session, JobLog log) {
    JobId id = jobId(log.getJob());
    lock.lock();
    try {
      session.heard(ports.time().nanos());
      if (own(session, id).isEmpty()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    logs.append(id, log.getLinesList());
  }

  private Optional<Job> own(ControlSession session, JobId id) {
    Optional<Job> job = running.find(id);
    if (job.isPresent() && !job.get().host().equals(session.host())) {
      LOG.warn("host {} reports on job {}, which is not its own: ignored", session.host(), id);
      return Optional.empty();
    }
    return job;
  }

  private void refused(Job job, JobResult result) {
    finish(job, result);
    record(job, result, false);
  }

  /** Ends a job whose host is silent about it. */
  private void assume(Job job, String how) {
    JobResult vanished = JobResults.vanished(job, how);
    finish(job, vanished);
    record(job, vanished, true);
  }

  private void record(Job job, JobResult result, boolean assumed) {
    var _ =
        records
            .ended(job.id(), job.host(), result, new JobRecords.Word(assumed, job.isCancelWanted()))
            .whenComplete((done, failure) -> noteFailure(job.id(), failure));
  }

  /** The job stays open in the journal, and is taken up again by whoever leads next. */
  private static void noteFailure(JobId job, Throwable failure) {
    if (failure != null) {
      LOG.warn("the end of job {} was not journalled: {}", job, failure.getMessage());
    }
  }

  /** A result of a job that nobody here knows is kept too: an earlier coordinator ordered it. */
  private void takeResult(ControlSession session, JobResult sent) {
    JobId id = jobId(sent.getJob());
    JobResult result = JobResults.bounded(session.host(), sent);
    Optional<Job> job = own(session, id);
    job.ifPresent(own -> finish(own, result));
    if (!running.contains(id) && history.find(id).isEmpty() && !isAnothers(id, session.host())) {
      Job unknown = Job.unknown(id, session.host());
      unknown.finish(result);
      history.add(unknown);
    }
    boolean cancelled = job.map(Job::isCancelWanted).orElse(false);
    var _ =
        records
            .ended(id, session.host(), result, new JobRecords.Word(false, cancelled))
            .whenComplete((done, failure) -> {
              noteFailure(id, failure);
              if (failure == null) {
                keep(session, sent.getJob());
              }
            });
  }

  /** By the journal, which knows jobs that nobody here remembers any more (I2). */
  private boolean isAnothers(JobId id, HostId host) {
    return records.find(id).filter(job -> !job.host().equals(host)).isPresent();
  }

  /** The agent brings its result on each new stream until it is told so. */
  private void keep(ControlSession session, ByteString job) {
    lock.lock();
    try {
      session.send(
          CoordinatorMessage.newBuilder()
              .setResultKept(ResultKept.newBuilder().setJob(job))
              .build());
    } finally {
      lock.unlock();
    }
  }

  private void finish(Job job, JobResult result) {
    job.finish(result);
    logs.ended(job.id());
    running.remove(job.id());
    history.add(job);
    jobEnded.run();
    if (job.isBackup() && result.getOutcome() == JobOutcome.JOB_OUTCOME_FAILED) {
      ports.meter().backupFailed();
    }
    if (job.isRestore() && !result.getDryRun()) {
      ports
          .meter()
          .restoreEnded(
              result.getOutcome(),
              result.getBytesWritten(),
              Duration.ofMillis(result.getDurationMillis()));
    }
    if (result.getOutcome() == JobOutcome.JOB_OUTCOME_FAILED) {
      ErrorCode why = RpcErrors.fromDetail(result.getError()).code();
      LOG.warn("job {} on host {} failed: {}; the host's log says more", job.id(), job.host(), why);
    } else {
      LOG.info("job {} on host {} ended: {}", job.id(), job.host(), result.getOutcome());
    }
  }

  // Time.

  /** Asks, gives up the silent, and fails the jobs that nobody came back for. */
  public void poll() {
    Heartbeat heartbeat = heartbeat();
    lock.lock();
    try {
      long now = ports.time().nanos();
      for (ControlSession session : List.copyOf(sessions.values())) {
        watchOver(session, now, heartbeat);
      }
      for (Job job : running.all()) {
        if (isOverdue(job, now)) {
          assume(job, "lost its connection and did not come back");
        }
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Heartbeat heartbeat() {
    try {
      return Heartbeat.newBuilder().setAuthority(ports.authority().get()).build();
    } catch (HoldfastException e) {
      // A coordinator that may not order for now still wants to know who is alive.
      return Heartbeat.getDefaultInstance();
    }
  }

  private void watchOver(ControlSession session, long now, Heartbeat heartbeat) {
    if (now - session.heardNanos() >= limits.silence().toNanos()) {
      drop(session, "nothing was heard of the agent for " + limits.silence().toSeconds() + " s");
    } else if (now - session.askedNanos() >= limits.heartbeat().toNanos()) {
      session.ask(now, heartbeat);
    }
  }

  private boolean isOverdue(Job job, long now) {
    return job.lostSinceNanos().isPresent()
        && now - job.lostSinceNanos().get() >= limits.reconnect().toNanos();
  }

  // Orders.

  /**
   * From now on nothing more is ordered here, or it is again: so that what runs can end before the
   * coordinator is stopped. Forgotten with the process. Answers how many jobs run.
   */
  public int drain(boolean on) {
    lock.lock();
    try {
      draining = on;
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  public boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  private void refuseIfDraining() {
    if (draining) {
      throw new HoldfastException(
          ErrorCode.BUSY,
          "the coordinator is being drained and orders nothing more; when that is over, say so by:"
              + " holdfast coordinator drain --off");
    }
  }

  /** HOST_NOT_CONNECTED unless {@code host} has a session, BUSY if it has too many jobs. */
  void requireRoom(HostId host, String name) {
    lock.lock();
    try {
      refuseIfDraining();
      session(host, name);
      if (running.count(host) >= limits.jobsPerHost()) {
        throw busy(name);
      }
    } finally {
      lock.unlock();
    }
  }

  private static HoldfastException busy(String name) {
    return new HoldfastException(
        ErrorCode.BUSY,
        "host " + name + " has as many jobs as it can take; wait until one has ended");
  }

  /**
   * Notes that the job of an order, which is in the journal, was never sent because of {@code why}.
   */
  void neverSent(JobId id, HostId host, HoldfastException why) {
    JobResult failed = JobResults.failed(id, RpcErrors.detail(why));
    var _ =
        records
            .ended(id, host, failed, new JobRecords.Word(true, false))
            .whenComplete((done, failure) -> noteFailure(id, failure));
  }

  /**
   * Sends {@code order}, journalled as {@code ordered}, and watches the job that it begins.
   * HOST_NOT_CONNECTED or BUSY: much may have changed while it was journalled.
   */
  JobWatch send(NamedHost named, JobOrdered ordered, Order order) {
    HostId host = named.id();
    String name = named.toString();
    lock.lock();
    try {
      refuseIfDraining(); // who drained was told how many jobs run: none begins after that
      ControlSession session = session(host, name);
      JobId id = jobId(order.getJob());
      if (running.count(host) >= limits.jobsPerHost()
          || !session.send(CoordinatorMessage.newBuilder().setOrder(order).build())) {
        throw busy(name);
      }
      Job job = Job.of(id, host, ordered);
      job.limited(order.getBackup().getRateLimit());
      running.add(job);
      return new JobWatch(job);
    } finally {
      lock.unlock();
    }
  }

  /** HOST_NOT_CONNECTED, or BUSY while a job of {@code host} has not ended. */
  void requireIdle(HostId host, String name) {
    lock.lock();
    try {
      refuseIfDraining();
      session(host, name);
      if (running.count(host) > 0) {
        throw new HoldfastException(
            ErrorCode.BUSY,
            running.count(host)
                + " jobs of host "
                + name
                + " have not ended; wait for them (holdfast job ls), or stop them by: holdfast job"
                + " cancel");
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tells {@code host}. HOST_NOT_CONNECTED or BUSY. */
  void sendMove(NamedHost host, MoveOrder order) {
    lock.lock();
    try {
      CoordinatorMessage message = CoordinatorMessage.newBuilder().setMove(order).build();
      if (!session(host.id(), host.toString()).send(message)) {
        throw busy(host.toString());
      }
    } finally {
      lock.unlock();
    }
  }

  private ControlSession session(HostId host, String name) {
    ControlSession session = sessions.get(host);
    if (session == null) {
      throw new HoldfastException(
          ErrorCode.HOST_NOT_CONNECTED,
          "host "
              + name
              + " is not connected; check there that the agent runs (systemctl status"
              + " holdfast-agent) and can reach this coordinator, then try again");
    }
    return session;
  }

  /** Asks the job's host to stop; a job that ended is left as it is. JOB_NOT_FOUND. */
  public void cancel(JobId id) {
    lock.lock();
    try {
      Job job = job(id).orElseThrow(() -> notFound(id));
      if (job.result().isPresent()) {
        return;
      }
      job.wantCancel();
      ControlSession session = sessions.get(job.host());
      if (session != null) {
        session.send(cancelMessage(id));
      }
    } finally {
      lock.unlock();
    }
  }

  private static CoordinatorMessage cancelMessage(JobId id) {
    return CoordinatorMessage.newBuilder()
        .setCancel(CancelJob.newBuilder().setJob(ByteString.copyFrom(id.toByteArray())))
        .build();
  }

  /** Tells the host of a job that runs, if it is another limit than before; 0 for none. */
  public void limit(JobId id, long bytesPerSecond) {
    lock.lock();
    try {
      Job job = running.find(id).orElse(null);
      ControlSession session = job == null ? null : sessions.get(job.host());
      if (session != null && job.rateLimit() != bytesPerSecond) {
        session.send(
            CoordinatorMessage.newBuilder()
                .setSetRate(
                    SetRate.newBuilder()
                        .setJob(ByteString.copyFrom(id.toByteArray()))
                        .setRateLimit(bytesPerSecond))
                .build());
        job.limited(bytesPerSecond);
      }
    } finally {
      lock.unlock();
    }
  }

  // Questions.

  /** A job that has not ended, and what it is a run of if a schedule asked for it. */
  public record Running(JobId job, HostId host, Optional<SeriesId> series) {}

  /** Every job that has not ended, the oldest first. */
  public List<Running> running() {
    lock.lock();
    try {
      return running.all().stream()
          .map(job -> new Running(job.id(), job.host(), job.series()))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /** The hosts that are connected. */
  public Set<HostId> connected() {
    lock.lock();
    try {
      return Set.copyOf(sessions.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** How a job that has not ended stands. */
  record Present(boolean isConnected, Optional<JobProgress> progress) {}

  /** Of a job that has not ended, as far as is known here. */
  Optional<Present> present(JobId id) {
    lock.lock();
    try {
      return running
          .find(id)
          .map(job -> new Present(sessions.containsKey(job.host()), job.latest()));
    } finally {
      lock.unlock();
    }
  }

  /** A new watch over a job that runs here or ended lately. */
  Optional<JobWatch> watch(JobId id) {
    lock.lock();
    try {
      return job(id).map(JobWatch::new);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Job> job(JobId id) {
    return running.find(id).or(() -> history.find(id));
  }

  private static HoldfastException notFound(JobId id) {
    return new HoldfastException(
        ErrorCode.JOB_NOT_FOUND, "no job " + id + " runs here or ended lately; check the id");
  }

  public boolean isConnected(HostId host) {
    lock.lock();
    try {
      return sessions.containsKey(host);
    } finally {
      lock.unlock();
    }
  }

  /** How many hosts are connected. */
  public int connectedHosts() {
    lock.lock();
    try {
      return sessions.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many jobs have not ended. */
  public int runningJobs() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  private static JobId jobId(ByteString bytes) {
    if (bytes.size() != 16) {
      throw new HoldfastException(
          ErrorCode.INVALID_ARGUMENT,
          "a job id has 16 bytes, not " + bytes.size() + "; are both sides of one version?");
    }
    return JobId.of(bytes.toByteArray());
  }
}
