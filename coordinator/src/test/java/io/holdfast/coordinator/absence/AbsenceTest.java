package io.holdfast.coordinator.absence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.id.HostId;
import io.holdfast.common.id.JobId;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.coordinator.alarm.Alarm;
import io.holdfast.coordinator.alarm.AlarmKind;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.catalog.CatalogView;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.policy.book.LabelEdit;
import io.holdfast.coordinator.policy.book.TraitBook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fleet begins on Sunday, 1 March 2026, at noon. */
class AbsenceTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final AbsenceKit kit = new AbsenceKit(51);
  private Absence absence;
  private HostId web;

  @BeforeEach
  void begin() throws InterruptedException {
    absence = new Absence(kit.ports(), kit.now());
    web = kit.enrol("web");
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private AbsenceReport report() {
    return absence.report(kit.now());
  }

  private Protection protection(HostId host) {
    return report().host(host).orElseThrow().protection();
  }

  private List<Alarm> alarms() {
    return AbsenceAlarms.of(report());
  }

  private Alarm only(AlarmKind kind) {
    List<Alarm> found = alarms().stream().filter(alarm -> alarm.kind() == kind).toList();
    assertEquals(1, found.size(), () -> alarms().toString());
    return found.getFirst();
  }

  private static Instant march(int day, int hour) {
    return Instant.parse("2026-03-%02dT%02d:00:00Z".formatted(day, hour));
  }

  private void until(Instant time) {
    kit.pass(Duration.between(kit.now(), time));
  }

  private void assertSays(Alarm alarm, String... parts) {
    for (String part : parts) {
      assertTrue(alarm.line().contains(part), () -> part + " isn't in: " + alarm.line());
    }
  }

  @Test
  void shouldSayOnceThatThereIsNoPolicyAtAll() throws InterruptedException {
    kit.enrol("db");
    assertEquals(List.of(AlarmKind.NO_POLICY), alarms().stream().map(Alarm::kind).toList());
    assertEquals(Protection.NOTHING, protection(web));
  }

  @Test
  void shouldNameTheHostThatNoPolicyIsFor() throws InterruptedException {
    String text = AbsenceKit.nightly("p", "/srv", "");
    kit.apply(text.replace("selector: {}", "selector: {matchFacts: {hostname: db}}"));
    HostId db = kit.enrol("db");
    Alarm alarm = only(AlarmKind.HOST_UNPROTECTED);
    assertSays(alarm, "host web is protected by nothing");
    assertEquals(web.toString(), alarm.affected().host());
    assertEquals(Protection.AWAITED, protection(db));
  }

  private void label(HostId host, Map<String, String> set, String... removed)
      throws InterruptedException {
    new TraitBook(kit.fleet.ports, kit.fleet.hosts, kit.policies)
        .label(kit.fleet.hosts.get(host), LabelEdit.of(set, Set.of(removed)), true, "anna");
  }

  @Test
  void aHostThatComesToAPolicyHasMissedNothingAndOneThatLeavesIsSeen() throws InterruptedException {
    String text = AbsenceKit.nightly("p", "/srv", "");
    kit.apply(text.replace("selector: {}", "selector: {matchLabels: {role: web}}"));
    until(march(9, 12));
    label(web, Map.of("role", "web"));
    assertEquals(Protection.AWAITED, protection(web), "a week of the policy was before that");
    assertEquals(List.of(), alarms());
    until(march(10, 3));
    label(web, Map.of("rack", "7"));
    until(march(10, 5));
    assertEquals(Protection.NEVER, protection(web), "another label puts nothing off");
    label(web, Map.of(), "role");
    Alarm alarm = only(AlarmKind.HOST_UNPROTECTED);
    assertSays(alarm, "host web is protected by nothing", "holdfast host label web");
    assertEquals(march(10, 5), alarm.since());
    assertEquals(march(10, 5), report().host(web).orElseThrow().since().orElseThrow());
  }

  @Test
  void shouldWaitForTheFirstRunAndThenAlarm() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    until(march(2, 4));
    assertEquals(Protection.AWAITED, protection(web));
    assertEquals(List.of(), alarms());
    until(march(2, 5)); // 02:00, an hour of catching up, and what a first one may take
    assertEquals(Protection.NEVER, protection(web));
    Alarm alarm = only(AlarmKind.HOST_NEVER_PROTECTED);
    assertSays(alarm, "host web was never protected by policy p", "holdfast job ls web");
    assertEquals("p", alarm.affected().policy());
    assertEquals(march(2, 4).plus(Duration.ofMinutes(35)), alarm.since());
  }

  @Test
  void shouldBeOverdueFromItsDeadlineUntilTheNextGoodSnapshot() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    until(march(2, 2));
    kit.backup(web, "/srv").scheduled("p", march(2, 2)).commit();
    until(march(3, 3));
    assertEquals(Protection.PROTECTED, protection(web));
    until(march(3, 4)); // the run of 3 March is late
    Alarm alarm = only(AlarmKind.HOST_OVERDUE);
    assertSays(alarm, "web is overdue", "2026-03-02T01:50:00Z", "2026-03-03T03:20:00Z");
    assertEquals(march(3, 3).plus(Duration.ofMinutes(20)), alarm.since());
    kit.connected.clear();
    assertSays(only(AlarmKind.HOST_OVERDUE), "its agent isn't connected");
    kit.backup(web, "/srv").scheduled("p", march(3, 2)).commit();
    assertEquals(List.of(), alarms());
  }

  @Test
  void shouldCountABackupByHandOfTheSameFilesAndNoOther() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    until(march(2, 1));
    kit.backup(web, "/home").commit();
    until(march(2, 6));
    assertEquals(Protection.NEVER, protection(web));
    kit.backup(web, "/srv").commit();
    assertEquals(Protection.PROTECTED, protection(web));
  }

  @Test
  void shouldNotCountTooManyGapsAndSaySo() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", "gapsLimit: 5"));
    until(march(2, 2));
    kit.backup(web, "/srv").gaps(5).commit();
    assertEquals(Protection.PROTECTED, protection(web));
    until(march(3, 2));
    kit.backup(web, "/srv").gaps(6).commit();
    until(march(3, 5));
    assertSays(only(AlarmKind.HOST_OVERDUE), "has 6 gaps and gapsLimit is 5");
  }

  @Test
  void shouldNotCountWhatShouldHaveBeenProvenAndCountItOnceItIs() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", "objectives: {rpo: 7d}"));
    SnapshotId late = kit.backup(web, "/srv").unproven().commit();
    assertEquals(Protection.PROTECTED, protection(web));
    kit.pass(AbsenceKit.PROOF_WITHIN.plusSeconds(1));
    assertEquals(Protection.AWAITED, protection(web), "nothing counts, and nothing is due yet");
    kit.prove(late);
    assertEquals(Protection.PROTECTED, protection(web));
  }

  @Test
  void shouldFallBackOnTheGoodOneBefore() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", "gapsLimit: 0"));
    kit.backup(web, "/srv").commit();
    for (int n = 0; n < 10; n++) {
      kit.pass(Duration.ofMinutes(1));
      kit.backup(web, "/srv").gaps(1).commit();
    }
    SeriesState state = report().host(web).orElseThrow().series().getFirst();
    assertEquals(FleetKit.START, state.evidence().good().orElseThrow().committed());
    assertEquals(Evidence.Flaw.GAPS, state.evidence().newer().orElseThrow().flaw());
  }

  @Test
  void aNewReaderShouldFindTheGoodOneBehindManyThatAreNot() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", "objectives: {rpo: 7d}"));
    kit.backup(web, "/srv").commit();
    for (int n = 0; n < 10; n++) {
      kit.pass(Duration.ofMinutes(1));
      kit.backup(web, "/srv").unproven().commit();
    }
    kit.pass(AbsenceKit.PROOF_WITHIN.plusSeconds(1));
    SeriesState state = report().host(web).orElseThrow().series().getFirst();
    assertEquals(FleetKit.START, state.evidence().good().orElseThrow().committed());
    assertEquals(Evidence.Flaw.UNPROVEN, state.evidence().newer().orElseThrow().flaw());
  }

  @Test
  void shouldFollowTheRpo() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", "objectives: {rpo: 3h}"));
    kit.backup(web, "/srv").commit();
    kit.pass(Duration.ofHours(3).minus(AbsenceKit.TOOK));
    assertEquals(Protection.PROTECTED, protection(web));
    kit.pass(Duration.ofSeconds(1));
    assertEquals(Protection.OVERDUE, protection(web));
  }

  @Test
  void shouldWarnOfARestoreThatWouldTakeLongerThanPromised() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", "objectives: {rpo: 7d, rto: 1h}"));
    assertEquals(0, report().countRestoresUnmeasured(), "there is nothing to restore");
    kit.backup(web, "/srv").size(72L << 30).commit();
    assertEquals(1, report().countRestoresUnmeasured());
    assertEquals(List.of(), alarms(), "nobody judges what nobody measured");
    kit.restore(web, 100L << 20, Duration.ofSeconds(10));
    Alarm alarm = only(AlarmKind.RESTORE_TOO_SLOW);
    assertSays(alarm, "host web, policy p", "takes about 2h 02m", "last restore to this host");
    assertSays(alarm, "its rto is 1h", "objectives.rto");
    assertEquals(Severity.WARNING, alarm.severity());
    assertEquals("p", alarm.affected().policy());
    assertEquals(Protection.PROTECTED, protection(web));
    assertEquals(0, report().countRestoresUnmeasured());
    assertEquals(1, report().countRestoresTooSlow());
    kit.restore(web, 100L << 20, Duration.ofSeconds(1));
    assertEquals(List.of(), alarms(), "the median of the two is the faster one");
    kit.backup(web, "/srv").size(720L << 30).commit();
    assertSays(only(AlarmKind.RESTORE_TOO_SLOW), "(720 GiB)", "of the last 2 restores");
  }

  @Test
  void shouldTellHowLongRestoresWouldTakeByPoliciesThatAreNotApplied() throws InterruptedException {
    RestoreForecasts forecasts = new RestoreForecasts(kit.ports());
    kit.backup(web, "/srv").size(72L << 30).commit();
    kit.restore(kit.enrol("db"), 100L << 20, Duration.ofSeconds(10));
    String both =
        AbsenceKit.nightly("p", "/srv", "objectives: {rto: 1h}")
            + "---\n"
            + AbsenceKit.nightly("q", "/home", "objectives: {rto: 1h}")
            + "---\n"
            + AbsenceKit.nightly("r", "/srv", "");
    Map<String, RestoreForecast> found =
        forecasts.of(kit.fleet.hosts.get(web), kit.policies.inForceWith("p.yaml", both), kit.now());
    assertEquals(Set.of("p", "q"), found.keySet());
    assertTrue(found.get("p").isTooSlow());
    assertTrue(found.get("p").words().orElseThrow().contains("to other hosts"));
    assertEquals(Optional.empty(), found.get("q").takes(), "two new policies aren't one series");
    assertEquals(Optional.empty(), found.get("q").good());
  }

  @Test
  void shouldNotBeSilencedByAnEditThatChangesNothingOfThis() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    until(march(3, 12));
    Alarm before = only(AlarmKind.HOST_NEVER_PROTECTED);
    kit.apply(AbsenceKit.nightly("p", "/srv", "retention: {daily: 3}"));
    assertEquals(before, only(AlarmKind.HOST_NEVER_PROTECTED));
    kit.apply(AbsenceKit.nightly("p", "/srv", "").replace("0 2 * * *", "0 3 * * *"));
    assertEquals(List.of(), alarms(), "another schedule, which owes nothing yet");
  }

  @Test
  void shouldAlarmOfAHostThatIsLongAwayAndForgetRevokedOnes() throws InterruptedException {
    HostId db = kit.enrol("db");
    report();
    kit.connected.remove(db);
    kit.pass(DAY);
    assertTrue(report().host(db).orElseThrow().awaySince().isEmpty());
    kit.pass(Duration.ofSeconds(1));
    assertSays(only(AlarmKind.HOST_AWAY), "host db hasn't been connected since 2026-03-01T12:00");
    kit.fleet.revocations.revoke(db, "anna");
    assertTrue(report().host(db).isEmpty());
  }

  @Test
  void shouldRememberWhoWasAwayAlreadyThroughARestart() throws InterruptedException {
    Instant left = kit.now();
    kit.connected.clear();
    kit.pass(DAY.plusHours(1));
    Absence next = new Absence(kit.ports(), kit.now());
    assertTrue(next.report(kit.now()).host(web).orElseThrow().awaySince().isEmpty());
    next.remember(web, left);
    assertEquals(left, next.report(kit.now()).host(web).orElseThrow().awaySince().orElseThrow());
    kit.connected.add(web);
    assertTrue(next.report(kit.now()).host(web).orElseThrow().awaySince().isEmpty());
  }

  @Test
  void aNewReaderShouldFindTheSameAsOneThatFollowed() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    HostId db = kit.enrol("db");
    for (int n = 0; n < 40; n++) {
      kit.pass(Duration.ofHours(5));
      kit.backup(n % 3 == 0 ? db : web, n % 4 == 0 ? "/home" : "/srv").gaps(n % 5 * 60L).commit();
      if (n % 7 == 0) {
        kit.backup(db, "/srv").commit(); // two at one time
      }
      Absence fresh = new Absence(kit.ports(), kit.now());
      assertEquals(fresh.report(kit.now()).hosts().keySet(), report().hosts().keySet());
      for (HostId host : List.of(web, db)) {
        assertEquals(
            fresh.report(kit.now()).host(host).orElseThrow().series(),
            report().host(host).orElseThrow().series());
      }
    }
  }

  @Test
  void shouldSayWhyTheLastRunFailedUntilOneGoesWell() throws InterruptedException {
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    until(march(2, 2));
    JobId job = kit.order("p", web, march(2, 2));
    assertEquals(List.of(), failed());
    kit.fail(job, web, "the disk\nis gone");
    Alarm alarm = failed().getFirst();
    assertSays(
        alarm,
        "the last backup of host web under policy p failed: the disk is gone",
        "holdfast job show " + job);
    kit.pass(Duration.ofMinutes(5));
    kit.backup(web, "/srv").commit();
    assertEquals(List.of(), failed());
  }

  private List<Alarm> failed() {
    try (CatalogView view = kit.fleet.catalog.view()) {
      AbsenceReport report = report();
      return new FailedBackups(kit.fleet.ports.mutations())
          .of(view, report, LastRuns.of(view, report));
    }
  }
}
