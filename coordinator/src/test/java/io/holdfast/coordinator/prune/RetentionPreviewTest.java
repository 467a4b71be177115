package io.holdfast.coordinator.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.policy.book.StoredPolicy;
import io.holdfast.coordinator.retention.Brake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What policies would keep of what there is, before they are applied. */
class RetentionPreviewTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final String SIX_DAYS = "retention: {daily: 6, within: 1d}";

  @TempDir Path directory;

  private PruneKit kit;
  private RetentionPreview preview;
  private HostId host;

  @BeforeEach
  void begin() throws InterruptedException {
    kit = new PruneKit(directory);
    preview = new RetentionPreview(kit.ports, kit.holds, kit.clock);
    host = kit.enrol("web");
  }

  @AfterEach
  void end() {
    kit.close();
  }

  /** One a day. */
  private List<SnapshotId> take(int days) throws InterruptedException {
    List<SnapshotId> taken = new ArrayList<>();
    for (int day = 0; day < days; day++) {
      taken.add(kit.take(host, "/etc"));
      kit.pass(DAY);
    }
    return taken;
  }

  private List<RetentionPreview.Tally> by(String text) {
    return preview.of(kit.fleet.hosts.get(host), kit.policies.inForceWith("p.yaml", text));
  }

  private RetentionPreview.Tally only(String text) {
    List<RetentionPreview.Tally> tallies = by(text);
    assertEquals(1, tallies.size(), tallies::toString);
    return tallies.getFirst();
  }

  private static Instant day(int number) {
    return FleetKit.START.plus(DAY.multipliedBy(number));
  }

  @Test
  void shouldCountWhatEachRuleWouldKeepAndThenBeRight() throws InterruptedException {
    take(10);
    String text = PruneKit.text("servers", "/etc", SIX_DAYS);
    RetentionPreview.Tally tally = only(text);
    assertEquals(10, tally.live());
    assertEquals(6, tally.kept());
    assertEquals(4, tally.going());
    assertEquals(Map.of("daily", 6L, "within", 2L, "newest_good", 1L), tally.keptBy());
    assertEquals(Optional.of(new RetentionPreview.Span(day(0), day(3))), tally.letGo());
    assertEquals(List.of(), tally.brakes());
    assertEquals(0, kit.round().deleted(), "nothing was applied");
    kit.policies.apply("p.yaml", text, true, "anna");
    assertEquals(4, kit.round().deleted());
  }

  @Test
  void shouldTellWhatStaysByABrakeAloneAndByWhich() throws InterruptedException {
    take(10);
    RetentionPreview.Tally tally =
        only(PruneKit.text("servers", "/etc", "retention: {daily: 3, within: 1d}"));
    assertEquals(0, tally.going());
    assertEquals(7, tally.braked());
    assertEquals(10, tally.kept());
    assertEquals(7L, tally.keptBy().get("brake"));
    assertEquals(Optional.of(new RetentionPreview.Span(day(0), day(6))), tally.letGo());
    assertTrue(
        tally.brakes().stream().allMatch(Brake.Fall.class::isInstance), tally.brakes()::toString);
    assertFalse(tally.brakes().isEmpty());
  }

  @Test
  void shouldTellWhatAHoldKeeps() throws InterruptedException {
    List<SnapshotId> taken = take(10);
    kit.holds.set("case", "court", Set.of(taken.getFirst(), taken.getLast()), "anna");
    RetentionPreview.Tally tally = only(PruneKit.text("servers", "/etc", SIX_DAYS));
    assertEquals(3, tally.going());
    assertEquals(2L, tally.keptBy().get("hold"));
    assertEquals(day(1), tally.letGo().orElseThrow().oldest());
  }

  @Test
  void shouldKnowADataClassWithoutSnapshotsAndOneWithoutRules() throws InterruptedException {
    RetentionPreview.Tally none = only(PruneKit.text("servers", "/etc", SIX_DAYS));
    assertEquals(0, none.live());
    assertEquals(Map.of(), none.keptBy());
    assertEquals(Optional.empty(), none.letGo());
    take(3);
    assertEquals(Map.of("no_rules", 3L), only(PruneKit.text("servers", "/etc", "")).keptBy());
    assertEquals(0, only(PruneKit.text("servers", "/home", SIX_DAYS)).live(), "of other files");
    String db = PruneKit.text("servers", "/etc", SIX_DAYS);
    assertEquals(
        List.of(), by(db.replace("selector: {}", "selector: {matchFacts: {hostname: db}}")));
  }

  @Test
  void shouldTellWithWhomItJudges() throws InterruptedException {
    take(10);
    kit.apply("everything", "/etc", "");
    List<RetentionPreview.Tally> both = by(PruneKit.text("servers", "/etc", SIX_DAYS));
    assertEquals(
        List.of("everything", "servers"),
        both.stream().map(tally -> tally.membership().toString()).toList());
    assertEquals(List.of("everything"), both.getLast().judgedWith());
    assertEquals(0, both.getLast().going(), "the other one keeps everything");
  }

  @Test
  void shouldCountWhatWouldComeBackAndNotWhatIsGone() throws InterruptedException {
    kit.apply("servers", "/etc", "retention: {daily: 3, within: 1d}");
    for (int day = 0; day < 6; day++) {
      kit.take(host, "/etc");
      kit.round();
      kit.pass(DAY);
    }
    assertEquals(3, only("").live());
    assertEquals(0, only("").comingBack());
    RetentionPreview.Tally looser = only(PruneKit.text("servers", "/etc", SIX_DAYS));
    assertEquals(3, looser.live());
    assertEquals(3, looser.comingBack());
  }

  @Test
  void whatItsScheduleMadeShouldStayAPolicysWhenItsFilesChange() throws InterruptedException {
    StoredPolicy servers = kit.apply("servers", "/etc", SIX_DAYS);
    kit.takeScheduled(host, "/etc", servers);
    assertEquals(1, only(PruneKit.text("servers", "/srv", SIX_DAYS)).live());
    assertEquals(0, by(PruneKit.text("others", "/srv", SIX_DAYS)).getFirst().live());
  }
}
