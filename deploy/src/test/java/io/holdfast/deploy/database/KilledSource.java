package io.holdfast.deploy.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.hook.Scripts;
import io.holdfast.common.testkit.Trees;
import io.holdfast.deploy.faults.ProcessFleet;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.ImageFormat;
import io.holdfast.proto.wire.v1.MariaDbSource;
import io.holdfast.proto.wire.v1.PostgresSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Something other than files that is backed up, and what one sees of that on its host. */
interface KilledSource extends AutoCloseable {
  BackupOrder.Builder order();

  /**
   * Whether a backup of it is at work, by what it has on the host.
   *
   * @param scratch of the agent
   */
  boolean isUnderWay(Path scratch) throws Exception;

  /** Whether nothing of a backup runs any more or is left, beside the agent's own directory. */
  boolean isOver() throws Exception;

  /** What else a snapshot of it must fulfil. */
  default void check(String snapshot, ProcessFleet fleet) throws Exception {}

  @Override
  default void close() throws IOException {}

  /** A cluster of a server of its own, as the README grants it. */
  static KilledSource postgres(Path directory) throws Exception {
    PostgresServer server = PostgresServer.make(directory.resolve("pg")).start();
    PostgresBackupTest.grant(server);
    return new Cluster(server, PostgresBackupTest.source(server));
  }

  /** A physical backup of a server of its own, with a password. */
  static KilledSource mariaDb(Path directory) throws Exception {
    MariaDbServer server = MariaDbServer.make(directory.resolve("db")).start();
    server.query(
        "CREATE USER holdfast@localhost IDENTIFIED BY 'secret'; GRANT RELOAD, PROCESS, LOCK TABLES,"
            + " BINLOG MONITOR, REPLICA MONITOR ON *.* TO holdfast@localhost");
    Path password = Files.writeString(directory.resolve("password"), "secret\n");
    Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    return new Server(
        server,
        MariaDbSource.newBuilder()
            .setSocket(server.socket().toString())
            .setUser("holdfast")
            .setPasswordFile(password.toString()));
  }

  /** A disk in a file, as it is. */
  static KilledSource disk(Path directory) throws IOException {
    return new Disk(noise(directory.resolve("disk.raw")), ImageFormat.IMAGE_FORMAT_RAW);
  }

  /** A disk in a qcow2 file. */
  static KilledSource qcow2(Path directory) throws Exception {
    Path raw = noise(directory.resolve("for-qcow2.raw"));
    Path image = directory.resolve("disk.qcow2");
    Command.run(
        List.of(
            "qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString()));
    return new Disk(image, ImageFormat.IMAGE_FORMAT_QCOW2);
  }

  static boolean canReadQcow2() {
    return Stream.of("/usr/bin/qemu-img", "/usr/bin/qemu-nbd")
        .allMatch(program -> Files.isExecutable(Path.of(program)));
  }

  /** A program that prints for long. */
  static KilledSource program(Path directory, Path root) throws IOException {
    Path content = noise(directory.resolve("printed"));
    Scripts.in(root).write("print", "cat " + content);
    return new Program(root.resolve("hooks/print"), content);
  }

  private static Path noise(Path file) throws IOException {
    byte[] bytes = new byte[12 << 20];
    new Random(file.hashCode()).nextBytes(bytes);
    return Files.write(file, bytes);
  }

  /** Whether a program of that name runs with {@code argument} among what it was told. */
  private static boolean runs(String program, String argument) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::info)
        .filter(info -> info.command().filter(path -> path.endsWith("/" + program)).isPresent())
        .flatMap(info -> Stream.of(info.arguments().orElseGet(() -> new String[0])))
        .anyMatch(each -> each.contains(argument));
  }

  /** See {@link #postgres}. */
  record Cluster(PostgresServer server, PostgresSource.Builder source) implements KilledSource {
    @Override
    public BackupOrder.Builder order() {
      return BackupOrder.newBuilder().setPostgres(source);
    }

    private String count(String from) throws Exception {
      return server.query("SELECT count(*) FROM " + from);
    }

    @Override
    public boolean isUnderWay(Path scratch) throws Exception {
      return !count("pg_replication_slots").equals("0");
    }

    @Override
    public boolean isOver() throws Exception {
      return count("pg_replication_slots").equals("0")
          && count("pg_stat_activity WHERE application_name = 'holdfast'").equals("0")
          && Files.notExists(server.data().resolve("backup_label"));
    }

