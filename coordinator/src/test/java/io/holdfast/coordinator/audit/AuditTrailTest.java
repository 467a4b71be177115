package io.holdfast.coordinator.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.key.Secret;
import io.holdfast.coordinator.audit.AuditTrail.Wish;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.journal.MutationSealer;
import io.holdfast.coordinator.policy.book.PolicyBook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
  private static final String POLICY =
      """
      apiVersion: holdfast/v1
      kind: Policy
      metadata: {name: servers}
      spec:
        selector: {}
        source: {files: {include: [/etc]}}
        schedule: {cron: "@daily"}
        retention: {daily: 7}
      """;

  private final FleetKit fleet = new FleetKit(71);
  private final AuditTrail trail =
      new AuditTrail(fleet.catalog::view, fleet.journal::record, fleet.ports.mutations());
  private HostId web;

  @BeforeEach
  void act() throws InterruptedException {
    web = fleet.enrol("web").id();
    fleet.time.advance(Duration.ofHours(1));
    new PolicyBook(fleet.ports, fleet.hosts).apply("p", POLICY, false, "bert");
    fleet.time.advance(Duration.ofHours(1));
    fleet.revocations.revoke(web, "bert");
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  private List<String> told(Wish wish) {
    List<String> told = new ArrayList<>();
    trail.list(wish, entry -> told.add(entry.actor() + " " + entry.action()));
    return told;
  }

  private static Wish all(boolean newestFirst) {
    return new Wish(0, "", Optional.empty(), Long.MAX_VALUE, newestFirst);
  }

  @Test
  void shouldTellWhatPeopleDidInEitherOrder() {
    List<String> oldestFirst = List.of("anna token", "bert policy", "bert revoke");
    assertEquals(oldestFirst, told(all(false)));
    assertEquals(oldestFirst.reversed(), told(all(true)));
  }

  @Test
  void shouldTellOnlyWhatIsAskedFor() {
    long since = FleetKit.START.plus(Duration.ofHours(1)).toEpochMilli();
    assertEquals(
        List.of("bert policy", "bert revoke"),
        told(new Wish(since, "", Optional.empty(), Long.MAX_VALUE, false)));
    assertEquals(List.of("anna token"), told(new Wish(0, "anna", Optional.empty(), 10, false)));
    assertEquals(List.of("bert revoke"), told(new Wish(0, "", Optional.of(web), 10, true)));
    assertEquals(List.of("bert revoke"), told(new Wish(0, "", Optional.empty(), 1, true)));
    assertEquals(List.of(), told(new Wish(0, "carl", Optional.empty(), 10, false)));
  }

  @Test
  void shouldNameThePolicyAndItsVersion() {
    List<String> texts = new ArrayList<>();
    trail.list(all(false), entry -> texts.add(entry.text()));
    assertEquals("policy servers, version 1 applied", texts.get(1));
  }

  @Test
  void shouldShowNothingThatDoesNotOpen() {
    MutationSealer other =
        new MutationSealer(fleet.repository, Secret.random(fleet.randomness, 32), fleet.randomness);
    AuditTrail blind = new AuditTrail(fleet.catalog::view, fleet.journal::record, other);
    assertThrows(HoldfastException.class, () -> blind.list(all(false), entry -> {}));
  }
}
