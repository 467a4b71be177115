package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.posix.Names;
import io.holdfast.agent.posix.Posix;
import io.holdfast.agent.testkit.BtrfsDisk;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.ImageFormat;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources beside files, from an order to a restored copy. */
@Timeout(300)
class SourcesTest {
  private static final int MIB = 1 << 20;

  @TempDir static Path shared;
  @TempDir Path directory;

  private static Fleet fleet;
  private static OrderedHost host;

  @BeforeAll
  static void found() throws Exception {
    fleet = Fleet.found(shared.resolve("fleet"));
    host = new OrderedHost(fleet, shared.resolve("host"));
  }

  @AfterAll
  static void stop() {
    host.close();
    fleet.close();
  }

  private static BackupOrder.Builder command(String name) {
    return BackupOrder.newBuilder()
        .setCommand(
            CommandSource.newBuilder()
                .setCommand(name)
                .setFileName("dump.sql")
                .setTimeLimitMillis(60_000));
  }

  private static BackupOrder.Builder image(Path path, ImageFormat format) {
    return BackupOrder.newBuilder()
        .setBlockImage(
            BlockImageSource.newBuilder()
                .setPath(OrderedHost.bytes(path.toString()))
                .setFormat(format));
  }

  private static BackupOrder.Builder files(Path path) {
    return BackupOrder.newBuilder().addSources(OrderedHost.bytes(path.toString()));
  }

  private static HookCall hook(String name) {
    return HookCall.newBuilder().setName(name).setTimeLimitMillis(60_000).build();
  }

  // What a program prints.

  @Test
  void shouldRestoreWhatAProgramPrinted() throws Exception {
    Path data = directory.resolve("data");
    Files.write(data, BackupAndRestoreTest.noise(11 * MIB + 17, 1));
    host.hooks.write("dump", "cat " + data);
    JobResult first = host.mustBackup(command("dump"));
    assertEquals(1, first.getTotals().getFiles());
    assertEquals(11 * MIB + 17, first.getTotals().getLogicalBytes());
    assertEquals(
        List.of("command dump dump.sql"),
        host.snapshots().stream()
            .filter(snapshot -> snapshot.getSnapshot().equals(first.getSnapshot()))
            .flatMap(snapshot -> snapshot.getSourcesList().stream())
            .map(ByteString::toStringUtf8)
            .toList());
    Path back = host.restore(first.getSnapshot()).resolve("dump.sql");
    assertEquals(-1, Files.mismatch(data, back));

    Files.write(data, "and a line\n".getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
    JobResult second = host.mustBackup(command("dump"));
    assertTrue(
        second.getTotals().getUploadedPlainBytes() < 5 * MIB,
        () -> "only what is new: " + second.getTotals());
    assertEquals(-1, Files.mismatch(data, host.restore(second.getSnapshot()).resolve("dump.sql")));
  }

  @Test
  void shouldMakeNoSnapshotOfAProgramThatFailed() throws Exception {
    host.hooks.write("broken", "seq 1 500000", "echo 'lost the connection' >&2", "exit 2");
    int before = host.snapshots().size();
    JobResult result = host.backup(command("broken"));
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
    assertEquals(ErrorCode.HOOK_FAILED.number(), result.getError().getCode());
    assertEquals(
        "hook broken ended with status 2: lost the connection", result.getError().getMessage());
    assertEquals(before, host.snapshots().size());
  }

  @Test
  void shouldMakeNoSnapshotOfAProgramThatTakesTooLong() throws Exception {
    host.hooks.write("endless", "echo some", "sleep 1000");
    int before = host.snapshots().size();
    BackupOrder.Builder order = command("endless");
    order.getCommandBuilder().setTimeLimitMillis(500);
    JobResult result = host.backup(order);
    assertEquals(ErrorCode.HOOK_FAILED.number(), result.getError().getCode());
    assertTrue(result.getError().getMessage().contains("time limit"), result::toString);
    assertEquals(before, host.snapshots().size());
  }

  @Test
  void shouldRefuseAProgramThatOthersCanChange() throws Exception {
    Path file = host.hooks.write("open", "true");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
    JobResult result = host.backup(command("open"));
    assertEquals(ErrorCode.HOOK_REFUSED.number(), result.getError().getCode(), result::toString);
  }

  // Runs.

  @Test
  void shouldCommitTheAttemptsOfARunOnce() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    FileTree.empty().file("a", "a").writeTo(source);
    ByteString run = ByteString.copyFrom(fleet.randomness.bytes(16));
    JobResult first = host.mustBackup(files(source).setRun(run));
    FileTree.empty().file("b", "b").writeTo(source);
    JobResult again = host.mustBackup(files(source).setRun(run));
    assertEquals(first.getSnapshot(), again.getSnapshot());
  }

