package io.holdfast.agent.node;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.Setting;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import java.nio.file.Path;
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
    @Setting(doc = "Labels told to the coordinator, such as rack or role.")
        Map<String, String> labels,
    @Setting(doc = "What a coordinator may have written on this host.") Restore restore,
    @Setting(doc = "What a coordinator may have read from this host.") Backup backup,
    @Setting(doc = "Ceilings of the memory that a job takes.") Memory memory,
    @Setting(doc = "The log on standard output.") Log log) {

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

  /** Ceilings of memory. */
  public record Memory(
      @Setting(
              doc = "Chunks read, sealed or on their way at one time, outside the Java heap.",
              byDefault = "24 MiB",
              min = "24 MiB",
              max = "4 GiB")
          DataSize inFlight,
      @Setting(
              doc = "Pages cached on disk in data_dir, so that the next backup needn't fetch them.",
              byDefault = "1 GiB",
              min = "0 B",
              max = "1 TiB")
          DataSize pageCacheOnDisk) {}

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
