package io.holdfast.coordinator.notify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.seam.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PingsTest {
  private static final Instant FIRST = Notices.MONDAY;

  private final ManualTime time = new ManualTime(Notices.MONDAY);
  private final Map<String, Pinged> told = new HashMap<>();
  private final HttpSink sink;
  private Pings pings;

  PingsTest() throws IOException {
    sink = new HttpSink();
    pings = open();
  }

  private Pings open() {
    NotifyMeter silent =
        new NotifyMeter() {
          @Override
          public void delivered(String channel) {}

          @Override
          public void failed(String channel) {}

          @Override
          public void dropped(String channel) {}
        };
    return new Pings(
        Map.of("nightly", sink.url("/n/?k=1")), Map.copyOf(told), time, silent, told::put);
  }

  @AfterEach
  void close() {
    pings.close();
    sink.close();
  }

  private void look(boolean open, Optional<Instant> ended, boolean well)
      throws InterruptedException {
    pings.look(List.of(new PolicyRuns("nightly", open, ended, well)));
    pings.deliver();
  }

  @Test
  void shouldPingWhenRunsBeginAndWhenAllHaveEnded() throws InterruptedException {
    look(true, Optional.empty(), true);
    look(true, Optional.of(FIRST), true); // one host is done, another isn't
    look(false, Optional.of(FIRST.plusSeconds(60)), true);
    look(false, Optional.of(FIRST.plusSeconds(60)), true);
    assertEquals(List.of("/n/start?k=1", "/n?k=1"), sink.paths());
    assertEquals("GET", sink.requests().getFirst().method());
    assertEquals(new Pinged(Optional.of(FIRST.plusSeconds(60)), true), told.get("nightly"));
  }

  @Test
  void shouldPingOfARunThatWasQuickerThanTheLook() throws InterruptedException {
    look(false, Optional.empty(), true);
    look(false, Optional.of(FIRST), true);
    assertEquals(List.of("/n?k=1"), sink.paths());
  }

  @Test
  void shouldPingFailureOfARunAndOfItsAbsence() throws InterruptedException {
    look(true, Optional.empty(), true);
    look(false, Optional.of(FIRST), false);
    look(false, Optional.of(FIRST), false);
    assertEquals(List.of("/n/start?k=1", "/n/fail?k=1"), sink.paths());
    look(false, Optional.of(FIRST), true);
    look(false, Optional.of(FIRST), false); // overdue, without any run
    assertEquals(List.of("/n?k=1", "/n/fail?k=1"), sink.paths().subList(2, 4));
    pings.close();
    pings = open();
    look(false, Optional.of(FIRST), false);
    assertEquals(4, sink.requests().size(), "a restart is no news");
  }

  @Test
  void shouldTryAgainWithTheNewestOnly() throws InterruptedException {
    sink.answer(500);
    look(true, Optional.empty(), true);
    look(false, Optional.of(FIRST), true);
    look(false, Optional.of(FIRST), true);
    assertEquals(List.of("/n/start?k=1", "/n?k=1"), sink.paths());
    assertTrue(told.isEmpty(), "nobody was told");
    sink.answer(200);
    time.advance(Duration.ofSeconds(31));
    pings.deliver();
    pings.deliver();
    assertEquals(List.of("/n/start?k=1", "/n?k=1", "/n?k=1"), sink.paths());
    assertEquals(new Pinged(Optional.of(FIRST), true), told.get("nightly"));
  }

  @Test
  void shouldNeitherRepeatNorLoseAnEndThroughARestart() throws InterruptedException {
    look(false, Optional.of(FIRST), true);
    pings.close();
    pings = open();
    look(false, Optional.of(FIRST), true);
    assertEquals(1, sink.requests().size());
    pings.close();
    pings = open();
    look(false, Optional.of(FIRST.plusSeconds(9)), true); // it ended while nobody looked
    assertEquals(2, sink.requests().size());
  }

  @Test
  void shouldTestWithHowThingsAre() throws InterruptedException {
    assertTrue(pings.test().getFirst().error().isEmpty());
    look(false, Optional.of(FIRST), false);
    assertTrue(pings.test().getFirst().target().startsWith("policy nightly at http://127.0.0.1"));
    assertEquals(List.of("/n/fail?k=1", "/n/fail?k=1"), sink.paths().subList(1, 3));
  }
}
