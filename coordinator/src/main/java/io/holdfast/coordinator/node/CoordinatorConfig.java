package io.holdfast.coordinator.node;

import io.holdfast.common.config.HostPort;
import io.holdfast.common.config.Setting;
import io.holdfast.common.unit.DataRate;
import io.holdfast.common.unit.DataSize;
import io.holdfast.coordinator.notify.Notifications;
import io.holdfast.coordinator.schedule.plan.Caps;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code coordinator.yaml} says; each component's meaning is its {@link Setting}. */
public record CoordinatorConfig(
    @Setting(
            doc =
                "Where the coordinator keeps its catalog (a cache: it can be rebuilt from the"
                    + " vault) and its own keys.",
            byDefault = "/var/lib/holdfast/coordinator")
        Path dataDir,
    @Setting(doc = "Where agents connect, by gRPC over mutual TLS.", byDefault = "0.0.0.0:7443")
        HostPort listen,
    @Setting(
            doc =
                "Addresses that enrolment tokens give to agents; they must reach this coordinator"
                    + " from every host. Empty: this machine's name and the port of listen.")
        List<HostPort> advertise,
    @Setting(
            doc =
                "The service key: opens the repository's keys without a person at start. Whoever"
                    + " has it and the vault reads every backup. Empty: service.key in data_dir.")
        Optional<Path> keyFile,
    @Setting(doc = "Where packs, journal and checkpoints lie.") Vault vault,
    @Setting(doc = "Where people's commands arrive.") Admin admin,
    @Setting(doc = "What monitoring asks, by plain HTTP: /metrics, /healthz and /readyz.")
        Metrics metrics,
    @Setting(doc = "Certificates that this coordinator issues.") Certificates certificates,
    @Setting(doc = "How chunks are gathered into packs.") Packs packs,
    @Setting(doc = "Memory of the catalog.") Catalog catalog,
    @Setting(doc = "The background job that re-reads the vault and proves what it stores.")
        Proof proof,
    @Setting(doc = "The runs that policies ask for, and how many of them at one time.")
        Schedule schedule,
    @Setting(doc = "How snapshots go that no rule keeps, or that somebody deletes.")
        Retention retention,
    @Setting(doc = "How what nothing references any more leaves the vault.") Gc gc,
    @Setting(doc = "What is an alarm beside what policies promise.") Alarms alarms,
    @Setting(
            doc =
                "Who is told when an alarm is raised, changes, or is over; try it out by holdfast"
                    + " notify test.")
        Notifications notifications,
    @Setting(doc = "The log on standard output.") Log log) {

  /** The vault of this coordinator's repository. */
  public record Vault(
      @Setting(
              doc =
                  "An existing directory, on a local disk or a NAS mount. Everything needed to"
                      + " restore lies below it: give it a disk of its own.",
              required = true)
          Path directory,
      @Setting(
              doc =
                  "Free space in the vault below which status and metrics warn, while there is"
                      + " still time to enlarge it.",
              byDefault = "10 GiB",
              min = "0 B",
              max = "1 PiB")
          DataSize warnFree,
      @Setting(
              doc =
                  "Free space in the vault below which no backup is begun: what the coordinator"
                      + " itself needs. Restores go on.",
              byDefault = "64 MiB",
              min = "0 B",
              max = "1 TiB")
          DataSize reserve,
      @Setting(
              doc =
                  "How much of the vault a host may fill, unless `holdfast host quota` says"
                      + " otherwise for it; 0 B for no quota. Beyond it nothing more is taken from"
                      + " it; nothing is deleted.",
              byDefault = "0 B",
              min = "0 B",
              max = "1 PiB")
          DataSize hostQuota) {}

  /** The admin socket and the port for people elsewhere. */
  public record Admin(
      @Setting(
              doc =
                  "Path of the Unix socket. Its permissions are the authentication: who may write"
                      + " to it may do everything.",
              byDefault = "/run/holdfast/coordinator.sock")
          Path socket,
      @Setting(
              doc =
                  "Where people on other machines connect, by gRPC over TLS, each with an access"
                      + " token of his own, such as 0.0.0.0:7445. Empty: nowhere.")
          Optional<HostPort> listen) {
    /** What Linux allows for a socket's path, its final zero byte apart. */
    private static final int SOCKET_PATH_BYTES_MAX = 107;

    public Admin {
      if (socket.toString().getBytes(StandardCharsets.UTF_8).length > SOCKET_PATH_BYTES_MAX) {
        throw new IllegalArgumentException(
            "\"admin.socket\" is longer than the "
                + SOCKET_PATH_BYTES_MAX
                + " bytes that Linux allows: choose a shorter path");
      }
    }
  }

  /** Metrics and health. */
  public record Metrics(
      @Setting(doc = "Whether to listen at all.", byDefault = "true") boolean enabled,
      @Setting(
              doc =
                  "Where to listen. There is no authentication: keep it on the loopback, or"
                      + " behind something that has one.",
              byDefault = "127.0.0.1:7444")
          HostPort listen) {}

  /** Lifetimes of certificates. */
  public record Certificates(
      @Setting(
              doc =
                  "How long a host's certificate is good for. A host that was away longer enrols"
                      + " again.",
              byDefault = "30d",
              min = "1h",
              max = "366d")
          Duration hostLifetime,
      @Setting(
              doc = "How long this coordinator's own certificate is good for.",
              byDefault = "30d",
              min = "1h",
              max = "366d")
          Duration coordinatorLifetime,
      @Setting(
              doc = "The share of its lifetime, in percent, after which a certificate is renewed.",
              byDefault = "50",
              min = "10",
              max = "90")
          int renewAfterPercent) {}

  /** Sizes of packs. */
  public record Packs(
      @Setting(
              doc = "Size at which a pack of data is sealed.",
              byDefault = "24 MiB",
              min = "1 MiB",
              max = "1 GiB")
          DataSize dataTarget,
      @Setting(
              doc = "Size at which a pack of pages is sealed.",
              byDefault = "16 MiB",
              min = "1 MiB",
              max = "1 GiB")
          DataSize pageTarget,
      @Setting(
              doc = "Age at which an open pack is sealed though it isn't full.",
              byDefault = "1s",
              min = "10ms",
              max = "1m")
          Duration ageMax) {}

  /** Memory of the catalog. */
  public record Catalog(
      @Setting(
              doc = "Block cache of RocksDB, outside the Java heap.",
              byDefault = "64 MiB",
              min = "8 MiB",
              max = "64 GiB")
          DataSize blockCache,
      @Setting(
              doc = "Write buffers of RocksDB in all, outside the Java heap.",
              byDefault = "64 MiB",
              min = "8 MiB",
              max = "8 GiB")
          DataSize writeBuffers,
      @Setting(
              doc =
                  "A checkpoint of the catalog is written to the vault after so many records of"
                      + " the journal: at most about so many are applied again after the catalog"
                      + " was lost.",
              byDefault = "10000",
              min = "100",
              max = "10000000")
          int checkpointRecords,
      @Setting(
              doc = "A checkpoint is written after that time as well, if anything has happened.",
              byDefault = "1d",
              min = "1m",
              max = "30d")
          Duration checkpointInterval) {}

  /** Pace of proofs. */
  public record Proof(
      @Setting(doc = "Whether new chunks are proven in the background.", byDefault = "true")
          boolean enabled,
      @Setting(
              doc = "Most bytes a second to read from the vault for proofs.",
              byDefault = "100 MiB/s")
          DataRate rateLimit,
      @Setting(
              doc = "How long no backup or restore must have moved data before proofs go on.",
              byDefault = "2s",
              min = "0s",
              max = "1h")
          Duration idle,
      @Setting(
              doc = "How long a chunk may wait before it is proven though the coordinator is busy.",
              byDefault = "1h",
              min = "0s",
              max = "30d")
          Duration deadline,
      @Setting(
              doc =
                  "Every byte of the vault is read again within that time, and its hash checked: in"
                      + " its first half not at all, then while nobody moves data, in its last"
                      + " tenth in any case, at the rate of rate_limit. What is later is an alarm.",
              byDefault = "30d",
              min = "1h",
              max = "3660d")
          Duration rereadWithin) {}

  /** Runs that policies ask for. */
  public record Schedule(
      @Setting(
              doc =
                  "Whether runs are begun by schedule. What falls due while they aren't is made up"
                      + " for as the policies say.",
              byDefault = "true")
          boolean enabled,
      @Setting(
              doc = "Most jobs at one time; what is due beyond them waits.",
              byDefault = "32",
              min = "1",
              max = "10000")
          int jobs,
      @Setting(doc = "Most jobs at one time on one host.", byDefault = "1", min = "1", max = "16")
          int jobsPerHost,
      @Setting(
              doc =
                  "Most jobs at one time in groups that policies name, such as [branch=4]. A group"
                      + " that isn't here has no cap of its own.")
          List<String> groups) {
    private static final Pattern GROUP = Pattern.compile("([^=]+)=([1-9][0-9]{0,4})");

    public Schedule {
      for (String group : groups) {
        if (!GROUP.matcher(group).matches()) {
          throw new IllegalArgumentException(
              "\"schedule.groups\": \""
                  + group
                  + "\" isn't a group and its most jobs: write name=number, such as branch=4");
        }
      }
    }

    Caps caps() {
      Map<String, Integer> sizes = new HashMap<>();
      for (String group : groups) {
        Matcher parts = GROUP.matcher(group);
        if (parts.matches()) {
          sizes.put(parts.group(1), Integer.valueOf(parts.group(2)));
        }
      }
      return new Caps(jobs, jobsPerHost, Map.of(), sizes);
    }
  }

  /** Deletion of snapshots. */
  public record Retention(
      @Setting(
              doc =
                  "How long a deleted snapshot can be had back, be it deleted by rules or by a"
                      + " person. What it needs stays in the vault until then.",
              byDefault = "7d",
              min = "1d",
              max = "366d")
          Duration undo) {}

  /** Garbage collection. */
  public record Gc(
      @Setting(
              doc =
                  "Whether sweeps are made by themselves. `holdfast gc run` makes one in any case.",
              byDefault = "true")
          boolean enabled,
      @Setting(
              doc = "How long after one sweep the next one begins.",
              byDefault = "1d",
              min = "1m",
              max = "366d")
          Duration interval,
      @Setting(
              doc =
                  "How long what nothing references stays in the vault at least, once a sweep has"
                      + " condemned it.",
              byDefault = "3d",
              min = "0s",
              max = "366d")
          Duration quarantine,
      @Setting(
              doc =
                  "Percent of a pack's bytes; packs of which less is live are rewritten. 0 rewrites"
                      + " none.",
              byDefault = "85",
              min = "0",
              max = "99")
          int rewriteBelow,
      @Setting(doc = "What rewrites read at most; 0 for no limit.", byDefault = "32 MiB/s")
          DataRate rewriteRate,
      @Setting(
              doc =
                  "So many bytes may be condemned by one sweep without an approval. More than that"
                      + " and more than 20 percent of what is stored wait for `holdfast gc"
                      + " approve`.",
              byDefault = "1 GiB",
              min = "0 B",
              max = "1 PiB")
          DataSize freeWithoutApproval) {}

  /** Patience. */
  public record Alarms(
      @Setting(
              doc = "How long a host may not be connected before that is a warning.",
              byDefault = "1d",
              min = "1m",
              max = "366d")
          Duration hostAway,
      @Setting(
              doc =
                  "How soon after its commit a snapshot has to be proven. One that isn't counts for"
                      + " no policy from then on. Without proof.enabled nothing has to be.",
              byDefault = "1d",
              min = "1m",
              max = "366d")
          Duration proofWithin) {}

  /** The log. */
  public record Log(@Setting(doc = "What to log.", byDefault = "info") LogLevel level) {}

  /** How much is logged. */
  public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG
  }

  /** {@code key_file}, or its place in the data directory. */
  public Path serviceKeyFile() {
    return keyFile.orElseGet(() -> dataDir.resolve("service.key"));
  }
}
