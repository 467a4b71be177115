package io.holdfast.coordinator.watch;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.HostId;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.coordinator.absence.AbsenceKit;
import io.holdfast.coordinator.alarm.AlarmSource;
import io.holdfast.coordinator.alarm.Incidents;
import io.holdfast.coordinator.alarm.Severity;
import io.holdfast.coordinator.fleet.CallPolicy;
import io.holdfast.coordinator.ingest.HostQuotas;
import io.holdfast.coordinator.ingest.VaultRoom;
import io.holdfast.coordinator.metrics.CertificateLife;
import io.holdfast.coordinator.metrics.Metrics;
import io.holdfast.coordinator.notify.HttpSink;
import io.holdfast.coordinator.notify.MemoryFile;
import io.holdfast.coordinator.notify.Notifications;
import io.holdfast.coordinator.notify.Notifier;
import io.holdfast.coordinator.notify.NotifyPorts;
import io.holdfast.coordinator.notify.Sender;
import io.holdfast.coordinator.people.Act;
import io.holdfast.coordinator.people.Actor;
import io.holdfast.coordinator.people.ApprovalRule;
import io.holdfast.coordinator.people.PeopleKit;
import io.holdfast.coordinator.prune.PruneRounds.Frozen;
import io.holdfast.coordinator.retention.Brake;
import io.holdfast.coordinator.retention.Rank;
import io.holdfast.coordinator.retention.clock.ClockDoubt;
import io.holdfast.coordinator.sweep.Waiting;
import io.holdfast.proto.stored.v1.ActKind;
import io.holdfast.proto.wire.v1.RevokeHostRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real catalog, a real webhook and a real watchdog; time and the machine's state by hand. */
@Timeout(60)
class WatchTest {
  private final AbsenceKit kit = new AbsenceKit(61);
  private final Metrics metrics = new Metrics(false);
  private final FileSystem files = LossyDisk.seeded(2).mount();
  private final AtomicLong freeBytes = new AtomicLong(1_000);
  private final AtomicReference<Optional<HoldfastException>> blocked =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<List<HostId>> lost = new AtomicReference<>(List.of());
  private final AtomicReference<Optional<List<Frozen>>> frozen =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<List<Waiting>>> swept =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Optional<ClockDoubt>> doubt =
      new AtomicReference<>(Optional.empty());
  private final AtomicReference<Map<HostId, Instant>> facts = new AtomicReference<>(Map.of());
  private final AtomicReference<List<HostQuotas.Filled>> filled = new AtomicReference<>(List.of());
  private final PeopleKit people = new PeopleKit(kit.fleet);
  private final Instant certificateBegin = kit.now();
  private final Instant certificateEnd = certificateBegin.plus(Duration.ofDays(1_000));
  private HttpSink sink;
  private long told;
  private Incidents incidents;
  private IdentityAlarms identities;
  private ProofAlarms proofs;
  private Notifier notifier;
  private Watch watch;
  private HostId web;

  @BeforeEach
  void begin() throws Exception {
    sink = new HttpSink();
    web = kit.enrol("web");
    kit.apply(AbsenceKit.nightly("p", "/srv", ""));
    start();
  }

  @AfterEach
  void close() {
    notifier.close();
    sink.close();
    kit.close();
  }

  private void start() {
    incidents = new Incidents();
    identities = new IdentityAlarms(metrics.fleet(), incidents, kit.fleet.time);
    identities.nameBy(id -> kit.fleet.hosts.get(HostId.parse(id)).name());
    proofs = new ProofAlarms(metrics.proof());
    Notifications settings =
        new Notifications(
            new Notifications.Webhook(
                Optional.of(sink.url("/hook").toString()), Optional.of(new SecretText("s3cret"))),
            new Notifications.Mail(
                Optional.empty(),
                Notifications.MailSecurity.STARTTLS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of()),
            new Notifications.Ping(Map.of("p", sink.url("/ping").toString())));
    notifier =
        Notifier.open(
            settings,
            new MemoryFile(files, Path.of("/alarms")),
            new NotifyPorts(
                new Sender("f", "c"),
                kit.fleet.time,
                kit.fleet.randomness,
                metrics.notifications()));
    WatchSources sources = new WatchSources();
    sources.addVault(new VaultRoom(freeBytes::get, 100, 10));
    sources.addCertificates(
        () -> List.of(new CertificateLife("issuing CA", certificateBegin, certificateEnd)));
    sources.addJournal(blocked::get);
    sources.addLostRecords(lost::get, kit.now());
    sources.addProof(proofs, kit.health, Optional.of(AbsenceKit.PROOF_WITHIN));
    sources.addApprovals(people.approvals);
    List<AlarmSource> all = new ArrayList<>(sources.all());
    all.add(new RetentionAlarms(frozen::get, doubt::get));
    all.add(new SweepAlarms(swept::get));
    all.add(new FactsAlarms(facts::get, host -> kit.fleet.hosts.get(host).name()));
    all.add(new QuotaAlarms(filled::get, host -> kit.fleet.hosts.get(host).name()));
    watch = new Watch(kit.ports(), all, incidents, notifier, kit.fleet.time);
  }

