package io.holdfast.coordinator.node;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.Time;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Duration VERY_LONG = Duration.ofDays(1);

  private final Semaphore made = new Semaphore(0);

  private void awaitRounds(int count) throws InterruptedException {
    assertTrue(made.tryAcquire(count, 60, TimeUnit.SECONDS));
  }

  @Test
  void shouldMakeARoundSoonerWhenItIsWanted() throws InterruptedException {
    try (Rounds rounds =
        Rounds.start("test", VERY_LONG, Duration.ZERO, Time.system(), made::release)) {
      awaitRounds(1);
      rounds.wake();
      awaitRounds(1);
    }
  }

  @Test
  void shouldMakeAnotherRoundForWhatIsWantedDuringOne() throws InterruptedException {
    Semaphore mayGoOn = new Semaphore(0);
    try (Rounds rounds =
        Rounds.start(
            "test",
            VERY_LONG,
            Duration.ZERO,
            Time.system(),
            () -> {
              made.release();
              mayGoOn.acquire();
            })) {
      awaitRounds(1);
      rounds.wake();
      mayGoOn.release();
      awaitRounds(1);
      mayGoOn.release();
    }
  }

  @Test
  void shouldGoOnAfterARoundThatFailed() throws InterruptedException {
    try (Rounds rounds =
        Rounds.start(
            "test",
            VERY_LONG,
            Duration.ZERO,
            Time.system(),
            () -> {
              made.release();
              throw new IllegalStateException("this round fails");
            })) {
      awaitRounds(1);
      rounds.wake();
      awaitRounds(1);
    }
  }
}