    @Override
    public void close() throws IOException {
      server.close();
    }

    @Override
    public String toString() {
      return "a PostgreSQL cluster";
    }
  }

  /** See {@link #mariaDb}. */
  record Server(MariaDbServer server, MariaDbSource.Builder source) implements KilledSource {
    @Override
    public BackupOrder.Builder order() {
      return BackupOrder.newBuilder().setMariadb(source);
    }

    /** The password lies there while the tool may still read it. */
    @Override
    public boolean isUnderWay(Path scratch) {
      return Files.exists(scratch.resolve("mariadb.cnf")) && !isOver();
    }

    @Override
    public boolean isOver() {
      return !runs("mariadb-backup", server.socket().toString());
    }

    @Override
    public void close() throws IOException {
      server.close();
    }

    @Override
    public String toString() {
      return "a MariaDB server";
    }
  }

  /** See {@link #disk} and {@link #qcow2}. */
  record Disk(Path image, ImageFormat format) implements KilledSource {
    @Override
    public BackupOrder.Builder order() {
      return BackupOrder.newBuilder()
          .setBlockImage(
              BlockImageSource.newBuilder()
                  .setPath(ByteString.copyFromUtf8(image.toString()))
                  .setFormat(format));
    }

    private boolean isQcow2() {
      return format == ImageFormat.IMAGE_FORMAT_QCOW2;
    }

    @Override
    public boolean isUnderWay(Path scratch) throws IOException {
      return isQcow2() ? runs("qemu-nbd", image.toString()) : isOpen();
    }

    /** By whoever has the file open. */
    private boolean isOpen() throws IOException {
      try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
        return processes
            .map(process -> process.resolve("fd"))
            .filter(Files::isReadable)
            .anyMatch(this::isAmong);
      }
    }

    private boolean isAmong(Path descriptors) {
      try (Stream<Path> open = Files.list(descriptors)) {
        return open.anyMatch(descriptor -> {
          try {
            return Files.readSymbolicLink(descriptor).equals(image);
          } catch (IOException closed) {
            return false;
          }
        });
      } catch (IOException | UncheckedIOException ended) {
        return false;
      }
    }

    @Override
    public boolean isOver() throws IOException {
      return isQcow2() ? !runs("qemu-nbd", image.toString()) : !isOpen();
    }

    @Override
    public void check(String snapshot, ProcessFleet fleet) throws Exception {
      if (!isQcow2()) {
        Path target = fleet.newTarget();
        var told = fleet.undisturbed(() -> fleet.restore(snapshot, target));
        assertTrue(told instanceof ProcessFleet.Told.Ended, told::toString);
        assertEquals(-1, Files.mismatch(image, target.resolve(image.toString().substring(1))));
        Trees.delete(target);
      }
    }

    @Override
    public String toString() {
      return isQcow2() ? "a disk in qcow2" : "a disk";
    }
  }

  /** See {@link #program}. */
  record Program(Path script, Path content) implements KilledSource {
    @Override
    public BackupOrder.Builder order() {
      return BackupOrder.newBuilder()
          .setCommand(
              CommandSource.newBuilder()
                  .setCommand("print")
                  .setFileName("printed")
                  .setTimeLimitMillis(600_000));
    }

    /** One that isn't noted yet is nobody's: it ends with its pipe. */
    @Override
    public boolean isUnderWay(Path scratch) throws IOException {
      try (Stream<Path> files = Files.list(scratch)) {
        return files.anyMatch(file -> file.toString().endsWith(".pid") && isWritten(file))
            && !isOver();
      }
    }

    private static boolean isWritten(Path file) {
      return file.toFile().length() > 0;
    }

    /** By what shell and child were told: their numbers would soon be other processes'. */
    @Override
    public boolean isOver() {
      return ProcessHandle.allProcesses()
          .flatMap(process -> Stream.of(process.info().arguments().orElseGet(() -> new String[0])))
          .noneMatch(each -> each.contains(script.toString()) || each.contains(content.toString()));
    }

    @Override
    public void check(String snapshot, ProcessFleet fleet) throws Exception {
      Path target = fleet.newTarget();
      var told = fleet.undisturbed(() -> fleet.restore(snapshot, target));
      assertTrue(told instanceof ProcessFleet.Told.Ended, told::toString);
      assertEquals(-1, Files.mismatch(content, target.resolve("printed")));
      Trees.delete(target);
    }

    @Override
    public String toString() {
      return "a program";
    }
  }
}