  // Hooks around it.

  @Test
  void shouldRunHooksAroundABackup() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    Path log = directory.resolve("log");
    host.hooks.write("stop", "echo $HOLDFAST_PHASE $HOLDFAST_SOURCES >> " + log);
    host.hooks.write("start", "echo $HOLDFAST_PHASE $HOLDFAST_OUTCOME >> " + log, "echo started");
    host.hooks.write("grumble", "echo 'not so good'", "exit 1");
    JobResult result =
        host.mustBackup(
            files(source)
                .addBefore(hook("stop"))
                .addBefore(hook("grumble").toBuilder().setWarnOnly(true))
                .addAfter(hook("start")));
    assertEquals(List.of("before " + source, "after complete"), Files.readAllLines(log));
    assertEquals(3, result.getHooksCount());
    assertTrue(result.getHooks(1).getFailed());
    assertEquals("not so good", result.getHooks(1).getLastLines());
    assertEquals("started", result.getHooks(2).getLastLines());
  }

  // Disks.

  /** A disk of which a tenth was ever written to. */
  private Path disk() throws IOException {
    Path disk = directory.resolve("disk.raw");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(96L * MIB);
      write(file, MIB, BackupAndRestoreTest.noise(5 * MIB, 1));
      write(file, 40 * MIB + 4_096, BackupAndRestoreTest.noise(3 * MIB + 512, 2));
      write(file, 50 * MIB, new byte[4 * MIB]); // zeros, but no hole
      write(file, 95 * MIB, BackupAndRestoreTest.noise(MIB, 3));
    }
    return disk;
  }

  private static void write(RandomAccessFile file, long position, byte[] bytes) throws IOException {
    file.seek(position);
    file.write(bytes);
  }

  private static void change(Path disk) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      write(file, 2 * MIB, BackupAndRestoreTest.noise(8_192, 4));
      write(file, 41 * MIB, BackupAndRestoreTest.noise(20_000, 5));
      write(file, 70 * MIB, BackupAndRestoreTest.noise(4_096, 6));
    }
  }

  private Path restored(JobResult backup, Path disk) {
    return host.restore(backup.getSnapshot()).resolve(disk.toString().substring(1));
  }

  private static long allocated(Path file) throws IOException {
    return Posix.statAt(Posix.NO_DIRECTORY, Names.of(file.toString())).blocks() * 512;
  }

  @Test
  void shouldStoreOfADiskWhatWasWrittenAndThenWhatChanged() throws Exception {
    Path disk = disk();
    JobResult first = host.mustBackup(image(disk, ImageFormat.IMAGE_FORMAT_RAW));
    assertEquals(96L * MIB, first.getTotals().getLogicalBytes());
    assertTrue(first.getTotals().getUploadedPlainBytes() < 12 * MIB, first::toString);
    Path back = restored(first, disk);
    assertEquals(-1, Files.mismatch(disk, back));
    assertTrue(allocated(back) < 12 * MIB, () -> "zeros came back as data");

    change(disk);
    JobResult second = host.mustBackup(image(disk, ImageFormat.IMAGE_FORMAT_RAW));
    assertTrue(second.getTotals().getUploadedPlainBytes() < MIB / 2, second::toString);
    assertEquals(-1, Files.mismatch(disk, restored(second, disk)));
  }

  @Test
  void shouldSayThatThereIsNoDisk() {
    JobResult result =
        host.backup(image(directory.resolve("absent"), ImageFormat.IMAGE_FORMAT_RAW));
    assertEquals(ErrorCode.SOURCE_UNREADABLE.number(), result.getError().getCode());
    JobResult other = host.backup(image(directory, ImageFormat.IMAGE_FORMAT_RAW));
    assertTrue(other.getError().getMessage().contains("neither a file nor a block device"));
  }

  @Test
  void shouldReadTheDiskInAQcow2Image() throws Exception {
    assumeTrue(hasProgram("qemu-img") && hasProgram("qemu-nbd"), "qemu-utils are not installed");
    Path disk = disk();
    Path qcow2 = directory.resolve("disk.qcow2");
    must("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk.toString(), qcow2.toString());
    JobResult first = host.mustBackup(image(qcow2, ImageFormat.IMAGE_FORMAT_QCOW2));
    assertEquals(96L * MIB, first.getTotals().getLogicalBytes());
    assertTrue(first.getTotals().getUploadedPlainBytes() < 12 * MIB, first::toString);
    assertEquals(-1, Files.mismatch(disk, restored(first, qcow2)));

    must(
        "qemu-img",
        "bench",
        "-w",
        "-c",
        "1",
        "-s",
        "8192",
        "-o",
        "2097152",
        "--pattern=7",
        "-f",
        "qcow2",
        qcow2.toString());
    JobResult second = host.mustBackup(image(qcow2, ImageFormat.IMAGE_FORMAT_QCOW2));
    assertTrue(second.getTotals().getUploadedPlainBytes() < MIB / 2, second::toString);
    Path now = directory.resolve("now.raw");
    must("qemu-img", "convert", "-f", "qcow2", "-O", "raw", qcow2.toString(), now.toString());
    assertEquals(-1, Files.mismatch(now, restored(second, qcow2)));
  }

  @Test
  void shouldSayThatAnImageIsNotQcow2() throws Exception {
    assumeTrue(hasProgram("qemu-nbd"), "qemu-utils are not installed");
    JobResult result = host.backup(image(disk(), ImageFormat.IMAGE_FORMAT_QCOW2));
    assertEquals(ErrorCode.SOURCE_UNREADABLE.number(), result.getError().getCode());
    assertTrue(result.getError().getMessage().contains("not in qcow2 format"), result::toString);
  }

  // Points in time.

  @Test
  void shouldBackUpFromABtrfsSnapshotAndRemoveIt() throws Exception {
    Optional<String> whyNot = BtrfsDisk.whyNot(directory);
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
    try (BtrfsDisk disk = BtrfsDisk.make(Files.createDirectory(directory.resolve("btrfs")))) {
      FileTree tree =
          FileTree.empty()
              .directory("d")
              .file("d/a", "a")
              .hardLink("d/b", "d/a")
              .file("large", BackupAndRestoreTest.noise(3 * MIB, 7))
              .writeTo(disk.mountPoint());
      BackupOrder.Builder order =
          files(disk.mountPoint()).setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_BTRFS);
      JobResult first = host.mustBackup(order);
      Path back =
          host.restore(first.getSnapshot()).resolve(disk.mountPoint().toString().substring(1));
      assertEquals(List.of(), tree.differences(FileTree.read(back)));
      host.mustBackup(order);
      JobResult unchanged = host.mustBackup(order);
      assertEquals(0, unchanged.getTotals().getUploadedPlainBytes() >> 16, unchanged::toString);
      try (Stream<Path> top = Files.list(disk.mountPoint())) {
        assertEquals(
            List.of("d", "large"),
            top.map(path -> path.getFileName().toString()).sorted().toList());
      }
    }
  }

  @Test
  void shouldBackUpWhatAHookFroze() throws Exception {
    Path source = Files.createDirectory(directory.resolve("source"));
    FileTree.empty().file("a", "now").writeTo(source);
    Path frozen = directory.resolve("frozen");
    host.hooks.write(
        "freeze",
        "case $HOLDFAST_PHASE in",
        "snapshot-create) mkdir -p "
            + frozen
            + source
            + " && echo then > "
            + frozen
            + source
            + "/a && echo "
            + frozen
            + " ;;",
        "snapshot-remove) rm -r \"$HOLDFAST_SNAPSHOT_ROOT\" ;;",
        "esac");
    JobResult result =
        host.mustBackup(
            files(source)
                .setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_HOOK)
                .setSnapshotHook("freeze"));
    Path back = host.restore(result.getSnapshot()).resolve(source.toString().substring(1));
    assertArrayEquals(
        "then\n".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(back.resolve("a")));
    assertTrue(Files.notExists(frozen));
  }

  static boolean hasProgram(String name) {
    return Stream.of("/usr/bin/", "/usr/sbin/", "/sbin/")
        .anyMatch(bin -> Files.isExecutable(Path.of(bin + name)));
  }

  static String must(String... words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      assertEquals(0, process.waitFor(), () -> String.join(" ", words) + ": " + printed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(String.join(" ", words) + " was interrupted", e);
    }
    return printed;
  }
}
