package io.holdfast.coordinator.dispatch;

import static io.holdfast.coordinator.fleet.FleetKit.assertCode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.error.ErrorCode;
import io.holdfast.coordinator.fleet.FleetKit;
import io.holdfast.coordinator.policy.book.PolicyBook;
import io.holdfast.proto.wire.v1.PlannedRun;
import io.holdfast.proto.wire.v1.PreviewPoliciesRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PreviewTest {
  private final FleetKit kit = new FleetKit(42);
  private final PolicyBook policies = new PolicyBook(kit.ports, kit.hosts);
  private final Preview preview = new Preview(policies, kit.hosts, kit.time);

  @BeforeEach
  void enrol() throws InterruptedException {
    kit.enrol("web");
    kit.enrol("db");
  }

  @AfterEach
  void close() {
    kit.close();
  }

  private static String policy(String name, String cron, String spread) {
    return """
    apiVersion: holdfast/v1
    kind: Policy
    metadata: {name: %s}
    spec:
      selector: {}
      source: {files: {include: [/srv]}}
      schedule: {cron: "%s", spread: %s}
    """
        .formatted(name, cron, spread);
  }

  private List<PlannedRun> list(PreviewPoliciesRequest.Builder request) {
    List<PlannedRun> listed = new ArrayList<>();
    preview.list(request.build(), listed::add);
    return listed;
  }

  private static PreviewPoliciesRequest.Builder request() {
    return PreviewPoliciesRequest.newBuilder();
  }

  @Test
  void shouldListWhatBeginsInItsOrder() throws InterruptedException {
    policies.apply("p", policy("nightly", "0 2 * * *", "1h"), true, "anna");
    policies.apply("p", policy("hourly", "0 * * * *", "0s"), true, "anna");
    List<PlannedRun> runs = list(request());
    assertEquals(2 * 24 + 2, runs.size());
    for (int n = 1; n < runs.size(); n++) {
      assertTrue(runs.get(n - 1).getStartMillis() <= runs.get(n).getStartMillis());
    }
    PlannedRun nightly =
        runs.stream().filter(run -> run.getPolicy().equals("nightly")).findFirst().orElseThrow();
    Instant nominal = Instant.parse("2026-03-02T02:00:00Z");
    assertEquals(nominal.toEpochMilli(), nightly.getNominalMillis());
    assertEquals(Duration.ofHours(1).toMillis(), nightly.getSpreadMillis());
    assertTrue(nightly.getStartMillis() >= nominal.toEpochMilli());
    assertTrue(nightly.getStartMillis() < nominal.plus(Duration.ofHours(1)).toEpochMilli());
  }

  @Test
  void shouldKeepToPolicyHostTimeAndNumber() throws InterruptedException {
    policies.apply("p", policy("nightly", "0 2 * * *", "0s"), true, "anna");
    policies.apply("p", policy("hourly", "0 * * * *", "0s"), true, "anna");
    assertEquals(2, list(request().setPolicy("nightly")).size());
    assertEquals(24, list(request().setPolicy("hourly").setHost("db")).size());
    assertEquals(3, list(request().setLimit(3)).size());
    assertEquals(
        6, list(request().setForMillis(Duration.ofHours(3).toMillis())).size(), "three hours");
    assertCode(ErrorCode.POLICY_NOT_FOUND, () -> list(request().setPolicy("weekly")));
    assertCode(ErrorCode.HOST_NOT_FOUND, () -> list(request().setHost("mail")));
  }

  @Test
  void shouldLookAheadByATextThatIsNotApplied() throws InterruptedException {
    policies.apply("p", policy("nightly", "0 2 * * *", "0s"), true, "anna");
    String text = policy("nightly", "0 */6 * * *", "0s");
    assertEquals(8, list(request().setFile("p.yaml").setText(text)).size());
    assertEquals(2, list(request()).size(), "nothing was applied");
    assertCode(ErrorCode.INVALID_CONFIGURATION, () -> list(request().setText("kind: Nothing\n")));
  }
}
