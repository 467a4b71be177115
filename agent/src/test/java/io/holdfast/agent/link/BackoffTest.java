package io.holdfast.agent.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.seam.Time;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration FIRST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofSeconds(16);

  private final Backoff backoff = new Backoff(Time.system(), new SeededRandomness(5));

  private static void assertWithin(Duration most, Duration wait) {
    assertTrue(wait.compareTo(most.dividedBy(4)) >= 0, wait + " is short");
    assertTrue(wait.compareTo(most) <= 0, wait + " is long");
  }

  @Test
  void shouldWaitLongerAndNeverSoLongThatAFleetIsNotBackSoon() {
    assertWithin(FIRST, backoff.next());
    assertWithin(FIRST.multipliedBy(2), backoff.next());
    for (int failures = 0; failures < 1_000; failures++) {
      assertWithin(LONGEST, backoff.next());
    }
    backoff.reset();
    assertWithin(FIRST, backoff.next());
  }

  @Test
  void shouldSpreadAFleetOverThreeQuartersOfTheWait() {
    Duration least = LONGEST;
    Duration most = Duration.ZERO;
    for (int host = 0; host < 200; host++) {
      Backoff one = new Backoff(Time.system(), new SeededRandomness(host));
      Duration first = one.next();
      least = first.compareTo(least) < 0 ? first : least;
      most = first.compareTo(most) > 0 ? first : most;
    }
    assertTrue(most.minus(least).compareTo(Duration.ofMillis(2_500)) > 0, least + " to " + most);
  }
}
