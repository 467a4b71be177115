package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.coordinator.notify.HttpSink;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.ApplyPoliciesRequest;
import io.holdfast.proto.wire.v1.Host;
import io.holdfast.proto.wire.v1.Protection;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.TestedChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A host that isn't backed up, from its policy to whoever is told. */
@Timeout(300)
class AlarmsTest {
  @TempDir Path directory;
  private final MovableTime time = new MovableTime();

  private void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      time.sleep(Duration.ofMillis(50));
    }
  }

  private static List<String> told(HttpSink sink) {
    return sink.requests().stream().map(HttpSink.Request::body).toList();
  }

  private static boolean isTold(HttpSink sink, String event, String kind) {
    String both = "\"event\":\"" + event + "\",\"kind\":\"" + kind + "\"";
    return told(sink).stream().anyMatch(body -> body.contains(both));
  }

  private static Host only(AdminLink admin) {
    List<Host> hosts = new ArrayList<>();
    admin.hosts(hosts::add);
    assertEquals(1, hosts.size());
    return hosts.getFirst();
  }

  @Test
  void shouldAlarmUntilTheHostIsBackedUpAndTellEachOnce() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
    try (HttpSink sink = new HttpSink()) {
      Fleet founded = Fleet.found(directory.resolve("fleet"), time);
      founded.stop();
      Fleet fleet =
          founded.configured(
              """
              notifications:
                webhook:
                  url: %s
                  secret: a secret
              """
                  .formatted(sink.url("/hook")));
      fleet.start();
      try (ProtectedHost alpha = fleet.enrol("alpha");
          AdminLink admin = fleet.admin()) {
        assertEquals("no_policy", admin.status().getAlarms(0).getKind());
        assertEquals(0, admin.status().getAlarmsUp(), "a warning is no alarm");
        apply(admin, source);
        assertEquals(List.of(), admin.status().getAlarmsList());
        assertEquals(Protection.PROTECTION_AWAITED, only(admin).getProtection());

        time.advance(Duration.ofDays(3));
        await(() -> isTold(sink, "raised", "host_never_protected"));
        StatusAnswer status = admin.status();
        assertEquals(1, status.getAlarmsUp());
        assertEquals("host_never_protected", status.getAlarms(0).getKind());
        assertEquals(1, status.getProtection().getNever());
        assertEquals(Protection.PROTECTION_NEVER, only(admin).getProtection());
        assertEquals(
            1.0, fleet.metric("holdfast_backup_overdue{host=\"alpha\",policy=\"nightly\",}"));

        alpha.backup(source);
        assertEquals(0, admin.status().getAlarmsUp());
        time.advance(Duration.ofMinutes(1));
        await(() -> isTold(sink, "resolved", "host_never_protected"));
        assertEquals(Protection.PROTECTION_PROTECTED, only(admin).getProtection());
      }
      fleet.stop();
      List<String> before = told(sink);
      fleet.start();
      try (AdminLink admin = fleet.admin()) {
        List<TestedChannel> tested = new ArrayList<>();
        admin.testNotifications(tested::add);
        assertEquals("webhook", tested.getFirst().getChannel());
        assertTrue(!tested.getFirst().hasError(), tested::toString);
        assertEquals(before.size() + 1, told(sink).size(), "the test, and nothing again");
      }
      fleet.stop();
    }
  }

  private static void apply(AdminLink admin, Path source) {
    String text =
        """
        apiVersion: holdfast/v1
        kind: Policy
        metadata: {name: nightly}
        spec:
          selector: {}
          source: {files: {include: ["%s"]}}
          schedule: {cron: "0 2 * * *"}
        """
            .formatted(source);
    admin.applyPolicies(ApplyPoliciesRequest.newBuilder().setFile("p.yaml").setText(text).build());
  }
}
