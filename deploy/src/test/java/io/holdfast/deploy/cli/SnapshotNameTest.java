package io.holdfast.deploy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SnapshotNameTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @Test
  void shouldReadTimesAsListingsShowThem() {
    assertEquals("web1@2026-03-01T16:11:12.999Z", inUtc("web1@2026-03-01 17:11:12"));
    assertEquals("web1@2026-03-01T16:11:59.999Z", inUtc("web1@2026-03-01 17:11"));
    assertEquals("web1@2026-03-01T22:59:59.999Z", inUtc("web1@2026-03-01"));
  }

  @Test
  void shouldEndDaysWhereTheClockChanges() {
    assertEquals("web1@2026-03-29T21:59:59.999Z", inUtc("web1@2026-03-29"));
  }

  @Test
  void shouldKeepTimesThatSayTheirOffset() {
    assertEquals("a@b@2026-03-01T06:00:00Z", inUtc("a@b@2026-03-01T07:00:00+01:00"));
  }

  @Test
  void shouldLeaveOtherNamesAlone() {
    for (String name : List.of("latest", "latest:web1", "3fa1", "", "@")) {
      assertEquals(name, inUtc(name));
    }
  }

  @Test
  void shouldSayHowTimesAreWritten() {
    HoldfastException refused =
        assertThrows(HoldfastException.class, () -> inUtc("web1@yesterday"));
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
    assertTrue(refused.getMessage().startsWith("\"yesterday\" is no time"));
  }

  private static String inUtc(String name) {
    return SnapshotName.inUtc(name, BERLIN);
  }
}
