package io.holdfast.coordinator.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.ConfigReference;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.SecretText;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import io.holdfast.coordinator.node.CoordinatorConfig.Admin;
import io.holdfast.coordinator.node.CoordinatorConfig.Alarms;
import io.holdfast.coordinator.node.CoordinatorConfig.Catalog;
import io.holdfast.coordinator.node.CoordinatorConfig.Certificates;
import io.holdfast.coordinator.node.CoordinatorConfig.Gc;
import io.holdfast.coordinator.node.CoordinatorConfig.Log;
import io.holdfast.coordinator.node.CoordinatorConfig.LogLevel;
import io.holdfast.coordinator.node.CoordinatorConfig.Metrics;
import io.holdfast.coordinator.node.CoordinatorConfig.Packs;
import io.holdfast.coordinator.node.CoordinatorConfig.Proof;
import io.holdfast.coordinator.node.CoordinatorConfig.Retention;
import io.holdfast.coordinator.node.CoordinatorConfig.Schedule;
import io.holdfast.coordinator.node.CoordinatorConfig.Vault;
import io.holdfast.coordinator.notify.Notifications;
import io.holdfast.coordinator.notify.Notifications.MailSecurity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoordinatorConfigTest {
  private static CoordinatorConfig parse(String text) {
    return new ConfigLoader<>(CoordinatorConfig.class, name -> Optional.empty())
        .parse("coordinator.yaml", text, List.of())
        .value();
  }

  @Test
  void shouldFillDefaultsWhenOnlyTheVaultIsGiven() {
    CoordinatorConfig config = parse("version: 1\nvault: {directory: /v}\n");
    assertEquals(
        new CoordinatorConfig(
            Path.of("/var/lib/holdfast/coordinator"),
            new HostPort("0.0.0.0", 7443),
            List.of(),
            Optional.empty(),
            new Vault(
                Path.of("/v"),
                DataSize.ofMebibytes(10 << 10),
                DataSize.ofMebibytes(64),
                DataSize.ZERO),
            new Admin(Path.of("/run/holdfast/coordinator.sock"), Optional.empty()),
            new Metrics(true, new HostPort("127.0.0.1", 7444)),
            new Certificates(Duration.ofDays(30), Duration.ofDays(30), 50),
            new Packs(DataSize.ofMebibytes(24), DataSize.ofMebibytes(16), Duration.ofSeconds(1)),
            new Catalog(
                DataSize.ofMebibytes(64), DataSize.ofMebibytes(64), 10_000, Duration.ofDays(1)),
            new Proof(
                true,
                new DataRate(100L << 20),
                Duration.ofSeconds(2),
                Duration.ofHours(1),
                Duration.ofDays(30)),
            new Schedule(true, 32, 1, List.of()),
            new Retention(Duration.ofDays(7)),
            new Gc(
                true,
                Duration.ofDays(1),
                Duration.ofDays(3),
                85,
                new DataRate(32L << 20),
                DataSize.ofMebibytes(1_024)),
            new Alarms(Duration.ofDays(1), Duration.ofDays(1)),
            new Notifications(
                new Notifications.Webhook(Optional.empty(), Optional.empty()),
                new Notifications.Mail(
                    Optional.empty(),
                    MailSecurity.STARTTLS,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of()),
                new Notifications.Ping(Map.of())),
            new Log(LogLevel.INFO)),
        config);
    assertEquals(Path.of("/var/lib/holdfast/coordinator/service.key"), config.serviceKeyFile());
  }

  @Test
  void shouldTakeEveryKey() {
    CoordinatorConfig config =
        parse(
            """
            version: 1
            data_dir: /d
            listen: "[::]:1"
            advertise: ["backup1:2", "backup2:3"]
            key_file: /k
            vault:
              directory: /v
              warn_free: 1 GiB
              reserve: 100 MiB
              host_quota: 512 MiB
            admin:
              socket: /s
              listen: 10.0.0.1:5
            metrics:
              enabled: false
              listen: 10.0.0.1:4
            certificates:
              host_lifetime: 7d
              coordinator_lifetime: 8d
              renew_after_percent: 66
            packs:
              data_target: 32 MiB
              page_target: 8 MiB
              age_max: 2s
            catalog:
              block_cache: 128 MiB
              write_buffers: 32 MiB
              checkpoint_records: 500
              checkpoint_interval: 6h
            proof:
              enabled: false
              rate_limit: 5 MiB/s
              idle: 30s
              deadline: 2d
              reread_within: 7d
            schedule:
              enabled: false
              jobs: 200
              jobs_per_host: 2
              groups: [branch=4]
            retention:
              undo: 30d
            alarms:
              host_away: 3d
              proof_within: 12h
            notifications:
              webhook:
                url: https://a.example/hook
                secret: s
              mail:
                server: mail.example:465
                security: tls
                user: me
                password: p
                from: holdfast@a.example
                to: [ops@a.example, night@a.example]
              ping:
                policies:
                  nightly: https://ping.example/1
            gc:
              enabled: false
              interval: 7d
              quarantine: 12h
              rewrite_below: 30
              rewrite_rate: 8 MiB/s
              free_without_approval: 10 GiB
            log:
              level: debug
            """);
    assertEquals(
        new CoordinatorConfig(
            Path.of("/d"),
            new HostPort("::", 1),
            List.of(new HostPort("backup1", 2), new HostPort("backup2", 3)),
            Optional.of(Path.of("/k")),
            new Vault(
                Path.of("/v"),
                DataSize.ofMebibytes(1_024),
                DataSize.ofMebibytes(100),
                DataSize.ofMebibytes(512)),
            new Admin(Path.of("/s"), Optional.of(new HostPort("10.0.0.1", 5))),
            new Metrics(false, new HostPort("10.0.0.1", 4)),
            new Certificates(Duration.ofDays(7), Duration.ofDays(8), 66),
            new Packs(DataSize.ofMebibytes(32), DataSize.ofMebibytes(8), Duration.ofSeconds(2)),
            new Catalog(
                DataSize.ofMebibytes(128), DataSize.ofMebibytes(32), 500, Duration.ofHours(6)),
            new Proof(
                false,
                new DataRate(5L << 20),
                Duration.ofSeconds(30),
                Duration.ofDays(2),
                Duration.ofDays(7)),
            new Schedule(false, 200, 2, List.of("branch=4")),
            new Retention(Duration.ofDays(30)),
            new Gc(
                false,
                Duration.ofDays(7),
                Duration.ofHours(12),
                30,
                new DataRate(8L << 20),
                DataSize.ofMebibytes(10 << 10)),
            new Alarms(Duration.ofDays(3), Duration.ofHours(12)),
            new Notifications(
                new Notifications.Webhook(
                    Optional.of("https://a.example/hook"), Optional.of(new SecretText("s"))),
                new Notifications.Mail(
                    Optional.of(new HostPort("mail.example", 465)),
                    MailSecurity.TLS,
                    Optional.of("me"),
                    Optional.of(new SecretText("p")),
                    Optional.of("holdfast@a.example"),
                    List.of("ops@a.example", "night@a.example")),
                new Notifications.Ping(Map.of("nightly", "https://ping.example/1"))),
            new Log(LogLevel.DEBUG)),
        config);
    assertEquals(Path.of("/k"), config.serviceKeyFile());
  }

  @Test
  void shouldNotPostToWhoCantKnowWhoSpeaks() {
    String text =
        """
        version: 1
        vault: {directory: /v}
        notifications: {webhook: {url: 'https://a.example'}}
        """;
    HoldfastException error = assertThrows(HoldfastException.class, () -> parse(text));
    assertTrue(
        error.getMessage().contains("coordinator.yaml:3: \"notifications.webhook.secret_file\""),
        error.getMessage());
  }

  @Test
  void shouldTakeTheSizesOfGroups() {
    CoordinatorConfig config =
        parse("version: 1\nvault: {directory: /v}\nschedule: {groups: [a=1, \"b c=20\"]}\n");
    assertEquals(Map.of("a", 1, "b c", 20), config.schedule().caps().groups());
  }

  @Test
  void shouldRefuseGroupWithoutSize() {
    String text = "version: 1\nvault: {directory: /v}\nschedule: {groups: [branch]}\n";
    HoldfastException error = assertThrows(HoldfastException.class, () -> parse(text));
    assertTrue(error.getMessage().contains("write name=number"), error.getMessage());
  }

  @Test
  void shouldAskForTheVault() {
    HoldfastException error = assertThrows(HoldfastException.class, () -> parse("version: 1\n"));
    assertTrue(
        error.getMessage().contains("coordinator.yaml:1: \"vault.directory\" is missing"),
        error.getMessage());
  }

  @Test
  void shouldRefuseSocketPathThatLinuxCannotBind() {
    String text = "version: 1\nvault: {directory: /v}\nadmin: {socket: /" + "x".repeat(107) + "}\n";
    HoldfastException error = assertThrows(HoldfastException.class, () -> parse(text));
    assertTrue(error.getMessage().contains("coordinator.yaml:3: \"admin.socket\" is longer"));
  }

  @Test
  void referenceLoadsOnceTheVaultIsNamed() {
    String reference = ConfigReference.print("Coordinator", CoordinatorConfig.class);
    String filled = reference.replace("  directory: \"\"", "  directory: /v");
    assertEquals(parse("version: 1\nvault: {directory: /v}\n"), parse(filled));
  }
}
