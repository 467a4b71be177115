package io.holdfast.common.unit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.HoldfastException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "90s, PT1M30S",
    "250ms, PT0.25S",
    "1h30m, PT1H30M",
    "1h 30m, PT1H30M",
    "7d, PT168H",
    "2w, PT336H",
    "0s, PT0S"
  })
  void shouldParseNumbersWithUnits(String text, Duration expected) {
    assertEquals(expected, Durations.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "90", "-5s", "1.5h", "s", "5 minutes", "1h30", "999999999999999999w"})
  void shouldRefuseWhatIsNoDuration(String text) {
    assertThrows(HoldfastException.class, () -> Durations.parse(text));
  }

  @Test
  void exactFormReadsBack() {
    long seed = 77;
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      Duration duration = Duration.ofMillis(random.nextLong() >>> (20 + random.nextInt(43)));
      assertEquals(duration, Durations.parse(Durations.exact(duration)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0.0s",
    "PT9.96S, 9.9s",
    "PT12S, 12s",
    "PT65S, 1m 05s",
    "PT59M59S, 59m 59s",
    "PT2H3M4S, 2h 03m",
    "PT76H, 3d 4h"
  })
  void shouldRoundForPeople(Duration duration, String text) {
    assertEquals(text, Durations.rounded(duration));
  }
}
