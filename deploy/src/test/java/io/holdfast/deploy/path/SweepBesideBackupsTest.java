package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.DeleteSnapshotsRequest;
import io.holdfast.proto.wire.v1.SweepStatusAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hosts back up, hardly with a pause, contents go and come back, snapshots are forgotten, and a
 * sweep follows the other: nothing of what is kept may ever be missing.
 */
class SweepBesideBackupsTest {
  private static final int HOSTS = 2;
  private static final int KEPT = 3;

  /** Contents that files have in turn, so that what was condemned is wanted again. */
  private static final int CONTENTS = 12;

  /** Backups of a host without a pause. */
  private static final int RUNS = 4;

  /** Certificates outlive so many days. */
  private static final int DAYS_MAX = 24;

  @TempDir private Path directory;
  private final MovableTime time = new MovableTime();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicInteger sweeps = new AtomicInteger();

  @Test
  void shouldLoseNothingWithinSomeRounds() throws Exception {
    run(Duration.ofSeconds(20));
  }

  /** The system property {@code holdfast.minutes} overrules the hour, by 80 at most. */
  @Test
  @Tag("full")
  @Timeout(value = 90, unit = TimeUnit.MINUTES)
  void shouldLoseNothingWithinAnHour() throws Exception {
    run(Duration.ofMinutes(Integer.getInteger("holdfast.minutes", 60)));
  }

  /** One host's files and its snapshots, the newest last. */
  private final class Busy {
    private final ProtectedHost host;
    private final Path source;
    private final Random random;
    private final Deque<SnapshotId> snapshots = new ArrayDeque<>();

    Busy(Fleet fleet, int number) throws Exception {
      host = fleet.enrol("host" + number);
      source = Files.createDirectories(directory.resolve("source" + number));
      random = new Random(number);
    }

    Void backUp() throws Exception {
      for (int run = 1; !over.get(); run++) {
        if (run % RUNS == 0) {
          letASweepPass();
        }
        change();
        SnapshotId snapshot = host.backup(source).snapshot();
        synchronized (snapshots) {
          if (!snapshots.contains(snapshot)) {
            snapshots.add(snapshot);
          }
        }
      }
      return null;
    }

    /** What hosts uploaded that back up just now isn't condemned. */
    private void letASweepPass() throws InterruptedException {
      synchronized (sweeps) {
        int begun = sweeps.get();
        while (sweeps.get() < begun + 2 && !over.get()) {
          sweeps.wait();
        }
      }
    }

    private void change() throws Exception {
      for (int i = random.nextInt(4); i >= 0; i--) {
        Path file = source.resolve("file" + random.nextInt(6));
        int content = random.nextInt(CONTENTS);
        Files.write(file, BackupAndRestoreTest.noise((1 + content) * 50_000, content));
      }
      Files.deleteIfExists(source.resolve("file" + random.nextInt(6)));
    }

    /** Those that go; at most half of what is there. */
    List<SnapshotId> takeOld() {
      List<SnapshotId> old = new ArrayList<>();
      synchronized (snapshots) {
        int most = snapshots.size() / 2;
        while (snapshots.size() > KEPT && old.size() < most) {
          old.add(snapshots.remove());
        }
      }
      return old;
    }
  }

  private void run(Duration duration) throws Exception {
    try (Fleet fleet = Fleet.proving(directory.resolve("fleet"), time, "retention:\n  undo: 1d\n");
        AdminLink admin = fleet.admin();
        ExecutorService threads = Executors.newCachedThreadPool()) {
      admin.confirmClock(true);
      List<Busy> hosts = new ArrayList<>();
      List<Future<?>> working = new ArrayList<>();
      for (int i = 0; i < HOSTS; i++) {
        hosts.add(new Busy(fleet, i));
      }
      try {
        hosts.forEach(busy -> working.add(threads.submit(busy::backUp)));
        sweepAndForget(admin, hosts, working, duration);
      } finally {
        over.set(true);
        passed();
        for (Future<?> each : working) {
          each.get(1, TimeUnit.MINUTES);
        }
      }
      forgetOld(admin, hosts); // whatever the load let happen before, now something goes
      forgetOld(admin, hosts);
      admin.runSweep(event -> {});
      forgetOld(admin, hosts);
      forgetOld(admin, hosts);
      admin.runSweep(event -> {});
      assertNothingIsMissing(admin);
      for (Busy busy : hosts) {
        assertRestores(busy);
        busy.host.close();
      }
      SweepStatusAnswer status = admin.sweepStatus();
      assertTrue(status.getDeletedPacks() > 0, status::toString);
    }
  }

  private void sweepAndForget(
      AdminLink admin, List<Busy> hosts, List<Future<?>> working, Duration duration) {
    long begin = System.nanoTime();
    long aDay = Math.max(Duration.ofSeconds(1).toNanos(), duration.toNanos() / DAYS_MAX);
    long days = 0;
    while (System.nanoTime() - begin < duration.toNanos()
        && working.stream().noneMatch(Future::isDone)) {
      if ((System.nanoTime() - begin) / aDay > days && days < DAYS_MAX) {
        days++;
        forgetOld(admin, hosts);
      }
      admin.runSweep(event -> {});
      passed();
    }
  }

  private void passed() {
    synchronized (sweeps) {
      sweeps.incrementAndGet();
      sweeps.notifyAll();
    }
  }

  private void forgetOld(AdminLink admin, List<Busy> hosts) {
    for (Busy busy : hosts) {
      List<SnapshotId> old = busy.takeOld();
      if (!old.isEmpty()) {
        DeleteSnapshotsRequest.Builder request =
            DeleteSnapshotsRequest.newBuilder().setConfirmed(true);
        old.forEach(snapshot -> request.addSnapshots(snapshot.toString()));
        admin.deleteSnapshots(request.build());
      }
    }
    time.advance(Duration.ofHours(25));
    admin.confirmClock(true);
    admin.runRetention("");
    admin.writeCheckpoint();
  }

  private static void assertNothingIsMissing(AdminLink admin) {
    admin.verify(
        VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(),
        event -> assertTrue(event.getEventCase() != VerifyEvent.EventCase.FAULT, event::toString));
  }

  private void assertRestores(Busy busy) throws Exception {
    Path target = directory.resolve("target of " + busy.source.getFileName());
    RestoreResult restored =
        busy.host.restore(busy.snapshots.getLast(), target, RestorePlan.EVERYTHING);
    assertEquals(List.of(), restored.findings().failures());
    assertEquals(
        List.of(),
        FileTree.read(busy.source)
            .differences(FileTree.read(target.resolve(busy.source.toString().substring(1)))));
  }
}
