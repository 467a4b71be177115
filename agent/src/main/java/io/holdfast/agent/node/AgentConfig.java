package io.holdfast.agent.node;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.Setting;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code agent.yaml} says; each component's meaning is its {@link Setting}. */
public record AgentConfig(
    @Setting(
            doc =
                "Where the agent keeps its key, its certificate, its receipts and its page cache.",
            byDefault = "/var/lib/holdfast/agent")
        Path dataDir,
    @Setting(
            doc =
                "Coordinators to connect to, in this order. Empty: the ones that the enrolment"
                    + " token named.")
        List<HostPort> coordinators,
    @Setting(
            doc =
                "What this host calls itself: shown to people, never its identity. Empty: the"
                    + " machine's name.")
        Optional<String> name,
    @Setting(
            doc =
                "Labels with which this host is enrolled, such as rack or role, by which policies"
                    + " choose hosts. After that they are changed at the coordinator, by `holdfast"
                    + " host label`; what is here counts again only if the host is enrolled anew.")
        Map<String, String> labels,
    @Setting(doc = "What a coordinator may have written on this host.") Restore restore,
    @Setting(doc = "What a coordinator may have read from this host.") Backup backup,
    @Setting(doc = "Programs of this host that a coordinator may have run, by name.") Hooks hooks,
    @Setting(doc = "Where an order may move this host to.") Move move,
    @Setting(doc = "Ceilings of the memory that a job takes.") Memory memory,
    @Setting(doc = "PostgreSQL clusters of this host.") Postgres postgres,
    @Setting(doc = "MariaDB servers of this host.") MariaDb mariadb,
    @Setting(doc = "The log on standard output.") Log log) {

  /** {@link #coordinators} as what is connected to. */
  public List<Endpoint> endpoints() {
    return coordinators.stream().map(at -> new Endpoint(at.host(), at.port())).toList();
  }

  /** Limits of restores. */
  public record Restore(
      @Setting(
              doc =
                  "Directories below which restores may write. Nothing is restored anywhere else,"
                      + " whoever asks.",
              byDefault = "/var/lib/holdfast/restore")
          List<Path> allow,
      @Setting(
              doc =
                  "Whether a restore may write over files where they were, anywhere on this host.",
              byDefault = "false")
          boolean inPlace,
      @Setting(
              doc =
                  "Whether a restore in place waits until somebody on this host agrees, by:"
                      + " holdfast agent consent.",
              byDefault = "false")
          boolean consent,
      @Setting(
              doc =
                  "Block devices that a restore may write a disk image onto, whatever is on them."
                      + " Links count as what they lead to.")
          List<Path> devices,
      @Setting(doc = "Most bytes a second to receive for restores.", byDefault = "unlimited")
          DataRate rateLimit) {}

  /** Limits of backups. */
  public record Backup(
      @Setting(
              doc =
                  "Patterns that no backup of this host takes, as lines of a .gitignore file; they"
                      + " come before an order's own.")
          List<String> exclude,
      @Setting(doc = "Most bytes a second to read from disks for backups.", byDefault = "unlimited")
          DataRate readLimit,
      @Setting(doc = "Most bytes a second to send for backups.", byDefault = "unlimited")
          DataRate sendLimit,
      @Setting(
              doc =
                  "Small files read and directories described at the same time: what a cold disk"
                      + " needs.",
              byDefault = "16",
              min = "1",
              max = "64")
          int readers) {}

  /** Programs around backups. */
  public record Hooks(
      @Setting(
              doc =
                  "Where they lie. It, its parents and each program must belong to root (or the"
                      + " agent's own user), and nobody else may write to them.",
              byDefault = "/etc/holdfast/hooks")
          Path directory) {}

  /** Limits of moves. */
  public record Move(
      @Setting(
              doc =
                  "Coordinators of other repositories to which an order of the present one may move"
                      + " this host. Empty: none. Whoever is root here moves it by: holdfast agent"
                      + " move.")
          List<HostPort> allow,
      @Setting(doc = "Whether an order may move it to any other repository.", byDefault = "false")
          boolean anywhere) {}

  /** Ceilings of memory. */
  public record Memory(
      @Setting(
              doc = "Chunks read, sealed or on their way at one time, outside the Java heap.",
              byDefault = "24 MiB",
              min = "24 MiB",
              max = "4 GiB")
          DataSize inFlight,
      @Setting(
              doc =
                  "Pages cached on disk in data_dir, so that the next backup needn't fetch them. Up"
                      + " to twice as many between one backup and the next.",
              byDefault = "1 GiB",
              min = "0 B",
              max = "1 TiB")
          DataSize pageCacheOnDisk) {}

  /** How clusters are backed up. */
  public record Postgres(
      @Setting(doc = "The server's client program.", byDefault = "/usr/bin/psql") Path psql,
      @Setting(
              doc =
                  "How often the log of a cluster is stored between base backups, where a policy"
                      + " wants it archived: what may be lost with the host.",
              byDefault = "5m",
              min = "5s",
              max = "1d")
          Duration archiveEvery,
      @Setting(
              doc =
                  "How far back each snapshot of the archive goes: longer than the time between"
                      + " two base backups that are kept.",
              byDefault = "35d",
              min = "1d",
              max = "3650d")
          Duration archiveKeep) {}

  /** With what servers are backed up. */
  public record MariaDb(
      @Setting(doc = "Writes statements.", byDefault = "/usr/bin/mariadb-dump") Path dump,
      @Setting(doc = "Writes a physical backup.", byDefault = "/usr/bin/mariadb-backup")
          Path backup) {}

  /** The log. */
  public record Log(@Setting(doc = "What to log.", byDefault = "info") LogLevel level) {}

  /** How much is logged. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }
}
