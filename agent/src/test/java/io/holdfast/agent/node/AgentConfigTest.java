package io.holdfast.agent.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.holdfast.agent.node.AgentConfig.Backup;
import io.holdfast.agent.node.AgentConfig.Hooks;
import io.holdfast.agent.node.AgentConfig.Log;
import io.holdfast.agent.node.AgentConfig.LogLevel;
import io.holdfast.agent.node.AgentConfig.MariaDb;
import io.holdfast.agent.node.AgentConfig.Memory;
import io.holdfast.agent.node.AgentConfig.Move;
import io.holdfast.agent.node.AgentConfig.Postgres;
import io.holdfast.agent.node.AgentConfig.Restore;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.config.ConfigReference;
import io.holdfast.common.config.HostPort;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
  private static AgentConfig parse(String text) {
    return new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
        .parse("agent.yaml", text, List.of())
        .value();
  }

  @Test
  void shouldFillDefaults() {
    assertEquals(
        new AgentConfig(
            Path.of("/var/lib/holdfast/agent"),
            List.of(),
            Optional.empty(),
            Map.of(),
            new Restore(
                List.of(Path.of("/var/lib/holdfast/restore")),
                false,
                false,
                List.of(),
                DataRate.UNLIMITED),
            new Backup(List.of(), DataRate.UNLIMITED, DataRate.UNLIMITED, 16),
            new Hooks(Path.of("/etc/holdfast/hooks")),
            new Move(List.of(), false),
            new Memory(DataSize.ofMebibytes(24), DataSize.ofGibibytes(1)),
            new Postgres(Path.of("/usr/bin/psql"), Duration.ofMinutes(5), Duration.ofDays(35)),
            new MariaDb(Path.of("/usr/bin/mariadb-dump"), Path.of("/usr/bin/mariadb-backup")),
            new Log(LogLevel.INFO)),
        parse("version: 1\n"));
  }

  @Test
  void shouldTakeEveryKey() {
    assertEquals(
        new AgentConfig(
            Path.of("/d"),
            List.of(new HostPort("backup1", 7443), new HostPort("::1", 2)),
            Optional.of("web1"),
            Map.of("rack", "4"),
            new Restore(
                List.of(Path.of("/r"), Path.of("/srv")),
                true,
                true,
                List.of(Path.of("/dev/vdb")),
                new DataRate(1 << 20)),
            new Backup(
                List.of("*.tmp", "!keep.tmp"), new DataRate(2 << 20), new DataRate(3 << 20), 8),
            new Hooks(Path.of("/srv/hooks")),
            new Move(List.of(new HostPort("backup2", 7443)), true),
            new Memory(DataSize.ofMebibytes(64), DataSize.ZERO),
            new Postgres(Path.of("/opt/psql"), Duration.ofSeconds(30), Duration.ofDays(90)),
            new MariaDb(Path.of("/opt/dump"), Path.of("/opt/backup")),
            new Log(LogLevel.WARN)),
        parse(
            """
            version: 1
            data_dir: /d
            coordinators: ["backup1:7443", "[::1]:2"]
            name: web1
            labels: {rack: 4}
            restore:
              allow: [/r, /srv]
              in_place: true
              consent: true
              devices: [/dev/vdb]
              rate_limit: 1 MiB/s
            backup:
              exclude: ["*.tmp", "!keep.tmp"]
              read_limit: 2 MiB/s
              send_limit: 3 MiB/s
              readers: 8
            hooks:
              directory: /srv/hooks
            move:
              allow: ["backup2:7443"]
              anywhere: true
            memory:
              in_flight: 64 MiB
              page_cache_on_disk: 0 B
            postgres:
              psql: /opt/psql
              archive_every: 30s
              archive_keep: 90d
            mariadb:
              dump: /opt/dump
              backup: /opt/backup
            log:
              level: warn
            """));
  }

  @Test
  void referenceLoadsAsItIs() {
    String reference = ConfigReference.print("Agent", AgentConfig.class);
    assertEquals(parse("version: 1\n"), parse(reference));
  }
}
