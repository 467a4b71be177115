package io.holdfast.coordinator.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Windows windows(String... texts) {
    return new Windows(Stream.of(texts).map(Window::parse).toList());
  }

  /** What opens at or after a local time, as people in Berlin write it. */
  private static String next(String after, String... texts) {
    Instant from = LocalDateTime.parse(after).atZone(BERLIN).toInstant();
    Span span = windows(texts).next(from, BERLIN);
    return OffsetDateTime.ofInstant(span.opens(), BERLIN)
        + " to "
        + OffsetDateTime.ofInstant(span.closes(), BERLIN);
  }

  @ParameterizedTest
  @CsvSource({
    "22:00-06:00, 22:00-06:00",
    "9:00 - 17:30, 09:00-17:30",
    "mon-fri 22:00-06:00, mon-fri 22:00-06:00",
    "Sat-Sun 00:00-24:00, 'sat,sun 00:00-24:00'",
    "fri-mon 01:00-02:00, 'mon,fri-sun 01:00-02:00'",
    "'wed,mon,tue 1:00-2:00', mon-wed 01:00-02:00",
    "mon-sun 08:00-09:00, 08:00-09:00",
  })
  void shouldPrintInOneForm(String text, String printed) {
    assertEquals(printed, Window.parse(text).toString());
    assertEquals(Window.parse(text), Window.parse(printed));
  }

  @ParameterizedTest
  @CsvSource({
    "22:00, isn't a window",
    "22-06, isn't a window",
    "08:00-08:00, has no length",
    "24:00-01:00, has no length",
    "08:60-09:00, holds a time that no day has",
    "08:00-24:30, holds a time that no day has",
    "foo 08:00-09:00, 'names a day that isn''t one of mon, tue, wed, thu, fri, sat, sun'",
  })
  void whatIsWrongShouldBeNamed(String text, String why) {
    assertEquals(
        "\"" + text + "\" " + why + ": write 22:00-06:00, or mon-fri 18:00-24:00",
        assertThrows(IllegalArgumentException.class, () -> Window.parse(text)).getMessage());
  }

  @Test
  void nightsShouldEndOnTheNextDay() {
    String night = "fri 22:00-06:00"; // 5 June 2026 is a Friday
    assertEquals(
        "2026-06-05T22:00+02:00 to 2026-06-06T06:00+02:00", next("2026-06-01T12:00", night));
    assertEquals(
        "2026-06-06T05:59+02:00 to 2026-06-06T06:00+02:00", next("2026-06-06T05:59", night));
    assertEquals(
        "2026-06-12T22:00+02:00 to 2026-06-13T06:00+02:00", next("2026-06-06T06:00", night));
  }

  @Test
  void touchingWindowsShouldBeOne() {
    assertEquals(
        "2026-06-05T22:00+02:00 to 2026-06-08T06:00+02:00",
        next("2026-06-05T12:00", "mon-fri 22:00-24:00", "sat-sun 00:00-24:00", "mon 00:00-06:00"));
  }

  @Test
  void clockChangesShouldStretchShrinkAndMoveWindows() {
    String night = "22:00-06:00";
    assertEquals(
        "2026-03-28T22:00+01:00 to 2026-03-29T06:00+02:00", next("2026-03-28T12:00", night));
    assertEquals(
        "2026-10-24T22:00+02:00 to 2026-10-25T06:00+01:00", next("2026-10-24T12:00", night));
    assertEquals(
        "2026-03-29T03:00+02:00 to 2026-03-29T03:30+02:00",
        next("2026-03-28T12:00", "02:00-02:30"),
        "as a whole in the gap");
    assertEquals(
        "2026-10-25T02:15+02:00 to 2026-10-25T02:45+02:00",
        next("2026-10-24T12:00", "02:15-02:45"),
        "a repeated hour is the first one");
    assertEquals(
        "2026-10-26T02:15+01:00 to 2026-10-26T02:45+01:00",
        next("2026-10-25T03:00", "02:15-02:45"));
  }

  @Test
  void aDayThatSamoaSkippedShouldHaveItsWindowAfterwards() {
    ZoneId apia = ZoneId.of("Pacific/Apia");
    Instant from = LocalDateTime.parse("2011-12-26T00:00").atZone(apia).toInstant();
    Span span = windows("fri 09:00-17:00").next(from, apia);
    assertEquals("2011-12-31T00:00+14:00", OffsetDateTime.ofInstant(span.opens(), apia).toString());
    assertEquals(
        "2011-12-31T08:00+14:00", OffsetDateTime.ofInstant(span.closes(), apia).toString());
  }

  @Test
  void withoutWindowsItShouldAlwaysBeOpen() {
    Instant now = Instant.parse("2026-06-05T00:00:00Z");
    assertEquals(new Span(now, Instant.MAX), new Windows(List.of()).next(now, BERLIN));
  }
}
