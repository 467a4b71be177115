package io.holdfast.coordinator.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.coordinator.absence.AbsenceKit;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.proto.stored.v1.JobEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is known of the speed of restores, over jobs made by hand. */
class RestoreSpeedsTest {
  private static final long MIB = 1L << 20;
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AbsenceKit kit = new AbsenceKit(24);
  private final RestoreSpeeds speeds = new RestoreSpeeds();
  private HostId web;
  private HostId db;

  @BeforeEach
  void enrol() throws InterruptedException {
    web = kit.enrol("web");
    db = kit.enrol("db");
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private Optional<RestoreSpeed> of(RestoreSpeeds asked, HostId host) {
    try (CatalogView view = kit.fleet.catalog.view()) {
      return asked.of(view, host);
    }
  }

  private static Optional<RestoreSpeed> speed(long mebibytes, int restores, boolean here) {
    return Optional.of(new RestoreSpeed(mebibytes * MIB, restores, here));
  }

  /** At so many MiB a second. */
  private void restore(HostId host, long mebibytes) {
    kit.pass(SECOND);
    kit.restore(host, 100 * mebibytes * MIB, Duration.ofSeconds(100));
  }

  @Test
  void shouldKnowNothingWithoutARestoreThatIsBigEnough() {
    assertEquals(Optional.empty(), of(speeds, web));
    kit.restore(web, RestoreSpeeds.LEAST_BYTES - 1, SECOND);
    kit.restore(web, RestoreSpeeds.LEAST_BYTES, Duration.ZERO);
    kit.endRestore(kit.orderRestore(web), web, 100 * MIB, SECOND, JobEnd.JOB_END_FAILED);
    assertEquals(Optional.empty(), of(speeds, web));
    kit.restore(web, RestoreSpeeds.LEAST_BYTES, SECOND);
    assertEquals(speed(16, 1, true), of(speeds, web));
  }

  @Test
  void shouldGoByTheHostsOwnRestoresAndElseByThoseOfOthers() {
    restore(db, 50);
    assertEquals(speed(50, 1, false), of(speeds, web));
    restore(web, 3);
    assertEquals(speed(3, 1, true), of(speeds, web));
    assertEquals(speed(50, 1, true), of(speeds, db));
  }

  @Test
  void shouldTakeTheMedianOfTheLastFive() {
    for (long rate : new long[] {900, 900, 900, 1, 2, 30, 4, 5}) {
      restore(web, rate);
    }
    assertEquals(speed(4, RestoreSpeeds.LAST, true), of(speeds, web));
  }

  @Test
  void shouldLookAgainAtARestoreThatWasOpen() {
    JobId open = kit.orderRestore(web);
    kit.pass(SECOND);
    assertEquals(Optional.empty(), of(speeds, web));
    restore(db, 7);
    assertEquals(speed(7, 1, false), of(speeds, web));
    kit.endRestore(open, web, 100 * MIB, SECOND, JobEnd.JOB_END_COMPLETE_WITH_GAPS);
    assertEquals(speed(100, 1, true), of(speeds, web));
  }

  @Test
  void aNewReaderShouldFindTheSameAsOneThatFollowed() {
    Random random = new Random(24);
    List<JobId> open = new ArrayList<>();
    for (int n = 0; n < 200; n++) {
      kit.pass(Duration.ofMillis(random.nextInt(3))); // some in one millisecond
      switch (random.nextInt(4)) {
        case 0 -> open.add(kit.orderRestore(web));
        case 1 -> restore(random.nextBoolean() ? web : db, 1 + random.nextInt(90));
        case 2 -> {
          if (!open.isEmpty()) {
            JobId ended = open.remove(random.nextInt(open.size()));
            kit.endRestore(ended, web, 100 * MIB, SECOND, JobEnd.JOB_END_COMPLETE);
          }
        }
        default -> {
          RestoreSpeeds fresh = new RestoreSpeeds();
          assertEquals(of(fresh, web), of(speeds, web));
          assertEquals(of(fresh, db), of(speeds, db));
        }
      }
    }
  }
}
