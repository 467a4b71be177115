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
import io.holdfast.common.sealing.ChunkKeys;
import io.holdfast.common.sealing.SealOptions;
import io.holdfast.common.snapshot.OpenSnapshot;
import io.holdfast.proto.stored.v1.Receipt;
import io.holdfast.proto.stored.v1.SignedReceipt;
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

  private List<ChunkKeys> generations() {
    return member.generations(site.seams().isPrivate());
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
        activity ->
            attempt(
                links(at, activity, Answers.HONEST),
                activity.process,
                new BackupPlan(run, List.of(SimTree.ROOT), readEverything)));
  }

  /** One attempt of a run on the calling thread, with more threads of {@code process}. */
  BackupResult attempt(SimLinks links, SimProcess process, BackupPlan plan)
      throws InterruptedException {
    Map<EntryPath, SimTree.SimFile> files = tree.copy();
    List<Map<EntryPath, SimTree.SimFile>> attempts =
        runs.computeIfAbsent(plan.run(), _ -> new ArrayList<>());
    attempts.add(files);
    BackupResult result =
        new BackupRun(
                ports(links, process, files), member.asBackupHost(site.seams().isPrivate()), plan)
            .execute();
    Claims.claim("aWholeSourceGivesAWholeSnapshot", result.isComplete(), "gaps " + result.gaps());
    acknowledged.add(
        new Acknowledged(this, plan.run(), result.snapshot(), receipt(result.receipt()), attempts));
    return result;
  }

  private SimLinks links(SimCoordinator at, Activity activity, Answers answers) {
    return new SimLinks(member.id(), () -> at, activity.calls, answers);
  }

  private BackupPorts ports(
      SimLinks links, SimProcess process, Map<EntryPath, SimTree.SimFile> files) {
    CoordinatorReads coordinator = new CoordinatorReads(links, ChunkGenerations.of(generations()));
    ThreadFactory threads = site.schedule().factory(process, "work");
    return new BackupPorts(
        () -> coordinator.upload(new RateLimit(time, 0), PageCache.NONE),
        base -> coordinator.base(base, PageCache.NONE),
        (plan, gaps) -> SimTree.open(files),
        Executors.newThreadPerTaskExecutor(threads),
        threads,
        BACKUP,
        SealOptions.STANDARD,
        time,
        site.randomness());
  }

  static Receipt receipt(ByteString signed) {
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
          restoreInto(
              directory,
              new Wanted(wanted, new byte[0], RestorePlan.EVERYTHING),
              links(at, activity, answers),
              activity.process);
        });
  }

  /** Reads what another host made by a grant that it had. */
  Activity restoreAgain(SimCoordinator at, Wanted wanted) {
    return start(
        "restore again",
        activity ->
            restoreInto(
                Files.createTempDirectory(site.scratch(), "again-"),
                wanted,
                links(at, activity, Answers.HONEST),
                activity.process));
  }

  /** What is to be restored, by whose leave, and how. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Wanted(Acknowledged of, byte[] grant, RestorePlan plan) {}

  /** Restores on the calling thread, with more threads of {@code process}. */
  RestoreResult restoreInto(Path directory, Wanted wanted, SimLinks links, SimProcess process)
      throws InterruptedException {
    try (OpenSnapshot snapshot =
        new SnapshotReads(
                links,
                SimFleet.REPOSITORY,
                member.encryption(),
                ChunkGenerations.of(generations()),
                PageCache.NONE)
            .open(wanted.of().snapshot(), wanted.grant())) {
      RestorePorts ports =
          new RestorePorts(
              site.schedule().factory(process, "write"),
              RESTORE,
              site.scratch(),
              time,
              site.seams()::opener);
      RestoreResult result =
          new RestoreRun(
                  snapshot,
                  directory.toString().getBytes(StandardCharsets.UTF_8),
                  wanted.plan(),
                  ports)
              .execute();
      restored.add(new Restored(wanted.of(), directory, result, links.answers() == Answers.FORGED));
      return result;
    }
  }

  /** A hostile host: tells {@code lie} about a content that others have. */
  Activity lie(SimCoordinator at, Lie lie, int content) {
    return start(
        "lie",
        activity -> {
          try (LyingBackup lying =
                  new LyingBackup(member, lie, SimTree.content(content), site.randomness());
              UploadLink link = links(at, activity, Answers.HONEST).upload()) {
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
}
