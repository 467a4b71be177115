package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.agent.backup.BackupResult;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.deploy.link.AdminLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a coordinator does by itself in years that nobody looks after it. */
@Timeout(300)
class LongLifeTest {
  /**
   * Past the share of life after which the journal's certificate, good for four years, is renewed.
   */
  private static final Duration YEARS = Duration.ofDays(800);

  @TempDir Path directory;
  private final MovableTime time = new MovableTime();

  private Path source() throws IOException {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
    return source;
  }

  private void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      time.sleep(Duration.ofMillis(50));
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void shouldRenewItsCertificatesAndBeginATermWithThem() throws Exception {
    Fleet fleet = Fleet.found(directory.resolve("fleet"), time);
    try (AdminLink admin = fleet.admin();
        ProtectedHost alpha = fleet.enrol("alpha")) {
      alpha.backup(source());
      long term = admin.status().getAuthority().getTerm();
      time.advance(YEARS);
      await(() -> admin.status().getAuthority().getTerm() > term);
      assertEquals(term + 1, admin.status().getAuthority().getTerm());
      assertEquals(List.of(), admin.status().getWarningsList().stream().toList());
      try (ProtectedHost beta = fleet.enrol("beta")) { // over a new TLS certificate
        beta.backup(source()); // whose receipt verifies
      }
    }
    fleet.stop();

    time.advance(YEARS); // long stopped, so that all of its certificates ran out or are due
    fleet.start();
    try (ProtectedHost gamma = fleet.enrol("gamma")) {
      BackupResult result = gamma.backup(source());
      assertTrue(result.isComplete());
    }
    fleet.stop();
  }

  @Test
  void shouldWriteCheckpointsThatACoordinatorWithoutItsDiskStartsFrom() throws Exception {
    Fleet fleet = Fleet.found(directory.resolve("fleet"), time);
    try (ProtectedHost alpha = fleet.enrol("alpha");
        AdminLink admin = fleet.admin()) {
      BackupResult result = alpha.backup(source());
      assertEquals(0, admin.vaultStats().getCheckpointSeq());
      time.advance(Duration.ofDays(1));
      await(() -> admin.vaultStats().getCheckpointSeq() > 0);
      long first = admin.vaultStats().getCheckpointSeq();
      Files.writeString(source().resolve("another"), "more");
      alpha.backup(directory.resolve("source"));
      time.advance(Duration.ofDays(1));
      await(() -> admin.vaultStats().getCheckpointSeq() > first); // verified from the first

      fleet.stop();
      delete(fleet.catalog());
      fleet.start();
      Path target = directory.resolve("target");
      alpha.restore(result.snapshot(), target, RestorePlan.EVERYTHING);
      Path restored = target.resolve(source().toString().substring(1));
      assertEquals("content", Files.readString(restored.resolve("file")));
    }
    fleet.stop();
  }

  @Test
  void shouldBeginNoBackupBelowTheReserveAndServeWhatIsStored() throws Exception {
    Fleet roomy = Fleet.found(directory.resolve("fleet"), time);
    BackupResult result;
    try (ProtectedHost alpha = roomy.enrol("alpha")) {
      result = alpha.backup(source());
    }
    roomy.stop();
    Fleet tight = roomy.configured("  reserve: 1 TiB\n");
    tight.start();
    try (ProtectedHost alpha = tight.host("alpha");
        AdminLink admin = tight.admin()) {
      HoldfastException refused =
          assertThrows(HoldfastException.class, () -> alpha.backup(source()));
      assertEquals(ErrorCode.VAULT_FULL, refused.code());
      assertTrue(refused.getMessage().contains("vault.reserve"), refused.getMessage());
      assertTrue(
          admin.status().getWarningsList().stream().anyMatch(said -> said.contains("is full")));
      assertTrue(
          alpha
              .restore(result.snapshot(), directory.resolve("target"), RestorePlan.EVERYTHING)
              .isComplete());
    }
    tight.stop();
    Fleet warned = roomy.configured("  warn_free: 1 PiB\n");
    warned.start();
    try (ProtectedHost alpha = warned.host("alpha");
        AdminLink admin = warned.admin()) {
      alpha.backup(source());
      assertTrue(
          admin.status().getWarningsList().stream()
              .anyMatch(said -> said.contains("vault.warn_free")));
    }
    warned.stop();
  }
}
