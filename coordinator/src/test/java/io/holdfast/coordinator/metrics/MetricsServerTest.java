package io.holdfast.coordinator.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.coordinator.proof.Fault;
import io.holdfast.coordinator.proof.SnapshotHealth;
import io.holdfast.coordinator.proof.Verify;
import io.holdfast.coordinator.proof.VerifyListener;
import io.holdfast.coordinator.proof.VerifyTally;
import io.holdfast.coordinator.testkit.TestHost;
import io.holdfast.coordinator.testkit.TestHostNames;
import io.holdfast.coordinator.testkit.TestRepository;
import io.holdfast.proto.stored.v1.Change;
import io.holdfast.proto.stored.v1.HostShare;
import io.holdfast.proto.stored.v1.LossCause;
import io.holdfast.proto.stored.v1.ProofLevel;
import io.holdfast.proto.stored.v1.SpaceShares;
import io.holdfast.proto.stored.v1.SweepCompleted;
import io.holdfast.proto.wire.v1.JobOutcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";

  private final Metrics metrics = new Metrics(false);
  private final AtomicReference<Readiness> readiness =
      new AtomicReference<>(new Readiness(true, "leading"));
  private final MetricsServer server =
      MetricsServer.start(new MetricsConfig("127.0.0.1", 0), metrics, readiness::get);
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void shouldCountWhatTheMetersAreTold() throws Exception {
    metrics.ingest().committed(1_000, true);
    metrics.ingest().uploaded(77);
    metrics.reads().refused();
    metrics.proof().bad(LossCause.LOSS_CAUSE_BYTES_DAMAGED);
    metrics.fleet().backupFailed();
    metrics.fleet().restoreEnded(JobOutcome.JOB_OUTCOME_COMPLETE, 500, Duration.ofSeconds(3));
    metrics.fleet().restoreEnded(JobOutcome.JOB_OUTCOME_FAILED, -1, Duration.ofSeconds(9));
    String text = scrape();
    assertHas(text, "holdfast_backups_total{result=\"complete with gaps\"} 1.0");
    assertHas(text, "holdfast_backups_total{result=\"complete\"} 0.0");
    assertHas(text, "holdfast_backups_total{result=\"failed\"} 1.0");
    assertHas(text, "holdfast_restores_total{result=\"complete\"} 1.0");
    assertHas(text, "holdfast_restores_total{result=\"complete with gaps\"} 0.0");
    assertHas(text, "holdfast_restores_total{result=\"failed\"} 1.0");
    assertHas(text, "holdfast_restore_bytes_total 500.0");
    assertHas(text, "holdfast_restore_duration_seconds_sum 3.0");
    assertHas(text, "holdfast_uploaded_bytes_total 77.0");
    assertHas(text, "holdfast_read_refused_total 1.0");
    assertHas(text, "holdfast_verify_corrupt_chunks_total{cause=\"bytes damaged\"} 1.0");
    assertTrue(text.endsWith("# EOF\n"), "OpenMetrics ends so");
  }

  @Test
  void shouldClaimNoBacklogWhereNobodyLooked() throws Exception {
    assertFalse(scrape().contains("holdfast_snapshots_unproven"));
    metrics.proof().backlog(3, 10, 1_700_000_000_000L);
    assertHas(scrape(), "holdfast_snapshots_unproven 3.0");
    assertHas(scrape(), "holdfast_snapshots_unproven_oldest_timestamp_seconds 1.7E9");
  }

  @Test
  void shouldShowWhatTheCatalogHolds() throws Exception {
    TestRepository repository = TestRepository.begun(6);
    TestHost alice = TestHost.enrol(repository, "alice");
    TestHost twin = TestHost.enrol(repository, "alice");
    alice.backup().file("a", "text").commit();
    repository.append(
        Change.newBuilder()
            .setSweepCompleted(
                SweepCompleted.newBuilder()
                    .setShares(
                        SpaceShares.newBuilder()
                            .setSharedBytes(7)
                            .addHosts(
                                HostShare.newBuilder()
                                    .setHost(ByteString.copyFrom(alice.id().toByteArray()))
                                    .setOwnBytes(11))))
            .build());
    metrics.add(
        new CatalogGauges(
            new GaugeSources(
                repository::view,
                repository.vault(),
                new TestHostNames(List.of(alice, twin)),
                new SnapshotHealth(),
                () -> true,
                () -> 3,
                () -> 2,
                () -> 1,
                () -> 0,
                host -> host.equals(alice.id()) ? -2 : 0,
                Optional::empty)));
    String text = scrape();
    assertHas(text, "holdfast_snapshots 1.0");
    assertHas(text, "holdfast_hosts 2.0");
    assertHas(text, "holdfast_hosts_connected 2.0");
    assertHas(text, "holdfast_leader 1.0");
    assertHas(text, "holdfast_leader_term 3.0");
    assertHas(text, "holdfast_jobs_running 1.0");
    assertHas(text, "holdfast_leader_changes_total 0.0");
    assertHas(text, "\nholdfast_dedup_ratio ");
    assertFalse(text.contains("\nholdfast_restore_last_success_timestamp_seconds"), text);
    assertHas(text, "holdfast_backup_last_success_timestamp_seconds{host=\"alice");
    assertHas(text, "holdfast_host_quota_bytes{host=\"alice");
    assertTrue(text.contains("1.8446744073709552E19"), "unsigned");
    assertHas(text, "holdfast_host_stored_bytes{host=\"alice");
    assertHas(text, "holdfast_host_own_bytes{host=\"alice");
    assertHas(text, "holdfast_vault_shared_bytes 7.0");
    long second = TestRepository.START.getEpochSecond() + 60;
    repository.passTime(Duration.ofSeconds(60));
    alice.backup().file("a", "later").commit();
    assertTrue(scrape().contains(Double.toString((double) second)), scrape());
  }

  @Test
  void shouldShowWhenAllWasReadBesideWhenItHadToBe() throws Exception {
    TestRepository repository = TestRepository.begun(8);
    TestHost alice = TestHost.enrol(repository, "alice");
    alice.backup().file("a", "text").commit();
    metrics.add(new ProofGauges(repository::view, Optional.empty(), Duration.ofDays(30)));
    String text = scrape();
    assertHas(text, "holdfast_proof_reread_within_seconds 2592000.0");
    assertFalse(text.contains("\nholdfast_proof_within_seconds"), "nobody proves");
    assertFalse(text.contains("holdfast_verify_last_success_timestamp_seconds{"), text);
    repository.passTime(Duration.ofSeconds(60));
    Verify verify = new Verify(repository.proof());
    ProofLevel checked = ProofLevel.PROOF_LEVEL_CHECKED;
    verify.conclude(checked, verify.run(checked, Optional.empty(), new Faults()), 0);
    String now = Double.toString((double) repository.time().now().getEpochSecond());
    assertHas(scrape(), "holdfast_verify_last_success_timestamp_seconds{level=\"checked\"} " + now);
    assertFalse(scrape().contains("level=\"proven\""));
    assertHas(scrape(), "holdfast_proof_oldest_read_timestamp_seconds " + now);
  }

  /** Nobody looks at them. */
  private static final class Faults implements VerifyListener {
    @Override
    public void progress(VerifyTally tally) {}

    @Override
    public void fault(Fault fault) {}
  }

  @Test
  void shouldShowTheOtherFiguresWhenTheVaultIsGone() throws Exception {
    TestRepository repository = TestRepository.begun(7);
    metrics.add(
        new CatalogGauges(
            new GaugeSources(
                () -> {
                  throw new HoldfastException(ErrorCode.UNAVAILABLE, "closed");
                },
                repository.vault(),
                new TestHostNames(List.of()),
                new SnapshotHealth(),
                () -> false,
                () -> 0,
                () -> 0,
                () -> 0,
                () -> 0,
                host -> 0,
                Optional::empty)));
    assertHas(scrape(), "holdfast_leader 0.0");
  }

  @Test
  void shouldShowWhatNeedsAnOperatorsHand() throws Exception {
    Instant until = Instant.parse("2030-01-01T00:00:00Z");
    AtomicReference<Optional<HoldfastException>> blocked = new AtomicReference<>(Optional.empty());
    metrics.add(
        new NodeGauges(
            () -> List.of(new CertificateLife("journal", until.minusSeconds(1_000), until)),
            blocked::get,
            1_000,
            10));
    assertHas(
        scrape(),
        "holdfast_certificate_expiry_timestamp_seconds{certificate=\"journal\"} 1.893456E9");
    assertHas(scrape(), "holdfast_vault_warn_free_bytes 1000.0");
    assertHas(scrape(), "holdfast_vault_reserve_bytes 10.0");
    assertFalse(scrape().contains("holdfast_journal_blocked{"));
    blocked.set(Optional.of(new HoldfastException(ErrorCode.JOURNAL_DAMAGED, "slot 7 is gone")));
    assertHas(scrape(), "holdfast_journal_blocked{error=\"JOURNAL_DAMAGED\"} 1.0");
  }

  @Test
  void shouldAnswerWhyItIsNotReady() throws Exception {
    assertEquals(200, get("/readyz", "*/*").statusCode());
    readiness.set(new Readiness(false, "the catalog is 12 records behind"));
    HttpResponse<String> answer = get("/readyz", "*/*");
    assertEquals(503, answer.statusCode());
    assertEquals("the catalog is 12 records behind\n", answer.body());
    assertEquals(200, get("/healthz", "*/*").statusCode());
  }

  @Test
  void shouldServeNothingElse() throws Exception {
    assertEquals(404, get("/metrics/secret", "*/*").statusCode());
    assertEquals(404, get("/", "*/*").statusCode());
    HttpRequest post =
        HttpRequest.newBuilder(uri("/metrics"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertEquals(405, client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode());
  }

  @Test
  void shouldSayThatThePortIsTaken() {
    MetricsConfig taken = new MetricsConfig("127.0.0.1", server.address().getPort());
    HoldfastException thrown =
        assertThrows(
            HoldfastException.class, () -> MetricsServer.start(taken, metrics, readiness::get));
    assertEquals(ErrorCode.UNAVAILABLE, thrown.code());
  }

  private static void assertHas(String text, String line) {
    assertTrue(text.contains(line), () -> line + " isn't in:\n" + text);
  }

  private String scrape() throws IOException, InterruptedException {
    return get("/metrics", OPEN_METRICS).body();
  }

  private HttpResponse<String> get(String path, String accept)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).header("Accept", accept).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }
}
