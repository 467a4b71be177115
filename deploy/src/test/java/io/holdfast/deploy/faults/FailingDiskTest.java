package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorKind;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.DiskFault;
import io.holdfast.common.testkit.DiskFault.Errno;
import io.holdfast.common.testkit.FileOperation;
import io.holdfast.common.testkit.PowerLoss;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every call that a small backup makes on the coordinator's disk fails in turn: the n-th, for n =
 * 1, 2, 3 until the backup is through without reaching it.
 */
class FailingDiskTest {
  private static final Set<FileOperation> WRITES =
      EnumSet.of(
          FileOperation.CREATE_DIRECTORY,
          FileOperation.CREATE_FILE,
          FileOperation.WRITE,
          FileOperation.SYNC_FILE,
          FileOperation.SYNC_DIRECTORY,
          FileOperation.LINK,
          FileOperation.REPLACE,
          FileOperation.DELETE);

  private static final Set<ErrorKind> EXPLAINED =
      EnumSet.of(ErrorKind.RETRY, ErrorKind.EXHAUSTED, ErrorKind.FENCED);
  private static final Pattern NEXT_STEP =
      Pattern.compile("(?i)check|room|space|again|restart|ask the leader|log|start it");

  @TempDir Path root;

  private final Seed seed = Seed.of(FailingDiskTest.class);
  private final SplittableRandom random = seed.random();
  private final Set<SnapshotId> acknowledged = new HashSet<>();
  private final Map<SnapshotId, Integer> versions = new HashMap<>();
  private DiskFleet fleet;
  private SeededSource source;

  /** One way to fail at the n-th call. */
  private interface Fault {
    /** Answers false if the backup was through before the n-th call. */
    boolean strike(int nth) throws Exception;
  }

  @BeforeEach
  void found() throws Exception {
    fleet = DiskFleet.found(root, seed.value());
    source = new SeededSource(seed.value(), Files.createDirectory(root.resolve("s")), 24, 200_000);
    source.moveTo(0);
    acknowledged.add(fleet.backup(source.directory()));
    check();
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void shouldSurviveAnyWriteFailing() throws Exception {
    failInTurn(nth -> failAt(new DiskFault(WRITES, nth, false, anyErrno(), false)), 2);
  }

  @Test
  void shouldSurviveAllWritesFailingFromThenOn() throws Exception {
    failInTurn(nth -> failAt(new DiskFault(WRITES, nth, true, anyErrno(), false)), 9);
  }

  @Test
  void shouldSurviveThePowerCut() throws Exception {
    failInTurn(nth -> cutPowerAt(nth, random.nextBoolean() ? PowerLoss.ALL : PowerLoss.SOME), 25);
  }

  @Test
  @Tag("full")
  void shouldSurviveEveryWriteFailingInEveryWay() throws Exception {
    for (Errno errno : List.of(Errno.EIO, Errno.ENOSPC)) {
      for (boolean happens : List.of(false, true)) {
        failInTurn(nth -> failAt(new DiskFault(WRITES, nth, false, errno, happens)), 1);
        failInTurn(nth -> failAt(new DiskFault(WRITES, nth, true, errno, happens)), 1);
      }
    }
  }

  @Test
  @Tag("full")
  void shouldSurviveAnyCallFailing() throws Exception {
    Set<FileOperation> all = EnumSet.allOf(FileOperation.class);
    failInTurn(nth -> failAt(new DiskFault(all, nth, false, Errno.EIO, false)), 1);
  }

  @Test
  @Tag("full")
  void shouldSurviveThePowerCutAtEveryCall() throws Exception {
    failInTurn(nth -> cutPowerAt(nth, PowerLoss.ALL), 1);
    failInTurn(nth -> cutPowerAt(nth, PowerLoss.SOME), 1);
  }

  private Errno anyErrno() {
    return random.nextBoolean() ? Errno.EIO : Errno.ENOSPC;
  }

  /** With a stride above 1 each run of the test takes other calls. */
  private void failInTurn(Fault fault, int stride) throws Exception {
    int struck = 0;
    int nth = 1 + random.nextInt(stride);
    while (strike(fault, nth)) {
      struck++;
      nth += stride;
    }
    fleet.checkProven();
    System.out.printf("%d calls failed, one in %d of %d%n", struck, stride, nth);
    assertTrue(nth > 30, "only " + nth + " calls were seen");
  }

  private boolean strike(Fault fault, int nth) throws Exception {
    try {
      source.moveTo(source.version() + 1);
      boolean struck = fault.strike(nth);
      fleet.awaitLeading();
      acknowledged.add(fleet.backup(source.directory()));
      check();
      return struck;
    } catch (AssertionError | Exception e) {
      throw new AssertionError("call " + nth + ", " + seed, e);
    }
  }

  private boolean failAt(DiskFault fault) throws InterruptedException {
    int before = fleet.disk.faultsFired();
    fleet.disk.arm(fault);
    attempt(fault.toString()).ifPresent(acknowledged::add);
    fleet.disk.heal();
    return fleet.disk.faultsFired() > before;
  }

  private boolean cutPowerAt(int nth, PowerLoss loss) throws Exception {
    CompletableFuture<Optional<SnapshotId>> backup = new CompletableFuture<>();
    fleet.disk.goDarkAfter(nth);
    Thread.ofVirtual()
        .start(() -> {
          try {
            backup.complete(attempt("a power cut"));
          } catch (InterruptedException | RuntimeException | Error e) {
            backup.completeExceptionally(e);
          }
        });
    while (!fleet.disk.isDark() && !backup.isDone()) {
      Time.system().sleep(Duration.ofMillis(1));
    }
    boolean struck = fleet.disk.isDark();
    fleet.crash();
    backup.get().ifPresent(acknowledged::add);
    fleet.losePower(loss);
    return struck;
  }

  /** Backs up; a failure must be one that an operator understands. */
  private Optional<SnapshotId> attempt(String fault) throws InterruptedException {
    try {
      return Optional.of(fleet.backup(source.directory()));
    } catch (HoldfastException e) {
      assertTrue(EXPLAINED.contains(e.kind()), () -> fault + " was told as " + e.code() + ": " + e);
      assertTrue(
          NEXT_STEP.matcher(e.getMessage()).find(),
          () -> fault + " was told without a next step: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** Nothing is lost, and what nobody was told of is whole. */
  private void check() throws Exception {
    List<SnapshotId> listed = fleet.snapshots();
    assertTrue(listed.containsAll(acknowledged), "an acknowledged snapshot is gone");
    List<SnapshotId> toRestore = new ArrayList<>(listed);
    toRestore.removeAll(versions.keySet());
    toRestore.add(listed.get(random.nextInt(listed.size())));
    listed.forEach(snapshot -> versions.putIfAbsent(snapshot, source.version()));
    for (SnapshotId snapshot : toRestore) {
      fleet.checkRestores(snapshot, source.directory(), source.tree(versions.get(snapshot)));
    }
  }
}