  private void restart() {
    notifier.close();
    start();
  }

  private void round() throws InterruptedException {
    watch.round();
    notifier.deliver("webhook");
    notifier.pings().deliver();
  }

  private static String line(HttpSink.Request request) {
    if (!request.path().equals("/hook")) {
      return request.path();
    }
    String body = request.body();
    return body.replaceAll(".*?\"event\":\"(\\w+)\",\"kind\":\"(\\w+)\"[^}]*}[^{]*", "$1 $2 ")
        .strip();
  }

  /** What a round makes come: by the webhook, two words a change, and by pings, their paths. */
  private List<String> newsOfRound() throws InterruptedException {
    round();
    List<String> news = sink.requests().stream().skip(told).map(WatchTest::line).toList();
    told += news.size();
    return news;
  }

  @Test
  void shouldTellOnceThatAHostIsOverdueAndOnceThatItIsNot() throws Exception {
    assertEquals(List.of(), newsOfRound());
    kit.pass(Duration.ofDays(1));
    assertEquals(List.of("raised host_never_protected", "/ping/fail"), newsOfRound());
    assertEquals(List.of(), newsOfRound());
    restart();
    assertEquals(List.of(), newsOfRound(), "a restart is no news");
    kit.backup(web, "/srv").commit();
    assertEquals(List.of("resolved host_never_protected", "/ping"), newsOfRound());
    assertEquals(List.of(), newsOfRound());
    assertEquals(List.of(), watch.now().alarms());
  }

  @Test
  void shouldTellAfterAStartWhatChangedWhileNobodyLooked() throws Exception {
    round();
    kit.pass(Duration.ofDays(1));
    restart();
    assertEquals(List.of("raised host_never_protected", "/ping/fail"), newsOfRound());
  }

  @Test
  void shouldTellOnceOfARestoreThatWouldTakeTooLong() throws Exception {
    kit.apply(AbsenceKit.nightly("p", "/srv", "objectives: {rto: 1h}"));
    kit.backup(web, "/srv").size(72L << 30).commit();
    newsOfRound();
    kit.restore(web, 100L << 20, Duration.ofSeconds(10));
    assertEquals(List.of("raised restore_too_slow"), newsOfRound());
    assertEquals(1, watch.now().count(Severity.WARNING));
    assertEquals(0, watch.now().count(Severity.ALARM));
    kit.restore(web, 100L << 20, Duration.ofSeconds(11));
    assertEquals(List.of(), newsOfRound(), "more of the same");
    restart();
    assertEquals(List.of(), newsOfRound(), "a restart is no news");
    kit.restore(web, 100L << 20, Duration.ofSeconds(1));
    kit.restore(web, 100L << 20, Duration.ofSeconds(1));
    assertEquals(List.of("resolved restore_too_slow"), newsOfRound());
  }

  @Test
  void shouldTellOfAVaultThatFills() throws Exception {
    freeBytes.set(99);
    assertEquals(List.of("raised vault_room"), newsOfRound());
    assertEquals(1, watch.now().count(Severity.WARNING));
    freeBytes.set(9);
    assertEquals(List.of("changed vault_room"), newsOfRound());
    assertEquals(1, watch.now().count(Severity.ALARM));
    freeBytes.set(500);
    assertEquals(List.of("resolved vault_room"), newsOfRound());
  }

  private void frozenBy(Brake... brakes) {
    frozen.set(
        Optional.of(
            brakes.length == 0
                ? List.of()
                : List.of(new Frozen(kit.fleet.hosts.get(web), List.of(brakes)))));
  }

  private String summary() {
    return watch.now().alarms().getFirst().summary();
  }

