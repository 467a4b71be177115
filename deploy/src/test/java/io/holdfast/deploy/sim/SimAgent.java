package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import io.holdfast.agent.backup.BackupPlan;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.enrolment.AuthorityMemory;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.link.ControlLink;
import io.holdfast.agent.link.ControlPorts;
import io.holdfast.agent.link.ControlStream;
import io.holdfast.agent.link.JobContext;
import io.holdfast.agent.link.RootMemory;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.tree.ConflictMode;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RunId;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.wire.v1.AgentMessage;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CoordinatorMessage;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.Order;
import io.holdfast.proto.wire.v1.RestoreOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The agent of a host: the real control stream and queue of orders over calls in memory, and the
 * host's engines that carry the orders out. It may be killed at any step; what it had been told and
 * had not told is gone with it, its memory of authorities stays.
 */
final class SimAgent {
  /**
   * An order that is being carried out.
   *
   * @param waitedNanos since it arrived
   */
  record Begun(SimHost host, Order order, long waitedNanos) {}

  /**
   * How jobs go.
   *
   * @param failing one in so many fails by itself; 0 for none
   * @param slowness of backups and restores, at most
   */
  record Mood(int failing, Duration slowness) {
    static final Mood GOOD = new Mood(0, Duration.ZERO);
  }

  private final Site site;
  private final SimHost host;
  private final List<SimCoordinator> coordinators;
  private final StateDirectory state;
  private final List<Begun> begun = new ArrayList<>();
  private final List<String> doubled = new ArrayList<>();
  private final Map<ByteString, SimHost.Acknowledged> wanted = new HashMap<>();
  private final List<SimHost.Wanted> granted = new ArrayList<>();
  private Mood mood = Mood.GOOD;
  private int current;
  private Life life;

  SimAgent(Site site, SimHost host, List<SimCoordinator> coordinators) {
    this.site = site;
    this.host = host;
    this.coordinators = coordinators;
    this.state = StateDirectory.open(site.scratch().resolve("agent-" + host.member().id()));
  }

  /** Orders that were begun since the last call. */
  List<Begun> takeBegun() {
    List<Begun> taken = List.copyOf(begun);
    begun.clear();
    return taken;
  }

  /** What it was ever granted to read of others. */
  List<SimHost.Wanted> granted() {
    return granted;
  }

  /** Orders of a run that another order's job was busy with. */
  List<String> doubled() {
    return doubled;
  }

  void mood(Mood next) {
    mood = next;
  }

  boolean isRunning() {
    return life != null;
  }

  boolean isConnected() {
    return life != null && life.control.isConnected();
  }

  /** What will be asked for under that target: the agent itself knows nothing of it. */
  void expect(Path target, SimHost.Acknowledged of) {
    wanted.put(ByteString.copyFromUtf8(target.toString()), of);
  }

  void start() {
    life = new Life();
    life.begin();
  }

  /** kill -9 of its process. */
  void kill() {
    life.die();
    life = null;
  }

  /** Every connection breaks; the agent goes on. */
  void cutOff() {
    life.cutAll();
  }

  /** From one start to the next kill. */
  private final class Life {
    private final SimProcess process = new SimProcess("a" + host.member().id());
    private final SimProcess tasks = new SimProcess("t" + host.member().id());
    private final AuthorityMemory authority = AuthorityMemory.open(state);
    private final List<SimCall<?, ?>> calls = new ArrayList<>();
    private final Map<ByteString, Long> arrived = new HashMap<>();
    private final Map<ByteString, Order> live = new HashMap<>();
    private final Set<Thread> working = new HashSet<>();
    private final ControlStream control =
        new ControlStream(
            this::open,
            new ControlPorts(
                authority,
                RootMemory.NONE,
                this::carryOut,
                (token, renews) -> {
                  throw new IllegalStateException("nobody moves here");
                },
                HostFacts::getDefaultInstance,
                site.schedule().executor(tasks, "task"),
                site.seams().orderTime(host.time()),
                site.randomness()));
    private boolean restoring;
    private boolean dead;

    void begin() {
      site.schedule().factory(process, "control").newThread(control).start();
    }

    void cutAll() {
      calls.forEach(SimCall::cut);
      calls.clear();
    }

    /**
     * What a backup does after this reaches nobody, so it may come to its end; a restore writes on
     * a disk, and stops where it is.
     */
    void die() {
      dead = true;
      process.kill();
      cutAll();
      if (restoring) {
        tasks.kill();
      }
      working.forEach(Thread::interrupt);
    }

