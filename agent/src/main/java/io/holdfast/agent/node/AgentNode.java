package io.holdfast.agent.node;

import io.holdfast.agent.backup.BackupHost;
import io.holdfast.agent.enrolment.AuthorityMemory;
import io.holdfast.agent.enrolment.GrantedKeys;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.LearnedRoots;
import io.holdfast.agent.enrolment.Renewal;
import io.holdfast.agent.enrolment.SealedKeys;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.ControlPorts;
import io.holdfast.agent.link.ControlStream;
import io.holdfast.agent.link.CoordinatorChannel;
import io.holdfast.agent.link.CoordinatorReads;
import io.holdfast.agent.link.JobContext;
import io.holdfast.agent.link.PageCache;
import io.holdfast.agent.link.SnapshotReads;
import io.holdfast.agent.receipt.Receipts;
import io.holdfast.agent.restore.RestoreDevices;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.agent.restore.RestoreTargets;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.TlsContexts;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.HeldLock;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's process: its identity, one connection, one control stream, and the jobs that come on
 * it.
 */
public final class AgentNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentNode.class);

  private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
  private static final Duration READERS_KEPT = Duration.ofSeconds(20);

  private final HeldLock lock;
  private final HostIdentity identity;
  private final CoordinatorChannel channel;
  private final Clusters clusters;
  private final ControlStream control;
  private final Thread controlThread;
  private final Thread renewalThread;
  private final ExecutorService tasks;
  private final ExecutorService readers;
  private final FormerHosts formers;
  private final Optional<Thread> formersThread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean moved;

  private AgentNode(
      AgentConfig config,
      HeldLock lock,
      Time time,
      Randomness randomness,
      Thread.Builder services) {
    this.lock = lock;
    StateDirectory state = StateDirectory.open(config.dataDir());
    Leftovers.clear(state.scratch());
    identity = HostIdentity.load(state, randomness);
    identity.requireValid(time.now());
    channel =
        new CoordinatorChannel(
            endpoints(config),
            TlsContexts.of(time).client(identity.credential(), identity.trust()));
    ThreadFactory threads = Thread.ofPlatform().daemon().name("job-", 0).factory();
    tasks = Executors.newVirtualThreadPerTaskExecutor();
    readers = readers(config.backup().readers());
    GrantedKeys generations = GrantedKeys.of(state, identity, channel);
    CoordinatorReads coordinator =
        new CoordinatorReads(channel, generations, new SealedKeys(state, identity, channel));
    BackupHost host =
        new BackupHost(
            identity.record().host(),
            identity.record().repository(),
            generations,
            identity.signingKey(),
            identity.encryptionKey(),
            identity.grant().recoveryPublicKey(),
            identity.grant().isPrivate());
    Receipts receipts =
        new Receipts(
            state.receipts(),
            identity.roots().history(),
            identity.record().repository(),
            identity.record().host(),
            time);
    AuthorityMemory authority = AuthorityMemory.open(state);
    BackupJobs backups =
        new BackupJobs(
            config,
            state,
            host,
            coordinator,
            receipts,
            authority,
            readers,
            threads,
            time,
            randomness);
    clusters = backups.clusters();
    RestoreJobs restores = restores(config, state, generations, threads, time);
    Renewal renewal = new Renewal(state, identity, channel, time, randomness);
    control =
        new ControlStream(
            channel,
            new ControlPorts(
                authority,
                new LearnedRoots(identity, renewal),
                (order, context) -> run(backups, restores, order, context),
                new Moves(config, time, randomness).byOrder(this::moved),
                () -> LocalFacts.of(config),
                tasks,
                time,
                randomness));
    controlThread = services.name("control").unstarted(control);
    renewal.onChangeOver(control::reopen);
    renewalThread = services.name("renewal").unstarted(renewal);
    formers = FormerHosts.open(state, time, randomness);
    formersThread =
        formers.isEmpty()
            ? Optional.empty()
            : Optional.of(services.name("former").unstarted(formers));
  }

  /**
   * Starts it; returns at once, connects when a coordinator is there. BUSY if another agent runs on
   * the same data directory, which the coordinator would take for a clone.
   */
  public static AgentNode start(AgentConfig config, Time time, Randomness randomness) {
    return start(config, time, randomness, Thread.ofPlatform());
  }

  /**
   * As {@link #start(AgentConfig, Time, Randomness)}, for a process of many agents.
   *
   * @param services makes the threads that live as long as the agent
   */
  public static AgentNode start(
      AgentConfig config, Time time, Randomness randomness, Thread.Builder services) {
    HeldLock lock = StateDirectory.open(config.dataDir()).hold(FileSystem.local());
    AgentNode node = null;
    try {
      finishMove(config, time);
      node = new AgentNode(config, lock, time, randomness, services);
    } finally {
      if (node == null) {
        StateDirectory.release(lock);
      }
    }
    node.controlThread.start();
    node.renewalThread.start();
    node.formersThread.ifPresent(Thread::start);
    node.clusters.start();
    LOG.info("agent of host {} started", node.identity.record().host());
    return node;
  }

  /** Whatever was decided before comes first: nothing is done as what this host isn't any more. */
  private static void finishMove(AgentConfig config, Time time) {
    try {
      Moves.finish(config, StateDirectory.open(config.dataDir()), time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HoldfastException(ErrorCode.CANCELLED, "the start was interrupted", e);
    }
  }

  private void moved() {
    moved = true;
    ended.countDown();
  }

  /** Whether this host is of another repository by now: to be closed, and started anew. */
  public boolean hasMoved() {
    return moved;
  }

  /** Threads that have nothing to read end. */
  private static ExecutorService readers(int count) {
    ThreadPoolExecutor readers =
        new ThreadPoolExecutor(
            count,
            count,
            READERS_KEPT.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("reader-", 0).factory());
    readers.allowCoreThreadTimeOut(true);
    return readers;
  }

  private List<Endpoint> endpoints(AgentConfig config) {
    return config.endpoints().isEmpty() ? identity.record().coordinators() : config.endpoints();
  }

  private RestoreJobs restores(
      AgentConfig config,
      StateDirectory state,
      ChunkGenerations generations,
      ThreadFactory threads,
      Time time) {
    Consents consents = new Consents(state.consents());
    consents.clear();
    return new RestoreJobs(
        new RestoreTargets(config.restore().allow(), config.restore().inPlace()),
        new RestoreDevices(config.restore().devices()),
        config.restore().consent() ? Optional.of(consents) : Optional.empty(),
        config.restore().rateLimit().bytesPerSecond(),
        new SnapshotReads(
            channel,
            identity.record().repository(),
            identity.encryptionKey(),
            generations,
            PageCache.NONE),
        new RestorePorts(threads, RestoreLimits.STANDARD, state.scratch(), time));
  }

  private static JobResult run(
      BackupJobs backups, RestoreJobs restores, Order order, JobContext context)
      throws InterruptedException {
    return switch (order.getOrderCase()) {
      case BACKUP -> backups.run(order, context);
      case RESTORE -> restores.run(order, context);
      case ORDER_NOT_SET ->
          throw new HoldfastException(
              ErrorCode.UNKNOWN_VERSION, "this agent does not know what it is ordered to do");
    };
  }

  public boolean isConnected() {
    return control.isConnected();
  }

  /** Waits until {@link #close}, or until it {@link #hasMoved}. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Cancels running jobs, which can be run again, and stops. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    controlThread.interrupt();
    formersThread.ifPresent(Thread::interrupt);
    renewalThread.interrupt();
    join(controlThread);
    join(renewalThread);
    formersThread.ifPresent(AgentNode::join);
    formers.close();
    clusters.close();
    channel.close();
    endJobs();
    readers.shutdownNow();
    identity.close();
    StateDirectory.release(lock);
    ended.countDown();
  }

  /** They were cancelled, and some have to put right what they changed on this host. */
  private void endJobs() {
    tasks.shutdown();
    try {
      if (!tasks.awaitTermination(STOP_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("jobs did not end in time; what they leave is put right at the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tasks.shutdownNow();
    }
  }

  private static void join(Thread thread) {
    try {
      if (!thread.join(STOP_WITHIN)) {
        LOG.warn("{} did not stop in time", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
