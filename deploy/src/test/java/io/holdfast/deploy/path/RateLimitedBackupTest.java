package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.throttle.RateLimit;
import io.holdfast.common.seam.ManualTime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup takes no more of disk and network than it may, by a clock that only its waits move. */
class RateLimitedBackupTest {
  private static final int FILE_BYTES = 9 << 20;
  private static final long RATE = 1 << 20;

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Fleet fleet;
  private static ProtectedHost host;
  private final ManualTime disk = new ManualTime(Instant.EPOCH);
  private final ManualTime network = new ManualTime(Instant.EPOCH);

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared);
    host = fleet.enrol("alpha");
  }

  @AfterAll
  static void stop() {
    host.close();
    fleet.close();
  }

  private BackupResult backup(long readRate, long sendRate) throws Exception {
    return host.backup(
        List.of(directory), new RateLimit(disk, readRate), new RateLimit(network, sendRate));
  }

  private static double seconds(ManualTime time) {
    return time.nanos() / 1e9;
  }

  @Test
  void shouldReadAtTheLimit() throws Exception {
    Files.write(directory.resolve("large"), BackupAndRestoreTest.noise(FILE_BYTES, 1));
    backup(RATE, 0);
    assertEquals(FILE_BYTES / RATE - 1.0, seconds(disk), 0.1); // a second's worth was saved up
  }

  @Test
  void shouldSendAtTheLimitAndOnlyWhatIsNew() throws Exception {
    Files.write(directory.resolve("large"), BackupAndRestoreTest.noise(FILE_BYTES, 2));
    BackupResult first = backup(0, RATE);
    double sealed = first.counters().uploadedSealedBytes();
    assertTrue(sealed >= FILE_BYTES);
    assertEquals(sealed / RATE - 1, seconds(network), 0.1);

    double before = seconds(network);
    backup(0, RATE);
    assertEquals(before, seconds(network), 0.1);
  }
}