    private SimCoordinator at() {
      if (dead) {
        throw new HoldfastException(ErrorCode.CANCELLED, "the agent is gone");
      }
      return coordinators.get(current);
    }

    private ControlLink open() {
      SimCall<AgentMessage, CoordinatorMessage> call = at().control(host.member().id());
      calls.add(call);
      return new ControlLink() {
        @Override
        public boolean send(AgentMessage message) throws InterruptedException {
          call.sendRequest(message);
          return true;
        }

        @Override
        public Optional<CoordinatorMessage> receive(Duration within) throws InterruptedException {
          Optional<CoordinatorMessage> next = call.receiveAnswer(within);
          next.filter(CoordinatorMessage::hasOrder).ifPresent(one -> arrives(one.getOrder()));
          return next;
        }

        @Override
        public String peer() {
          return "coordinator";
        }

        @Override
        public void close() {
          call.cut();
          calls.remove(call);
          current = (current + 1) % coordinators.size();
        }
      };
    }

    private void arrives(Order order) {
      arrived.putIfAbsent(order.getJob(), site.schedule().nanos());
      live.values().stream()
          .filter(other -> order.hasBackup() && !order.getBackup().getRun().isEmpty())
          .filter(other -> other.getBackup().getRun().equals(order.getBackup().getRun()))
          .filter(other -> !other.getJob().equals(order.getJob()))
          .forEach(other -> doubled.add(order + "while it carries out " + other));
    }

    private JobResult carryOut(Order order, JobContext context) throws InterruptedException {
      if (dead) {
        throw new HoldfastException(ErrorCode.CANCELLED, "the agent is gone");
      }
      long waited = site.schedule().nanos() - arrived.get(order.getJob());
      begun.add(new Begun(host, order, waited));
      working.add(Thread.currentThread());
      live.put(order.getJob(), order);
      try {
        host.time().sleep(slowness());
        if (mood.failing() > 0 && site.random().nextInt(mood.failing()) == 0) {
          throw new HoldfastException(ErrorCode.IO, "a file can't be read");
        }
        return order.hasBackup() ? backUp(order, order.getBackup()) : restore(order.getRestore());
      } finally {
        live.remove(order.getJob());
        working.remove(Thread.currentThread());
      }
    }

    private Duration slowness() {
      long most = mood.slowness().toMillis();
      return Duration.ofMillis(1 + (most == 0 ? 0 : site.random().nextLong(most)));
    }

    private SimLinks links() {
      return new SimLinks(host.member().id(), this::at, calls, Answers.HONEST);
    }

    private JobResult backUp(Order order, BackupOrder backup) throws InterruptedException {
      ByteString run = backup.getRun().isEmpty() ? order.getJob() : backup.getRun();
      BackupPlan plan =
          new BackupPlan(
              RunId.of(run.toByteArray()), SourceNames.of(backup), backup.getReadEverything());
      BackupResult done = host.attempt(links(), tasks, plan);
      Receipt receipt = SimHost.receipt(done.receipt());
      authority.saw(receipt.getIncarnation(), receipt.getSeq(), receipt.getRecordHash());
      return JobResult.newBuilder()
          .setOutcome(JobOutcome.JOB_OUTCOME_COMPLETE)
          .setSnapshot(ByteString.copyFrom(done.snapshot().toByteArray()))
          .build();
    }

    private JobResult restore(RestoreOrder restore) throws InterruptedException {
      SimHost.Acknowledged of = wanted.get(restore.getTarget());
      RestorePlan plan = RestorePlan.EVERYTHING.withConflict(ConflictMode.OVERWRITE_IF_DIFFERENT);
      SimHost.Wanted what = new SimHost.Wanted(of, restore.getGrant().toByteArray(), plan);
      if (!restore.getGrant().isEmpty()) {
        granted.add(what);
      }
      restoring = true;
      try {
        RestoreResult result =
            host.restoreInto(Path.of(restore.getTarget().toStringUtf8()), what, links(), tasks);
        boolean whole = result.findings().failures().isEmpty();
        return JobResult.newBuilder()
            .setOutcome(
                whole ? JobOutcome.JOB_OUTCOME_COMPLETE : JobOutcome.JOB_OUTCOME_COMPLETE_WITH_GAPS)
            .setFilesWritten(1)
            .build();
      } finally {
        restoring = false;
      }
    }
  }
}