  @Test
  void shouldTellOnceOfEachBrakeThatFreezesAHost() throws Exception {
    assertEquals(List.of(), newsOfRound());
    LocalDate day = LocalDate.of(2026, 3, 1);
    frozenBy(new Brake.Flood(day, 900, 50));
    assertEquals(List.of("raised retention_frozen"), newsOfRound());
    assertTrue(summary().contains("900 unscheduled snapshots"), this::summary);
    frozenBy(new Brake.Flood(day, 1_900, 50));
    assertEquals(List.of(), newsOfRound(), "more of the same");
    assertTrue(summary().contains("1900"), this::summary);
    frozenBy(new Brake.Flood(day, 1_900, 50), new Brake.Fall(Rank.SCHEDULED, 5, 9));
    assertEquals(List.of("changed retention_frozen"), newsOfRound());
    restart();
    frozen.set(Optional.empty());
    assertEquals(List.of(), newsOfRound(), "nobody has looked yet");
    frozenBy();
    assertEquals(List.of("resolved retention_frozen"), newsOfRound());
  }

  @Test
  void shouldTellOnceOfEachReasonForWhichASweepLeavesSomething() throws Exception {
    swept.set(Optional.of(List.of(new Waiting(Waiting.Reason.MUCH, "5 bytes wait"))));
    assertEquals(List.of("raised sweep_waiting"), newsOfRound());
    assertTrue(summary().contains("5 bytes"), this::summary);
    swept.set(Optional.of(List.of(new Waiting(Waiting.Reason.MUCH, "6 bytes wait"))));
    assertEquals(List.of(), newsOfRound(), "more of the same");
    swept.set(Optional.empty());
    restart();
    assertEquals(List.of(), newsOfRound(), "nobody has swept yet");
    swept.set(Optional.of(List.of()));
    assertEquals(List.of("resolved sweep_waiting"), newsOfRound());
  }

  private ClockDoubt doubted(ClockDoubt.Cause cause) {
    return new ClockDoubt(cause, kit.now(), Duration.ofHours(3), Duration.ZERO);
  }

  @Test
  void shouldTellOfADoubtedClockOnceAndNotForEachHost() throws Exception {
    ClockDoubt jumped = doubted(ClockDoubt.Cause.FORWARD);
    doubt.set(Optional.of(jumped));
    frozenBy(new Brake.ClockDoubted(jumped));
    assertEquals(List.of("raised clock_doubted"), newsOfRound());
    assertEquals(List.of(), newsOfRound());
    doubt.set(Optional.empty());
    frozenBy();
    assertEquals(List.of("resolved clock_doubted"), newsOfRound());
  }

  @Test
  void shouldNotTellOfANewClockBeforeAnythingWaitsForIt() throws Exception {
    ClockDoubt fresh = doubted(ClockDoubt.Cause.NEW);
    doubt.set(Optional.of(fresh));
    frozenBy();
    assertEquals(List.of(), newsOfRound());
    frozenBy(new Brake.ClockDoubted(fresh));
    assertEquals(List.of("raised clock_doubted"), newsOfRound());
  }

  @Test
  void shouldTellOfAHostThatComesToItsQuota() throws Exception {
    assertEquals(List.of(), newsOfRound());
    filled.set(List.of(new HostQuotas.Filled(web, 95, 100)));
    assertEquals(List.of("raised host_quota"), newsOfRound());
    assertEquals(1, watch.now().count(Severity.WARNING));
    filled.set(List.of(new HostQuotas.Filled(web, 99, 100)));
    assertEquals(List.of(), newsOfRound());
    filled.set(List.of(new HostQuotas.Filled(web, 101, 100)));
    assertEquals(List.of("changed host_quota"), newsOfRound());
    assertEquals(1, watch.now().count(Severity.ALARM));
    assertTrue(summary().contains("nothing more of it is taken"), this::summary);
    filled.set(List.of());
    assertEquals(List.of("resolved host_quota"), newsOfRound());
  }

  @Test
  void shouldTellOfAnActThatWaitsUntilSomebodyDecides() throws Exception {
    Actor anna = people.add("anna", CallPolicy.Role.ADMIN);
    Actor bert = people.add("bert", CallPolicy.Role.ADMIN);
    people.approvals.setRule(
        new ApprovalRule(Set.of(ActKind.ACT_KIND_HOST_REVOKE), Duration.ofHours(1)), "anna");
    Act act = new LockOut();
    assertCode(
        ErrorCode.APPROVAL_REQUIRED,
        () -> people.approvals.require(act, RevokeHostRequest.getDefaultInstance(), anna));
    assertEquals(List.of("raised approval_waiting"), newsOfRound());
    assertTrue(summary().contains("anna wants a second person for host revoke"), this::summary);
    assertEquals(List.of(), newsOfRound());
    String id = people.approvals.list(false, 1).getFirst().shortId();
    people.approvals.give(id, bert, Map.of(act.method(), act));
    assertEquals(List.of("resolved approval_waiting"), newsOfRound());
  }

