package io.holdfast.coordinator.policy;

import io.holdfast.common.id.Bytes32;
import io.holdfast.common.snapshot.SnapshotFormat;
import io.holdfast.common.snapshot.SourceNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a snapshot reads. Paths are absolute, on the host, and without a slash at their end. */
public sealed interface Source {
  /**
   * What makes it the same source set again on one host, whatever its options: snapshots of one
   * source set are each other's base. Where it isn't files, the name that its snapshots carry.
   */
  String identity();

  /**
   * What its snapshots' source set is called in commits. Empty where only the runs that made them
   * tell: only paths are named alike by agents and policies.
   */
  default Optional<Bytes32> sourceSet() {
    return Optional.empty();
  }

  /**
   * Files and directories.
   *
   * @param include sorted, each once
   * @param exclude lines of a .gitignore file, in order
   * @param includeCaches take directories marked by CACHEDIR.TAG too
   * @param readEverything read and compare every file, even if its times say unchanged
   * @param snapshotHook the hook that makes the snapshot, for {@link SnapshotFirst#HOOK}
   */
  record Files(
      List<String> include,
      List<String> exclude,
      boolean oneFileSystem,
      boolean includeCaches,
      boolean readEverything,
      SnapshotFirst snapshotFirst,
      Optional<String> snapshotHook)
      implements Source {
    public Files {
      include = include.stream().sorted().distinct().toList();
      exclude = List.copyOf(exclude);
      if (include.isEmpty() || (snapshotFirst == SnapshotFirst.HOOK) != snapshotHook.isPresent()) {
        throw new IllegalArgumentException("files without paths, or a hook without a name");
      }
    }

    @Override
    public String identity() {
      return "files " + String.join(" ", include);
    }

    @Override
    public Optional<Bytes32> sourceSet() {
      return Optional.of(
          SnapshotFormat.sourceSet(
              include.stream().map(path -> path.getBytes(StandardCharsets.UTF_8)).toList()));
    }
  }

  /** What is done so that files are read as of one point in time. */
  enum SnapshotFirst {
    /** They are read as they lie. */
    NONE,
    /** From a btrfs snapshot that the agent makes and removes. */
    BTRFS,
    /** From what a hook makes and removes, such as an LVM or ZFS snapshot. */
    HOOK
  }

  /** A disk as a whole: a device or a file that holds one. */
  record BlockImage(String path, Format format) implements Source {
    @Override
    public String identity() {
      return SourceNames.blockImage(path);
    }
  }

  /** How a disk lies in its file. */
  enum Format {
    RAW,
    QCOW2
  }

  /**
   * What a program writes on its standard output.
   *
   * @param command name of a file that root put on the host; never a command line
   * @param fileName under which the output stands in the snapshot
   */
  record CommandStream(String command, String fileName, Duration timeLimit) implements Source {
    public static final Duration TIME_LIMIT_STANDARD = Duration.ofHours(12);

    @Override
    public String identity() {
      return SourceNames.command(command, fileName);
    }
  }

  /**
   * A PostgreSQL cluster through its replication protocol.
   *
   * @param host name, or directory of its socket
   * @param passwordFile on the host; never in a policy
   * @param walArchive archive the log between base backups, for restores to any point in time
   */
  record PostgreSql(
      String host,
      int port,
      String user,
      Optional<String> passwordFile,
      Checkpoint checkpoint,
      boolean walArchive)
      implements Source {
    public static final String HOST_STANDARD = "/var/run/postgresql";
    public static final int PORT_STANDARD = 5432;
    public static final String USER_STANDARD = "holdfast";

    @Override
    public String identity() {
      return SourceNames.postgreSql(host, port);
    }
  }

  /** How a PostgreSQL base backup begins. */
  enum Checkpoint {
    /** At once, whatever it costs. */
    FAST,
    /** When the server comes to it. */
    SPREAD
  }

  /**
   * A MariaDB server.
   *
   * @param databases to dump; none for all
   */
  record MariaDb(
      String socket,
      String user,
      Optional<String> passwordFile,
      Method method,
      List<String> databases)
      implements Source {
    public static final String SOCKET_STANDARD = "/run/mysqld/mysqld.sock";
    public static final String USER_STANDARD = "holdfast";

    public MariaDb {
      databases = databases.stream().sorted().distinct().toList();
      if (method == Method.BACKUP && !databases.isEmpty()) {
        throw new IllegalArgumentException("only a dump can be of some databases");
      }
    }

    @Override
    public String identity() {
      return SourceNames.mariaDb(socket, method.name(), databases);
    }
  }

  /** How a MariaDB server is read. */
  enum Method {
    /** By its own tool for physical backups. */
    BACKUP,
    /** As statements. */
    DUMP
  }
}
