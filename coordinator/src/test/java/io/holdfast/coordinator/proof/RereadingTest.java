package io.holdfast.coordinator.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.ChunkKind;
import io.holdfast.common.id.ChunkRef;
import io.holdfast.common.pack.PackLayout;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.catalog.Location;
import io.holdfast.coordinator.catalog.PackQueries.LastRead;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestJournal;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.coordinator.vault.ObjectName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RereadingTest {
  private static final Duration WITHIN = Duration.ofDays(10);

  private final TestRepository repository = TestRepository.begun(7);
  private final TestHost alice = TestHost.enrol(repository, "alice");
  private final DataActivity activity = new DataActivity(repository.time());
  private final Rereading rereading =
      new Rereading(
          repository.proof(), ProofConfig.defaults(), WITHIN, repository.time(), activity);

  @BeforeEach
  void backUp() throws Exception {
    alice.backup().file("etc/a", "first").file("etc/b", "second").commit();
  }

  private List<LastRead> packs() {
    try (CatalogView view = repository.view()) {
      return view.packs().leastRecentlyRead(100);
    }
  }

  private Instant oldest() {
    return Instant.ofEpochMilli(packs().getFirst().readMillis());
  }

  private int records() {
    return repository.journal().records().size();
  }

  private void pass(Duration time) {
    repository.time().advance(time);
  }

  private Location location(String content) {
    try (CatalogView view = repository.view()) {
      return view.chunks().locations(chunk(content)).getFirst();
    }
  }

  private ChunkRef chunk(String content) {
    return alice.key(ChunkKind.DATA, content.getBytes(StandardCharsets.UTF_8)).ref();
  }

  private static ObjectName object(Location at) {
    return ObjectName.of(PackLayout.objectName(at.pack()));
  }

  @Test
  void shouldReadNothingInTheFirstHalf() throws Exception {
    pass(WITHIN.dividedBy(2).minusHours(1));
    int before = records();
    assertFalse(rereading.poll().isZero());
    assertEquals(before, records());
  }

  @Test
  void shouldReadAllInTheSecondHalfAndRecordWhen() throws Exception {
    int packs = packs().size();
    assertTrue(packs >= 2, packs + " packs");
    pass(WITHIN.dividedBy(2).plusHours(1));
    rereading.poll();
    assertEquals(packs, packs().size());
    assertTrue(
        Duration.between(oldest(), repository.time().now()).compareTo(Duration.ofMinutes(5)) < 0,
        "read at " + oldest());
    int before = records();
    rereading.poll();
    assertEquals(before, records(), "nothing is due any more");
    LastRead last = packs().getLast();
    assertTrue(last.isRead());
    assertEquals(TestJournal.WRITER, last.by().writer());
    assertEquals(before, last.by().seq());
  }

  @Test
  void shouldLetHostsGoFirstUntilATenthOfTheTimeIsLeft() throws Exception {
    pass(WITHIN.dividedBy(2).plusHours(1));
    activity.moved();
    Instant before = oldest();
    rereading.poll();
    assertEquals(before, oldest());
    pass(WITHIN.multipliedBy(39).dividedBy(100));
    activity.moved();
    rereading.poll();
    assertEquals(before, oldest());
    pass(WITHIN.dividedBy(50));
    activity.moved();
    rereading.poll();
    assertTrue(oldest().isAfter(before), "and there is time left");
  }

  @Test
  void shouldRecordWhatItFindsLost() throws Exception {
    Location at = location("first");
    repository.vault().flip(object(at), at.offset() + at.sealedLength() / 2);
    pass(WITHIN.dividedBy(2).plusHours(1));
    rereading.poll();
    assertFalse(alice.counts(chunk("first")));
    assertTrue(alice.counts(chunk("second")));
    int before = records();
    rereading.poll();
    assertEquals(before, records(), "the pack counts as read all the same");
  }

  @Test
  void shouldForgetAPackThatIsGone() throws Exception {
    int packs = packs().size();
    repository.vault().delete(object(location("first")));
    pass(WITHIN.dividedBy(2).plusHours(1));
    rereading.poll();
    assertEquals(packs - 1, packs().size());
    assertFalse(alice.counts(chunk("first")));
  }
}
