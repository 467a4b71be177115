package io.holdfast.coordinator.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.snapshot.SourceNames;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of a database, which is stored all day long, beside its base backups. */
class LogRetentionTest {
  private static final String SOCKET = "/var/run/postgresql";
  private static final String BASES = SourceNames.postgreSql(SOCKET, 5432);
  private static final String LOG = SourceNames.postgreSqlLog(SOCKET, 5432);

  /** How often the log is stored. */
  private static final Duration EVERY = Duration.ofMinutes(20);

  private static final int A_DAY = 72;

  @TempDir Path directory;

  private PruneKit kit;
  private HostId host;
  private StoredPolicy policy;
  private final List<SnapshotId> bases = new ArrayList<>();
  private final List<SnapshotId> logs = new ArrayList<>();

  /** The last of the log before each base backup. */
  private final Map<SnapshotId, SnapshotId> before = new HashMap<>();

  @BeforeEach
  void begin() throws InterruptedException {
    kit = new PruneKit(directory);
    host = kit.enrol("db");
    policy = kit.applyCluster("clusters", "retention: {last: 2, daily: 4, within: 1d}");
  }

  @AfterEach
  void end() {
    kit.close();
  }

  /** A base backup, and then the log of a day, with a round every few hours. */
  private void day() throws InterruptedException {
    base();
    for (int i = 0; i < A_DAY; i++) {
      kit.pass(EVERY);
      logs.add(kit.take(host, LOG));
      if (i % 18 == 0) {
        assertEquals(List.of(), kit.round().brakes());
      }
    }
  }

  private void base() throws InterruptedException {
    SnapshotId base = kit.takeScheduled(host, BASES, policy);
    if (!logs.isEmpty()) {
      before.put(base, logs.getLast());
    }
    bases.add(base);
  }

  private long live(List<SnapshotId> snapshots) {
    return snapshots.stream().filter(kit::isLive).count();
  }

  @Test
  void aLogStoredAllDayShouldNeitherFreezeAnythingNorPileUp() throws InterruptedException {
    for (int day = 0; day < 14; day++) {
      day();
    }
    kit.round();
    assertEquals(4, live(bases));
    long kept = live(logs);
    assertTrue(kept >= A_DAY && kept < 2 * A_DAY, () -> kept + " of " + logs.size());
  }

  @Test
  void everyBaseBackupShouldHaveTheLogUpToTheNext() throws InterruptedException {
    for (int day = 0; day < 14; day++) {
      day();
    }
    kit.round();
    assertTrue(kit.isLive(logs.getLast()));
    List<SnapshotId> kept = bases.stream().filter(kit::isLive).toList();
    for (SnapshotId next : kept.subList(1, kept.size())) {
      assertTrue(kit.isLive(before.get(next)), "all of the log since the base backup before");
    }
    assertFalse(kit.isLive(before.get(bases.get(2))), "what no base backup needs any more");
  }

  /** As it does whose base backups can be had back. */
  @Test
  void theLogOfADeletedBaseBackupShouldGoWithItsUndo() throws InterruptedException {
    for (int day = 0; day < 7; day++) {
      day();
    }
    assertFalse(kit.isLive(bases.get(1)));
    assertTrue(kit.isLive(before.get(bases.get(2))), "it can still be had back");
  }

  @Test
  void aNewestThatIsNotProvenShouldNotStandForTheLog() throws InterruptedException {
    day();
    SnapshotId good = logs.getLast();
    logs.add(kit.takeUnproven(host, LOG));
    for (int day = 0; day < 3; day++) {
      day();
    }
    kit.round();
    assertTrue(kit.isLive(good));
  }

  /** After a week in which the clock was doubted, or a policy that comes late. */
  @Test
  void whatPiledUpShouldGoByAndByWithNobodyAsked() throws InterruptedException {
    for (int day = 0; day < 6; day++) {
      base();
      for (int i = 0; i < A_DAY; i++) {
        kit.pass(EVERY);
        logs.add(kit.take(host, LOG));
      }
    }
    long before = live(logs);
    PruneRounds.Outcome first = kit.round();
    assertEquals(List.of(), first.brakes());
    assertTrue(2 * live(logs) >= before - bases.size(), "not more than half at once");
    while (kit.round().deleted() > 0) {
      assertTrue(live(logs) > 0);
    }
    assertTrue(live(logs) < 2 * A_DAY, () -> live(logs) + " are left");
  }

  @Test
  void aFloodOfFakeLogsShouldExpireNothingElseAndNoLogOfOtherTimes() throws InterruptedException {
    for (int day = 0; day < 5; day++) {
      day();
    }
    kit.round();
    List<SnapshotId> keptLogs = logs.stream().filter(kit::isLive).toList();
    List<SnapshotId> keptBases = bases.stream().filter(kit::isLive).toList();
    for (int i = 0; i < 2_000; i++) {
      kit.take(host, LOG);
    }
    kit.round();
    kit.round();
    assertTrue(keptBases.stream().allMatch(kit::isLive));
    assertTrue(keptLogs.stream().allMatch(kit::isLive));
  }

  /** A host that calls its files so gains nothing by it: base backups have a brake of their own. */
  @Test
  void aFloodOfFakeBaseBackupsShouldStillBeBraked() throws InterruptedException {
    for (int day = 0; day < 3; day++) {
      day();
    }
    for (int i = 0; i < 60; i++) {
      kit.take(host, BASES);
    }
    for (int i = 0; i < A_DAY * 2; i++) {
      kit.pass(EVERY);
      logs.add(kit.take(host, LOG));
    }
    PruneRounds.Outcome outcome = kit.round();
    assertEquals(0, outcome.deleted());
    assertTrue(outcome.brakes().getFirst().contains("unscheduled snapshots"), outcome::toString);
  }

  @Test
  void theLogOfAClusterThatNoPolicyIsForShouldBeKeptWhole() throws InterruptedException {
    String other = SourceNames.postgreSqlLog(SOCKET, 5433);
    List<SnapshotId> others = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      kit.pass(EVERY);
      others.add(kit.take(host, other));
    }
    assertEquals(0, kit.round().deleted());
    assertEquals(300, live(others));
  }
}
