package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two coordinators on one directory vault whose locks don't reach from one to the other. One is
 * stopped at a step of its work, the other takes the lead and commits, the first goes on: never do
 * both commit, whatever the step.
 */
class TwoCoordinatorsTest {
  @TempDir Path root;

  private final Seed seed = Seed.of(TwoCoordinatorsTest.class);
  private final SplittableRandom random = seed.random();
  private final GatedFiles gate = new GatedFiles();
  private final Map<SnapshotId, Integer> acknowledged = new HashMap<>();
  private DiskFleet first;
  private DiskFleet second;
  private SeededSource source;
  private int outvoted;

  @BeforeEach
  void found() throws Exception {
    first =
        DiskFleet.found(
            root.resolve("1"),
            seed.value(),
            files -> gate.behind(GatedFiles.withLocalLocks(files)));
    second = first.rival(root.resolve("2"), GatedFiles::withLocalLocks);
    source = new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 12, 100_000);
    source.moveTo(0);
    acknowledged.put(first.backup(source.directory()), 0);
  }

  @AfterEach
  void close() {
    gate.letGo();
    second.close();
    first.close();
  }

  @Test
  void shouldNeverBothCommit() throws Exception {
    stopInTurn(16);
  }

  @Test
  @Tag("full")
  void shouldNeverBothCommitWhateverTheStep() throws Exception {
    stopInTurn(1);
  }

  private void stopInTurn(int stride) throws Exception {
    int step = random.nextInt(stride);
    while (stopAt(step)) {
      step += stride;
    }
    first.checkProven();
    System.out.printf("stopped one in %d of %d steps; outvoted %d times%n", stride, step, outvoted);
    assertTrue(step > 40 && outvoted > 0, "only " + step + " steps were seen");
  }

  /** Answers false if the backup was through before that step. */
  private boolean stopAt(int step) throws Exception {
    try {
      source.moveTo(source.version() + 1);
      gate.stopAfter(step);
      CompletableFuture<Optional<SnapshotId>> backup = backupBehindTheGate();
      while (!gate.wasReached() && !backup.isDone()) {
        Time.system().sleep(Duration.ofMillis(1));
      }
      boolean reached = gate.wasReached();
      if (reached) {
        takeOver();
      }
      gate.letGo();
      backup.get().ifPresent(snapshot -> acknowledged.put(snapshot, source.version()));
      if (reached) {
        requireOutvoted();
      }
      second.stop();
      first.restart();
      check();
      return reached;
    } catch (AssertionError | Exception e) {
      throw new AssertionError("step " + step + ", " + seed, e);
    }
  }

  private CompletableFuture<Optional<SnapshotId>> backupBehindTheGate() {
    CompletableFuture<Optional<SnapshotId>> backup = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            backup.complete(Optional.of(first.backup(source.directory())));
          } catch (HoldfastException refused) {
            backup.complete(Optional.empty());
          } catch (InterruptedException | RuntimeException | Error e) {
            backup.completeExceptionally(e);
          }
        });
    return backup;
  }

  /** The other one leads, and commits. */
  private void takeOver() throws Exception {
    second.start();
    acknowledged.put(second.backup(source.directory()), source.version());
  }

  /** The first learns at the latest when it looks at its head that its term is over, and ends. */
  private void requireOutvoted() throws InterruptedException {
    long deadline = Time.system().nanos() + Duration.ofMinutes(2).toNanos();
    while (first.failure().isEmpty()) {
      assertTrue(Time.system().nanos() < deadline, "it still believes to lead");
      Time.system().sleep(Duration.ofMillis(2));
    }
    assertEquals(ErrorCode.FENCED, first.failure().get().code());
    outvoted++;
  }

  /** Everything that either of them acknowledged is in the one journal. */
  private void check() throws Exception {
    List<SnapshotId> listed = first.snapshots();
    assertTrue(listed.containsAll(acknowledged.keySet()), "an acknowledged snapshot is gone");
    for (SnapshotId snapshot : listed) {
      int version = acknowledged.computeIfAbsent(snapshot, _ -> source.version());
      if (version == source.version()) {
        first.checkRestores(snapshot, source.directory(), source.tree(version));
      }
    }
  }
}
