package io.holdfast.coordinator.policy.book;

import static io.holdfast.coordinator.policy.book.TraitKit.told;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.coordinator.fleet.NamedHost;
import io.holdfast.proto.wire.v1.HostFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ToldFactsTest {
  private static final String LINUX = "{matchFacts: {os: linux}}";
  private static final String OTHERS = "{matchFacts: {os: freebsd}}";

  private final TraitKit kit = new TraitKit();
  private final ToldFacts facts = new ToldFacts(kit.fleet.ports, kit.fleet.hosts, kit.book);
  private NamedHost host;

  @BeforeEach
  void enrol() throws InterruptedException {
    host = kit.enrol("alpha", "Linux 6.1", Map.of("role", "web"));
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private String system() {
    return kit.get(host.id()).details().getOperatingSystem();
  }

  private void tell(String system) throws InterruptedException {
    facts.tell(host.id(), told(system));
    facts.round();
  }

  @Test
  void shouldRecordNothingThatIsSoAlready() throws InterruptedException {
    long before = kit.seq();
    tell("Linux 6.1");
    facts.tell(host.id(), HostFacts.getDefaultInstance());
    facts.round();
    assertEquals(before, kit.seq());
  }

  @Test
  void shouldRecordWhatDiffersButNeitherNameNorLabels() throws InterruptedException {
    long before = kit.seq();
    facts.tell(
        host.id(),
        HostFacts.newBuilder()
            .setName("somebody else")
            .setOperatingSystem("Linux 6.6")
            .setVersion("2.0")
            .putLabels("role", "db")
            .build());
    facts.round();
    assertEquals(before + 1, kit.seq());
    NamedHost told = kit.get(host.id());
    assertEquals("Linux 6.6", told.details().getOperatingSystem());
    assertEquals("amd64", told.details().getArchitecture());
    assertEquals("2.0", told.details().getVersion());
    assertEquals("alpha", told.name());
    assertEquals("web", told.details().getLabelsOrThrow("role"));
  }

  @Test
  void aHostThatFlipsItsFactsShouldGetOneRecordInAWhile() throws InterruptedException {
    long before = kit.seq();
    for (int flip = 0; flip < 100; flip++) {
      tell("Linux 6." + flip);
    }
    assertEquals(before + 1, kit.seq());
    assertEquals("Linux 6.0", system());
    kit.fleet.time.advance(ToldFacts.PACE.minus(Duration.ofSeconds(1)));
    facts.round();
    assertEquals(before + 1, kit.seq());
    kit.fleet.time.advance(Duration.ofSeconds(1));
    facts.round();
    assertEquals(before + 2, kit.seq());
    assertEquals("Linux 6.99", system(), "its last word");
  }

  @Test
  void shouldTakeWhatManyTellInOneRecord() throws InterruptedException {
    for (int number = 0; number < 20; number++) {
      NamedHost other = kit.enrol("host" + number, "Linux 6.1", Map.of());
      facts.tell(other.id(), told("Linux 6.6"));
    }
    long before = kit.seq();
    facts.round();
    assertEquals(before + 1, kit.seq());
    assertEquals("Linux 6.6", kit.fleet.hosts.find("host19").details().getOperatingSystem());
  }

  @Test
  void shouldLetAHostLeaveItsPoliciesAndSayItInTheAudit() throws InterruptedException {
    kit.apply("linux", LINUX, "/srv", "{daily: 30}");
    kit.take(host, "/srv");
    tell("FreeBSD 14");
    assertEquals("FreeBSD 14", system());
    assertEquals("facts", kit.audited().getAction());
    assertEquals(host.toString(), kit.audited().getActor());
    assertEquals(
        "Linux 6.1 amd64 -> FreeBSD 14 amd64; ended: policy linux", kit.audited().getText());
  }

  @Test
  void shouldLetNothingStoredGoByWhatAHostTells() throws InterruptedException {
    kit.apply("linux", LINUX, "/srv", "{daily: 30}");
    kit.apply("others", OTHERS, "/srv", "{last: 1}");
    kit.take(host, "/srv");
    long before = kit.seq();
    tell("FreeBSD 14");
    assertEquals("Linux 6.1", system());
    assertEquals(before, kit.seq());
    assertEquals(Optional.of(told("FreeBSD 14")), facts.waiting(host.id()));
    Map<HostId, Instant> since = Map.of(host.id(), kit.fleet.time.now());
    assertEquals(since, facts.waiting());
    kit.fleet.time.advance(ToldFacts.PACE);
    facts.round();
    assertEquals(before, kit.seq(), "it waits for a person");
    assertEquals(since, facts.waiting());
    kit.book.takeFacts(host, facts.waiting(host.id()).orElseThrow(), true, "anna");
    facts.round();
    assertEquals("FreeBSD 14", system());
    assertEquals(Optional.empty(), facts.waiting(host.id()));
  }

  @Test
  void shouldLetNoRulesBeginForWhatNobodyWasFor() throws InterruptedException {
    kit.apply("others", OTHERS, "/srv", "{last: 1}");
    kit.take(host, "/srv");
    tell("FreeBSD 14");
    assertEquals("Linux 6.1", system());
    tell("Linux 6.1");
    assertEquals(Optional.empty(), facts.waiting(host.id()), "it thought better of it");
  }

  @Test
  void shouldCountAtOnceWhereNothingIsStored() throws InterruptedException {
    kit.apply("linux", LINUX, "/srv", "{daily: 30}");
    kit.apply("others", OTHERS, "/srv", "{last: 1}");
    tell("FreeBSD 14");
    assertEquals("FreeBSD 14", system());
  }

  @Test
  void whatAPolicyHoldsShouldStayHeld() throws InterruptedException {
    kit.apply("linux", LINUX, "/srv", "{daily: 30}\n  hold: case 7");
    kit.take(host, "/srv");
    tell("FreeBSD 14");
    assertEquals("Linux 6.1", system());
    assertTrue(facts.waiting(host.id()).isPresent());
  }

  @Test
  void shouldPassOverTextThatPeopleShouldNotSee() throws InterruptedException {
    tell("Linux\u001b[2J");
    tell("L".repeat(256));
    assertEquals("Linux 6.1", system());
    assertEquals(Optional.empty(), facts.waiting(host.id()));
  }

  @Test
  void aRoundThatFailsShouldBeMadeUpFor() throws InterruptedException {
    kit.fleet.journal.failWith(new HoldfastException(ErrorCode.UNAVAILABLE, "not now; try again"));
    facts.tell(host.id(), told("Linux 6.6"));
    assertThrows(HoldfastException.class, facts::round);
    kit.fleet.journal.recover();
    facts.round();
    assertEquals("Linux 6.6", system());
  }

  @Test
  void aRevokedHostShouldTellNothing() throws InterruptedException {
    facts.tell(host.id(), told("Linux 6.6"));
    kit.fleet.revocations.revoke(host.id(), "anna");
    long before = kit.seq();
    facts.round();
    assertEquals(before, kit.seq());
  }
}
