package io.holdfast.agent.link;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.SeededRandomness;
import io.holdfast.common.seam.Time;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration LONGEST = Duration.ofSeconds(32);

  private final Backoff backoff = new Backoff(Time.system(), new SeededRandomness(5));

  @Test
  void shouldWaitLongerAndNeverSoLongThatAFleetIsNotBackWithinAMinute() {
    Duration before = Duration.ZERO;
    for (int failures = 0; failures < 6; failures++) {
      Duration next = backoff.next();
      assertTrue(next.compareTo(before) >= 0, next + " after " + before);
      before = next;
    }
    for (int failures = 0; failures < 1_000; failures++) {
      assertTrue(backoff.next().compareTo(LONGEST) <= 0);
    }
    backoff.reset();
    assertTrue(backoff.next().compareTo(Duration.ofSeconds(1)) <= 0);
  }

  @Test
  void shouldSpreadAFleetOverHalfOfTheWait() {
    Duration least = LONGEST;
    Duration most = Duration.ZERO;
    for (int host = 0; host < 200; host++) {
      Backoff one = new Backoff(Time.system(), new SeededRandomness(host));
      Duration first = one.next();
      least = first.compareTo(least) < 0 ? first : least;
      most = first.compareTo(most) > 0 ? first : most;
    }
    assertTrue(most.minus(least).compareTo(Duration.ofMillis(400)) > 0, least + " to " + most);
  }
}
