package io.holdfast.coordinator.policy.book;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.fleet.HostLife;
import io.holdfast.coordinator.fleet.NamedHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TraitBookTest {
  private static final String DB = "{matchLabels: {role: db}}";
  private static final String WEB = "{matchLabels: {role: web}}";

  private final TraitKit kit = new TraitKit();
  private NamedHost host;

  @BeforeEach
  void enrol() throws InterruptedException {
    host = kit.enrol("alpha", "Linux 6.1", Map.of("role", "web", "rack", "7"));
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private Map<String, String> labels() {
    return kit.get(host.id()).details().getLabelsMap();
  }

  @Test
  void shouldSetChangeAndRemoveInOneRecord() throws InterruptedException {
    assertEquals(Map.of("role", "web", "rack", "7"), labels());
    long before = kit.seq();
    TraitChange change = kit.label(host, false, Map.of("role", "db", "env", "prod"), "rack", "no");
    assertFalse(change.isNone());
    assertEquals(before + 1, kit.seq(), "one record");
    assertEquals(Map.of("role", "db", "env", "prod"), labels());
    assertEquals("anna", kit.audited().getActor());
    assertEquals("label", kit.audited().getAction());
    assertEquals("env=prod role=db no- rack-", kit.audited().getText());
    kit.label(host, false, Map.of(), "env");
    assertEquals(Map.of("role", "db"), labels(), "on what is there by now");
    assertEquals("Linux 6.1", kit.get(host.id()).details().getOperatingSystem());
  }

  @Test
  void shouldRecordNothingThatIsSoAlready() throws InterruptedException {
    long before = kit.seq();
    assertTrue(kit.label(host, false, Map.of("role", "web"), "none").isNone());
    assertEquals(before, kit.seq());
  }

  @Test
  void shouldRefuseWhatNoLabelCanBe() throws InterruptedException {
    long before = kit.seq();
    Map<String, String> many = new HashMap<>();
    for (int number = 0; number < 63; number++) {
      many.put("key " + number, "");
    }
    HoldfastException refused =
        assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.label(host, true, many));
    assertTrue(refused.getMessage().contains("at most 64 labels, not 65"), refused.getMessage());
    for (Map<String, String> bad :
        List.of(
            Map.of("", "x"),
            Map.of("a\u001b", "x"),
            Map.of("a", "x\n"),
            Map.of("a".repeat(256), "x"),
            Map.of("a", "x".repeat(256)))) {
      assertCode(ErrorCode.INVALID_ARGUMENT, () -> kit.label(host, true, bad));
    }
    assertCode(ErrorCode.INVALID_ARGUMENT, () -> LabelEdit.of(Map.of("a", "b"), Set.of("a")));
    assertEquals(before, kit.seq());
    kit.label(host, true, many, "role");
    assertEquals(64, labels().size());
  }

  @Test
  void shouldTellWhichPoliciesBeginAndAskBeforeOneEnds() throws InterruptedException {
    kit.apply("web", WEB, "/srv", "{daily: 7}");
    kit.apply("db", DB, "/db", "{daily: 7}");
    LabelEdit edit = LabelEdit.of(Map.of("role", "db"), Set.of());
    TraitChange plan = kit.book.plan(host, edit);
    assertEquals(List.of("db"), TraitKit.names(plan.begun()));
    assertEquals(List.of("web"), TraitKit.names(plan.ended()));
    assertEquals(List.of("web/default: the selector no longer fits alpha"), plan.shortenings());
    long before = kit.seq();
    HoldfastException asked =
        assertCode(
            ErrorCode.CONFIRMATION_REQUIRED, () -> kit.label(host, false, Map.of("role", "db")));
    assertTrue(asked.getMessage().contains("web/default: the selector"), asked.getMessage());
    assertEquals(before, kit.seq());
    kit.fleet.time.advance(Duration.ofDays(3));
    kit.label(host, true, Map.of("role", "db"));
    assertEquals("role=db; begun: policy db; ended: policy web", kit.audited().getText());
    NamedHost moved = kit.get(host.id());
    assertEquals(kit.fleet.time.now(), moved.since(kit.policies.get("db").id()));
    assertEquals(kit.fleet.time.now(), moved.sorted());
    assertEquals(0, kit.policies.hostsOf(kit.policies.get("web").policy()));
  }

  @Test
  void shouldAskBeforeRulesBeginForWhatNobodyWasFor() throws InterruptedException {
    kit.apply("db", DB, "/db", "{daily: 7}");
    kit.take(host, "/db");
    kit.take(host, "/db");
    HoldfastException asked =
        assertCode(
            ErrorCode.CONFIRMATION_REQUIRED, () -> kit.label(host, false, Map.of("role", "db")));
    assertTrue(
        asked.getMessage().contains("2 snapshots of alpha were kept since no policy is for them"),
        asked.getMessage());
    kit.label(host, false, Map.of("env", "prod")); // moves it nowhere
    kit.label(host, true, Map.of("role", "db"));
    assertEquals("db", labels().get("role"));
  }

  @Test
  void shouldWarnOfWhatComesIntoEachOthersWay() throws InterruptedException {
    kit.apply("web", WEB, "/srv", "{daily: 7}");
    kit.apply("prod", "{matchLabels: {env: prod}}", "/srv", "{daily: 30}");
    TraitChange change = kit.label(host, false, Map.of("env", "prod"));
    assertEquals(1, change.warnings().size(), change::toString);
    assertTrue(change.warnings().getFirst().contains("different retention"));
    assertEquals(List.of(), kit.label(host, false, Map.of("env", "prod", "a", "b")).warnings());
  }

  @Test
  void aRenamedHostShouldKeepItsLabelsAndTheOtherWayRound() throws InterruptedException {
    kit.label(host, false, Map.of("env", "prod"));
    new HostLife(kit.fleet.ports, kit.fleet.hosts, kit.fleet.calls)
        .rename(kit.get(host.id()), "omega", "anna");
    kit.label(host, false, Map.of("env", "test"));
    NamedHost omega = kit.fleet.hosts.find("omega");
    assertEquals(host.id(), omega.id());
    assertEquals("test", omega.details().getLabelsOrThrow("env"));
    assertEquals(
        Optional.of("test"),
        kit.fleet.hosts.all().stream()
            .map(each -> each.details().getLabelsMap().get("env"))
            .findFirst());
  }

  @Test
  void whatAHostTellsShouldCountOnceAPersonTakesIt() throws InterruptedException {
    kit.apply("linux", "{matchFacts: {os: linux}}", "/srv", "{daily: 30}");
    kit.apply("others", "{matchFacts: {os: freebsd}}", "/srv", "{last: 1}");
    kit.take(host, "/srv");
    assertCode(
        ErrorCode.CONFIRMATION_REQUIRED,
        () -> kit.book.takeFacts(host, TraitKit.told("FreeBSD 14"), false, "anna"));
    kit.book.takeFacts(host, TraitKit.told("FreeBSD 14"), true, "anna");
    NamedHost moved = kit.get(host.id());
    assertEquals("FreeBSD 14", moved.details().getOperatingSystem());
    assertEquals("amd64", moved.details().getArchitecture(), "which wasn't told");
    assertEquals("anna", kit.audited().getActor());
    assertEquals(
        "Linux 6.1 amd64 -> FreeBSD 14 amd64; begun: policy others; ended: policy linux",
        kit.audited().getText());
  }
}
