package io.holdfast.deploy.sim;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.holdfast.agent.backup.BackupLimits;
import io.holdfast.agent.backup.BackupPlan;
import io.holdfast.agent.backup.BackupPorts;
import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.backup.BackupRun;
import io.holdfast.agent.backup.UploadLink;
import io.holdfast.agent.link.CoordinatorReads;
import io.holdfast.agent.link.PageCache;
import io.holdfast.agent.link.ReadLink;
import io.holdfast.agent.link.SessionLinks;
import io.holdfast.agent.link.SnapshotReads;
import io.holdfast.agent.restore.RestoreLimits;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestorePorts;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.restore.RestoreRun;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.entry.EntryPath;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.RunId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.sealing.ChunkGenerations;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.stored.v1.SignedReceipt;
import io.holdfast.proto.wire.v1.BackupAnswer;
import io.holdfast.proto.wire.v1.BackupRequest;
import io.holdfast.proto.wire.v1.ReadAnswer;
import io.holdfast.proto.wire.v1.ReadRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * A host with a real backup and a real restore engine over files in memory. Its runs end well, fail
 * by an error, or are cut off when it crashes.
 */
final class SimHost {
  private static final BackupLimits BACKUP = new BackupLimits(4 << 20, 6, 1);
  private static final RestoreLimits RESTORE =
      new RestoreLimits(1, 1 << 20, 4_096, 8, 4_096, 16, 1_024, 16);

  /**
   * A run that was acknowledged: from then on it may not be lost.
   *
   * @param candidates what the host held at each attempt of the run that may have committed it
   */
  record Acknowledged(
      SimHost host,
      RunId run,
      SnapshotId snapshot,
      Receipt receipt,
      List<Map<EntryPath, SimTree.SimFile>> candidates) {}

  /**
   * A restore that came to its end.
   *
   * @param deceived whether what it read was forged on the way
   */
  record Restored(Acknowledged of, Path directory, RestoreResult result, boolean deceived) {}

  /** Something a host does on threads of its own. */
  final class Activity {
    private final SimProcess process = new SimProcess("h" + number + "." + activities++);
    private final List<SimCall<?, ?>> calls = new ArrayList<>();
    private Thread main;
    private boolean done;
    private Optional<HoldfastException> failure = Optional.empty();

    boolean isDone() {
      return done;
    }

    Optional<HoldfastException> failure() {
      return failure;
    }

    /** The host goes down: its connections break, and its threads come to nothing. */
    void crash() {
      calls.forEach(SimCall::cut);
      main.interrupt();
    }
  }

  private final Site site;
  private final int number;
  private final SimFleet.Member member;
  private final SimTime time;
  private final SimTree tree = new SimTree();
  private final List<Acknowledged> acknowledged = new ArrayList<>();
  private final List<Restored> restored = new ArrayList<>();
  private final Map<RunId, List<Map<EntryPath, SimTree.SimFile>>> runs = new LinkedHashMap<>();
  private int activities;

  SimHost(Site site, int number) {
    this.site = site;
    this.number = number;
    this.member = SimFleet.MEMBERS.get(number);
    this.time = new SimTime(site.schedule());
  }

  SimFleet.Member member() {
    return member;
  }

  SimTree tree() {
    return tree;
  }

  SimTime time() {
    return time;
  }

  List<Acknowledged> acknowledged() {
    return acknowledged;
  }

  /** Takes what was restored since the last call. */
  List<Restored> takeRestored() {
    List<Restored> taken = List.copyOf(restored);
    restored.clear();
    return taken;
  }

  /** Every run that was ever begun, answered or not. */
  List<RunId> runs() {
    return List.copyOf(runs.keySet());
  }

  RunId newRun() {
    return RunId.of(site.randomness().bytes(16));
  }

  /** Backs up what is there now, at that coordinator, under a new or an earlier run's id. */
  Activity backup(SimCoordinator at, RunId run, boolean readEverything) {
    return start(
        "backup",
        activity -> {
          Map<EntryPath, SimTree.SimFile> files = tree.copy();
          List<Map<EntryPath, SimTree.SimFile>> attempts =
              runs.computeIfAbsent(run, _ -> new ArrayList<>());
          attempts.add(files);
          BackupPlan plan = new BackupPlan(run, List.of(SimTree.ROOT), readEverything);
          BackupResult result =
              new BackupRun(ports(at, activity, files), member.asBackupHost(), plan).execute();
          Claims.claim(
              "aWholeSourceGivesAWholeSnapshot", result.isComplete(), "gaps " + result.gaps());
          acknowledged.add(
              new Acknowledged(this, run, result.snapshot(), receipt(result.receipt()), attempts));
        });
  }

