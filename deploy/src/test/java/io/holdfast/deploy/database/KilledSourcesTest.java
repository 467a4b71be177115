package io.holdfast.deploy.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.common.seam.Time;
import io.holdfast.deploy.faults.Daemon;
import io.holdfast.deploy.faults.ProcessFleet;
import io.holdfast.deploy.faults.Seed;
import io.holdfast.proto.wire.v1.VerifyLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 in the middle of a backup of a database, a disk or a program's output: nothing of it is
 * left on the host, and the next run just works.
 */
@Timeout(3_600)
class KilledSourcesTest {
  /** Slow enough that nothing is over before it is looked at. */
  private static final long SLOW = 1L << 20;

  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration MOMENTS = Duration.ofSeconds(4);

  @TempDir Path directory;

  private final Time time = Time.system();
  private final Seed seed = Seed.of(KilledSourcesTest.class);
  private final SplittableRandom random = seed.random();
  private ProcessFleet fleet;

  @BeforeEach
  void found() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    fleet = ProcessFleet.found(Files.createDirectory(directory.resolve("fleet")));
  }

  @AfterEach
  void stop() {
    fleet.close();
  }

  private void await(String what, Callable<Boolean> condition) throws Exception {
    long deadline = time.nanos() + Duration.ofMinutes(2).toNanos();
    while (!condition.call()) {
      assertTrue(time.nanos() < deadline, () -> "never: " + what + "\n" + fleet.logs());
      time.sleep(LOOK_EVERY);
    }
  }

  private Path scratch() {
    return fleet.root.resolve("agent/scratch");
  }

  private List<Path> leftInScratch() throws Exception {
    try (Stream<Path> files = Files.list(scratch())) {
      return files.toList();
    }
  }

  /** Kills the agent while it can be seen at work on the host. */
  private void killAtWork(KilledSource source) throws Exception {
    CompletableFuture<ProcessFleet.Told> told = fleet.backup(source.order().setRateLimit(SLOW));
    await("a backup of " + source, () -> source.isUnderWay(scratch()));
    fleet.agent.kill();
    fleet.agent.start();
    assertTrue(told.get().acknowledged().isEmpty(), () -> "half of " + source + " is no snapshot");
  }

  private void assertNothingIsLeftAndTheNextWorks(KilledSource source) throws Exception {
    fleet.awaitReady();
    await("an end of " + source, source::isOver);
    assertEquals(List.of(), leftInScratch(), source::toString);
    ProcessFleet.Told next = fleet.undisturbed(() -> fleet.backup(source.order()));
    String snapshot =
        next.acknowledged().orElseThrow(() -> new AssertionError(source + ": " + next));
    assertTrue(fleet.snapshots().contains(snapshot));
    await("an end of " + source, source::isOver);
    assertEquals(List.of(), leftInScratch(), source::toString);
    source.check(snapshot, fleet);
  }

  private void killOnce(KilledSource source) throws Exception {
    try (source) {
      killAtWork(source);
      assertNothingIsLeftAndTheNextWorks(source);
    }
  }

  @Test
  void shouldLeaveNothingOfABaseBackup() throws Exception {
    assumeTrue(PostgresServer.programs().isPresent(), "skipped: PostgreSQL isn't installed");
    killOnce(KilledSource.postgres(directory));
  }

  @Test
  void shouldLeaveNothingOfAStreamOfMariaDb() throws Exception {
    assumeTrue(MariaDbServer.isInstalled(), "skipped: MariaDB isn't installed");
    killOnce(KilledSource.mariaDb(directory));
  }

  @Test
  void shouldLeaveNothingOfDisksAndPrograms() throws Exception {
    killOnce(KilledSource.disk(directory));
    killOnce(KilledSource.program(directory, fleet.root));
    if (KilledSource.canReadQcow2()) {
      killOnce(KilledSource.qcow2(directory));
    }
  }

  @Test
  @Tag("full")
  void shouldLeaveNothingByHundredsOfKills() throws Exception {
    List<KilledSource> sources = new ArrayList<>();
    try {
      all(sources);
      int rounds = Seed.rounds(150);
      for (int round = 1; round <= rounds; round++) {
        KilledSource source = sources.get(random.nextInt(sources.size()));
        try {
          killAtAnyMoment(source);
          assertNothingIsLeftAndTheNextWorks(source);
        } catch (AssertionError | Exception e) {
          throw new AssertionError("round " + round + ", " + seed + "\n" + fleet.logs(), e);
        }
      }
      fleet.checkVerifies(VerifyLevel.VERIFY_LEVEL_PROVEN);
    } finally {
      for (KilledSource source : sources) {
        source.close();
      }
    }
  }

  private void all(List<KilledSource> sources) throws Exception {
    sources.add(KilledSource.disk(directory));
    sources.add(KilledSource.program(directory, fleet.root));
    if (KilledSource.canReadQcow2()) {
      sources.add(KilledSource.qcow2(directory));
    }
    if (PostgresServer.programs().isPresent()) {
      sources.add(KilledSource.postgres(directory));
    }
    if (MariaDbServer.isInstalled()) {
      sources.add(KilledSource.mariaDb(directory));
    }
  }

  private void killAtAnyMoment(KilledSource source) throws Exception {
    CompletableFuture<ProcessFleet.Told> told =
        fleet.backup(source.order().setRateLimit(SLOW << random.nextInt(6)));
    Daemon victim = random.nextInt(4) == 0 ? fleet.coordinator : fleet.agent;
    time.sleep(Duration.ofNanos(random.nextLong(MOMENTS.toNanos())));
    victim.kill();
    victim.start();
    var _ = told.get();
  }
}