  @Test
  void shouldTellOfHostsWhoseFactsWait() throws Exception {
    assertEquals(List.of(), newsOfRound());
    facts.set(Map.of(web, kit.now()));
    assertEquals(List.of("raised host_facts_waiting"), newsOfRound());
    assertTrue(summary().contains("host web tells other facts of itself"), this::summary);
    facts.set(Map.of());
    assertEquals(List.of("resolved host_facts_waiting"), newsOfRound());
  }

  /** Does nothing. */
  private static final class LockOut implements Act {
    @Override
    public ActKind kind() {
      return ActKind.ACT_KIND_HOST_REVOKE;
    }

    @Override
    public String method() {
      return "holdfast.wire.v1.Admin/RevokeHost";
    }

    @Override
    public boolean isCollected() {
      return false;
    }

    @Override
    public String effect(ByteString request) {
      return "lock web out";
    }

    @Override
    public String carryOut(ByteString request, String asker) {
      return "done";
    }
  }

  @Test
  void shouldTellOfClonesAndTokensForADayThroughARestart() throws Exception {
    identities.cloneRefused(web);
    identities.tokenReused(Optional.of(web));
    identities.cloneRefused(web);
    assertEquals(List.of("raised token_reused raised host_cloned"), newsOfRound());
    restart();
    kit.pass(Duration.ofHours(13));
    identities.cloneRefused(web);
    assertEquals(List.of(), newsOfRound());
    assertTrue(
        watch.now().alarms().stream().anyMatch(alarm -> alarm.summary().contains("host web (")));
    kit.pass(Duration.ofHours(12));
    kit.backup(web, "/srv").commit();
    assertEquals("resolved token_reused", newsOfRound().getFirst());
  }

  @Test
  void shouldTellOfWhatAilsTheCoordinator() throws Exception {
    blocked.set(Optional.of(new HoldfastException(ErrorCode.JOURNAL_DAMAGED, "slot 7 is gone")));
    assertEquals(List.of("raised journal_blocked"), newsOfRound());
    blocked.set(Optional.empty());
    assertEquals(List.of("resolved journal_blocked"), newsOfRound());
    lost.set(List.of(web));
    assertEquals(List.of("raised records_lost"), newsOfRound());
    restart();
    lost.set(List.of()); // nobody is connected yet
    assertEquals(List.of(), newsOfRound());
    kit.pass(Duration.ofMinutes(11));
    assertEquals(List.of("resolved records_lost"), newsOfRound());
    kit.backup(web, "/srv").commit();
    newsOfRound();
    kit.pass(Duration.ofDays(900));
    assertTrue(newsOfRound().getFirst().contains("raised certificate_expiring"));
  }

  @Test
  void shouldNotCallDamageOffBeforeAllWasReadAgain() throws Exception {
    proofs.backlog(3, 9, kit.now().minus(AbsenceKit.PROOF_WITHIN).minusSeconds(1).toEpochMilli());
    assertEquals(List.of("raised proof_overdue"), newsOfRound());
    restart();
    assertEquals(List.of(), newsOfRound(), "the prover hasn't looked yet");
    proofs.backlog(0, 9, 0);
    assertEquals(List.of("resolved proof_overdue"), newsOfRound());
  }

  @Test
  void shouldGoOnWhenOneSourceFails() throws Exception {
    freeBytes.set(50);
    round();
    told = sink.requests().size();
    WatchSources failing = new WatchSources();
    failing.addVault(
        new VaultRoom(
            () -> {
              throw new HoldfastException(ErrorCode.VAULT_UNAVAILABLE, "it is away");
            },
            100,
            10));
    failing.addJournal(blocked::get);
    watch = new Watch(kit.ports(), failing.all(), new Incidents(), notifier, kit.fleet.time);
    blocked.set(Optional.of(new HoldfastException(ErrorCode.JOURNAL_DAMAGED, "slot 7 is gone")));
    assertEquals(List.of("raised journal_blocked"), newsOfRound());
    assertEquals(2, watch.now().alarms().size(), "the vault's stays");
  }
}
