package io.holdfast.coordinator.prune;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.coordinator.retention.clock.ClockDoubt;
import io.holdfast.coordinator.retention.clock.ClockReading;
import io.holdfast.coordinator.retention.clock.ClockStanding;
import io.holdfast.proto.stored.v1.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a coordinator remembers of its clock. */
class ClockKeeperTest {
  @TempDir Path directory;

  private PruneKit kit;

  @BeforeEach
  void begin() throws InterruptedException {
    kit = new PruneKit(directory);
  }

  @AfterEach
  void end() {
    kit.close();
  }

  @Test
  void shouldDoubtAClockThatNobodyWatchedBefore() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("new"));
    ClockStanding standing = kit.clock(elsewhere).read();
    assertEquals(ClockDoubt.Cause.NEW, standing.doubt().orElseThrow().cause());
  }

  @Test
  void shouldGoOnTrustingOverARestart() {
    kit.pass(Duration.ofMinutes(5));
    kit.clock.read();
    kit.pass(Duration.ofHours(3));
    assertTrue(kit.clock(directory).read().isTrusted());
  }

  @Test
  void shouldRememberADoubtOverARestart() {
    kit.fleet.time.setClock(kit.fleet.time.now().plus(Duration.ofDays(2)));
    assertFalse(kit.clock.read().isTrusted());
    ClockStanding again = kit.clock(directory).read();
    assertEquals(ClockDoubt.Cause.FORWARD, again.doubt().orElseThrow().cause());
  }

  @Test
  void shouldDoubtAClockSetWhileItWasDown() {
    kit.clock.read();
    kit.fleet.time.setClock(kit.fleet.time.now().minus(Duration.ofDays(1)));
    assertEquals(
        ClockDoubt.Cause.BACKWARD, kit.clock(directory).read().doubt().orElseThrow().cause());
  }

  @Test
  void shouldTakeADamagedMemoryForNone() throws IOException {
    Path file = directory.resolve("clock");
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= 1;
      assertEquals(Optional.empty(), ClockFile.parse(damaged), "byte " + at);
    }
    Files.write(file, new byte[] {1, 2, 3});
    assertFalse(kit.clock(directory).read().isTrusted());
  }

  @Test
  void shouldKeepEveryPartOfAStanding() {
    Instant now = Instant.parse("2026-11-29T12:00:00.123Z");
    for (ClockDoubt.Cause cause : ClockDoubt.Cause.values()) {
      ClockStanding standing =
          new ClockStanding(
              new ClockReading(now, 0, now.minusSeconds(7)),
              Duration.ofMillis(-1_234),
              now.minusSeconds(5),
              Optional.of(
                  new ClockDoubt(
                      cause, now.minusSeconds(99), Duration.ofDays(3), Duration.ofHours(4))));
      assertEquals(Optional.of(standing), ClockFile.parse(ClockFile.encode(standing)));
    }
  }

  @Test
  void shouldBeConfirmedOnlyByAWordThatIsJournalled() throws InterruptedException {
    kit.fleet.time.setClock(kit.fleet.time.now().plus(Duration.ofDays(2)));
    assertFalse(kit.clock.read().isTrusted());
    assertCode(ErrorCode.CONFIRMATION_REQUIRED, () -> kit.clock.confirm(false, "anna"));
    assertTrue(kit.clock.confirm(true, "anna").isTrusted());
    assertTrue(kit.clock(directory).read().isTrusted());
    Change last = kit.fleet.journal.changes().getLast();
    assertEquals(kit.fleet.time.now().toEpochMilli(), last.getClockConfirmed().getShownMillis());
  }
}