  private BackupPorts ports(
      SimCoordinator at, Activity activity, Map<EntryPath, SimTree.SimFile> files) {
    Links links = new Links(at, activity, Answers.HONEST);
    CoordinatorReads coordinator =
        new CoordinatorReads(links, ChunkGenerations.of(SimFleet.GENERATIONS));
    ThreadFactory threads = site.schedule().factory(activity.process, "work");
    return new BackupPorts(
        () -> coordinator.upload(new RateLimit(time, 0)),
        base -> coordinator.base(base, PageCache.NONE),
        (plan, gaps) -> SimTree.open(files),
        Executors.newThreadPerTaskExecutor(threads),
        threads,
        BACKUP,
        SealOptions.STANDARD,
        time,
        site.randomness());
  }

  private static Receipt receipt(ByteString signed) {
    try {
      return Receipt.parseFrom(SignedReceipt.parseFrom(signed).getReceipt());
    } catch (InvalidProtocolBufferException e) {
      throw new Claims.Broken("aReceiptCanBeRead", e.toString());
    }
  }

  /** Restores into a fresh directory. */
  Activity restore(SimCoordinator at, Acknowledged wanted, Answers answers) {
    return start(
        "restore",
        activity -> {
          Path directory = Files.createTempDirectory(site.scratch(), "restore-");
          try (OpenSnapshot snapshot =
              new SnapshotReads(
                      new Links(at, activity, answers),
                      SimFleet.REPOSITORY,
                      member.encryption(),
                      ChunkGenerations.of(SimFleet.GENERATIONS),
                      PageCache.NONE)
                  .open(wanted.snapshot(), new byte[0])) {
            RestorePorts ports =
                new RestorePorts(
                    site.schedule().factory(activity.process, "write"),
                    RESTORE,
                    site.scratch(),
                    time,
                    site.seams()::opener);
            RestoreResult result =
                new RestoreRun(
                        snapshot,
                        directory.toString().getBytes(StandardCharsets.UTF_8),
                        RestorePlan.EVERYTHING,
                        ports)
                    .execute();
            restored.add(new Restored(wanted, directory, result, answers == Answers.FORGED));
          }
        });
  }

  /** A hostile host: tells {@code lie} about a content that others have. */
  Activity lie(SimCoordinator at, Lie lie, int content) {
    return start(
        "lie",
        activity -> {
          try (LyingBackup lying =
                  new LyingBackup(member, lie, SimTree.content(content), site.randomness());
              UploadLink link = new Links(at, activity, Answers.HONEST).upload()) {
            lying.send(link, newRun());
            time.sleep(Duration.ofSeconds(2)); // until its pack is old enough
          }
        });
  }

  private interface Work {
    void run(Activity activity) throws InterruptedException, IOException;
  }

  private Activity start(String name, Work work) {
    Activity activity = new Activity();
    activity.main =
        site.schedule()
            .factory(activity.process, name)
            .newThread(() -> {
              try {
                work.run(activity);
              } catch (HoldfastException e) {
                activity.failure = Optional.of(e);
                site.schedule().note(e.code().number());
              } catch (InterruptedException e) {
                activity.failure =
                    Optional.of(new HoldfastException(ErrorCode.CANCELLED, "crashed"));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              activity.done = true;
            });
    activity.main.start();
    return activity;
  }

  /** Sessions with one coordinator, cut when the host crashes. */
  private final class Links implements SessionLinks {
    private final SimCoordinator at;
    private final Activity activity;
    private final Answers answers;

    Links(SimCoordinator at, Activity activity, Answers answers) {
      this.at = at;
      this.activity = activity;
      this.answers = answers;
    }

    @Override
    public UploadLink upload() {
      SimCall<BackupRequest, BackupAnswer> call = at.backup(member.id());
      activity.calls.add(call);
      return new UploadLink() {
        @Override
        public void send(BackupRequest request) throws InterruptedException {
          call.sendRequest(request);
        }

        @Override
        public BackupAnswer receive() throws InterruptedException {
          return call.receiveAnswer();
        }

        @Override
        public void close() {
          call.cut();
        }
      };
    }

    @Override
    public ReadLink read() {
      SimCall<ReadRequest, ReadAnswer> call = at.read(member.id());
      activity.calls.add(call);
      return new ReadLink() {
        @Override
        public void send(ReadRequest request) throws InterruptedException {
          call.sendRequest(request);
        }

        @Override
        public ReadAnswer receive() throws InterruptedException {
          return answers.of(call.receiveAnswer());
        }

        @Override
        public String peer() {
          return "coordinator";
        }

        @Override
        public void close() {
          call.cut();
        }
      };
    }
  }
}
