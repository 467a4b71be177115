package io.holdfast.coordinator.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestHostNames;
import io.holdfast.coordinator.testkit.TestRepository;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SnapshotNamesTest {
  private final TestRepository repository = TestRepository.begun(4);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final TestHost bob = TestHost.enrol(repository, "bob");
  private final SnapshotNames names =
      new SnapshotNames(
          repository::view, repository.mutations(), new TestHostNames(List.of(alice, bob)));

  /** One of alice at noon of each of the first ten days of March 2026, one of bob at its end. */
  private final List<SnapshotId> daily = new ArrayList<>();

  private SnapshotId last;

  @BeforeEach
  void makeSnapshots() throws InterruptedException {
    repository.passTime(Duration.ofHours(12));
    for (int day = 0; day < 10; day++) {
      daily.add(alice.backup().file("day", "it is " + day).commit());
      repository.passTime(Duration.ofDays(1));
    }
    last = bob.backup().file("day", "the end").commit();
  }

  @Test
  void shouldFindTheNewestOfAllAndOfAHost() {
    assertEquals(last, resolve("latest"));
    assertEquals(last, resolve("latest:bob"));
    assertEquals(daily.getLast(), resolve("latest:alice"));
  }

  @Test
  void shouldFindTheNewestAtATime() {
    assertEquals(daily.get(2), resolve("alice@2026-03-03"));
    assertEquals(daily.get(2), resolve("alice@2026-03-03T12:00:00Z"));
    assertEquals(daily.get(1), resolve("alice@2026-03-03T11:59:59.999Z"));
    assertEquals(daily.get(2), resolve("alice@2026-03-03T13:00:00+01:00"));
    assertEquals(daily.getLast(), resolve("alice@2030-01-01"));
  }

  private static final String LOG = "postgresql /var/run/postgresql 5432 archive";

  @Test
  void shouldNotMeanTheLogOfADatabase() throws InterruptedException {
    alice.backup().of("postgresql /var/run/postgresql 5432").file("base", "pages").commit();
    SnapshotId files = alice.backup().file("day", "after the base backup").commit();
    for (int round = 0; round < 3; round++) {
      repository.passTime(Duration.ofMinutes(5));
      alice.backup().of(LOG).file("segment", "log " + round).commit();
    }
    assertEquals(files, resolve("latest"));
    assertEquals(files, resolve("latest:alice"));
    assertEquals(files, resolve("alice@2030-01-01"));
    assertEquals(daily.get(2), resolve("alice@2026-03-03"), "before there was any log");
  }

  @Test
  void shouldSayThatThereIsOnlyALog() throws InterruptedException {
    TestHost carol = TestHost.enrol(repository, "carol");
    SnapshotNames withCarol =
        new SnapshotNames(
            repository::view,
            repository.mutations(),
            new TestHostNames(List.of(alice, bob, carol)));
    SnapshotId log = carol.backup().of(LOG).file("segment", "log").commit();
    HoldfastException thrown =
        assertThrows(HoldfastException.class, () -> withCarol.resolve("latest:carol"));
    assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, thrown.code());
    assertTrue(thrown.getMessage().contains("holdfast postgres backup carol"), thrown::getMessage);
    assertTrue(thrown.getMessage().contains(log.value().abbreviate(12)), thrown::getMessage);
    assertEquals(log, withCarol.resolve(log.toString()).id());
    assertEquals(last, withCarol.resolve("latest").id());
  }

  @Test
  void shouldTellTheOldestWhereNoneIsOldEnough() {
    HoldfastException thrown = refused("alice@2026-02-28");
    assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, thrown.code());
    assertTrue(thrown.getMessage().contains("2026-03-01T12:00:00Z"), thrown.getMessage());
  }

  @Test
  void shouldRefuseATimeItCannotRead() {
    HoldfastException thrown = refused("alice@yesterday");
    assertEquals(ErrorCode.INVALID_ARGUMENT, thrown.code());
    assertTrue(thrown.getMessage().contains("2026-03-01T06:00:00Z"), "it shows the form");
    assertEquals(ErrorCode.INVALID_ARGUMENT, refused("alice@2026-03-01T06:00:00").code());
  }

  @Test
  void shouldFindByTheBeginningOfAnId() {
    for (SnapshotId id : daily) {
      assertEquals(id, resolve(id.toString()));
      assertEquals(id, resolve(id.toString().substring(0, 16)));
    }
  }

  @Test
  void shouldNameTheCandidatesOfAnAmbiguousBeginning() throws InterruptedException {
    for (int i = 0; i < 16; i++) { // seventeen and more ids: two of them share a first digit
      alice.backup().file("n", "file " + i).commit();
    }
    String digit = "";
    for (char c : "0123456789abcdef".toCharArray()) {
      if (count(String.valueOf(c)) > 1) {
        digit = String.valueOf(c);
      }
    }
    HoldfastException thrown = refused(digit);
    assertEquals(ErrorCode.SNAPSHOT_AMBIGUOUS, thrown.code());
    assertTrue(thrown.getMessage().contains("alice at 2026-03"), thrown.getMessage());
  }

  @Test
  void shouldRefuseWhatNamesNothing() {
    assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, refused("newest").code());
    assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, refused("").code());
    assertEquals(ErrorCode.SNAPSHOT_NOT_FOUND, refused("0".repeat(64)).code());
    assertEquals(ErrorCode.HOST_NOT_FOUND, refused("latest:carol").code());
  }

  private int count(String digits) {
    try (var view = repository.view()) {
      return view.snapshots().withPrefix(digits, 100).size();
    }
  }

  private SnapshotId resolve(String text) {
    return names.resolve(text).id();
  }

  private HoldfastException refused(String text) {
    return assertThrows(HoldfastException.class, () -> names.resolve(text));
  }
}
