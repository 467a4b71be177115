package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.holdfast.agent.posix.Posix;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.BlockImageSource;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RestoreOrder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Block devices, read and written. Skipped, with the reason, where this machine has no loop devices
 * to give.
 */
@Timeout(300)
class DeviceTest {
  private static final int MIB = 1 << 20;
  private static final int DEVICE_BYTES = 64 * MIB;

  @TempDir Path directory;

  /** A loop device over a file. */
  private record Loop(Path file, Path device) implements AutoCloseable {
    static Loop over(Path file) throws Exception {
      return new Loop(
          file, Path.of(SourcesTest.must("losetup", "--find", "--show", file.toString())));
    }

    byte[] content() throws Exception {
      try (RandomAccessFile in = new RandomAccessFile(device.toFile(), "r")) {
        byte[] bytes = new byte[DEVICE_BYTES];
        in.readFully(bytes);
        return bytes;
      }
    }

    void write(long position, byte[] bytes) throws Exception {
      try (RandomAccessFile out = new RandomAccessFile(device.toFile(), "rwd")) {
        out.seek(position);
        out.write(bytes);
      }
    }

    @Override
    public void close() throws IOException {
      SourcesTest.must("losetup", "--detach", device.toString());
    }
  }

  private Path file(String name) throws Exception {
    Path file = directory.resolve(name);
    try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
      made.setLength(DEVICE_BYTES);
    }
    return file;
  }

  private static void assumeLoops() {
    assumeTrue(Posix.effectiveUserId() == 0, "only root can make loop devices");
    assumeTrue(SourcesTest.hasProgram("losetup"), "losetup is missing; install util-linux");
    assumeTrue(Files.exists(Path.of("/dev/loop-control")), "the kernel has no loop devices");
  }

  private static BackupOrder.Builder backup(Path device) {
    return BackupOrder.newBuilder()
        .setBlockImage(BlockImageSource.newBuilder().setPath(OrderedHost.bytes(device.toString())));
  }

  private static RestoreOrder.Builder onto(Path device, Path path) {
    return RestoreOrder.newBuilder()
        .setDevice(OrderedHost.bytes(device.toString()))
        .addPaths(OrderedHost.bytes(path.toString()));
  }

  @Test
  void shouldBackUpADeviceAndWriteItBackOntoAnother() throws Exception {
    assumeLoops();
    Path link = directory.resolve("link");
    try (Loop from = Loop.over(file("from"));
        Loop to = Loop.over(file("to"));
        Loop other = Loop.over(file("other"));
        Fleet fleet = Fleet.found(directory.resolve("fleet"));
        OrderedHost host = new OrderedHost(fleet, directory.resolve("host"), to.device())) {
      from.write(3 * MIB, BackupAndRestoreTest.noise(2 * MIB + 5_000, 1));
      from.write(DEVICE_BYTES - 4_096, BackupAndRestoreTest.noise(4_096, 2));
      Files.createSymbolicLink(link, from.device());
      JobResult first = host.mustBackup(backup(link));
      assertEquals(DEVICE_BYTES, first.getTotals().getLogicalBytes());
      assertTrue(first.getTotals().getUploadedPlainBytes() < 4 * MIB, first::toString);
      from.write(4 * MIB, BackupAndRestoreTest.noise(8_192, 3));
      JobResult second = host.mustBackup(backup(link));
      assertTrue(second.getTotals().getUploadedPlainBytes() < MIB / 2, second::toString);

      to.write(0, BackupAndRestoreTest.noise(DEVICE_BYTES, 9)); // nothing of it may stay
      JobResult done = host.restore(second.getSnapshot(), onto(to.device(), link));
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, done.getOutcome(), done::toString);
      assertEquals(-1, Arrays.mismatch(from.content(), to.content()));

      JobResult refused = host.restore(second.getSnapshot(), onto(other.device(), link));
      assertEquals(ErrorCode.TARGET_NOT_ALLOWED.number(), refused.getError().getCode());
      JobResult missing = host.restore(second.getSnapshot(), onto(to.device(), Path.of("/x")));
      assertEquals(ErrorCode.PATH_NOT_FOUND.number(), missing.getError().getCode());
    }
  }

  @Test
  void shouldNotWriteOntoADeviceThatIsInUse() throws Exception {
    assumeLoops();
    Path mountPoint = Files.createDirectory(directory.resolve("mounted"));
    try (Loop from = Loop.over(file("from"));
        Loop to = Loop.over(file("to"));
        Fleet fleet = Fleet.found(directory.resolve("fleet"));
        OrderedHost host = new OrderedHost(fleet, directory.resolve("host"), to.device())) {
      from.write(0, BackupAndRestoreTest.noise(MIB, 1));
      JobResult backup = host.mustBackup(backup(from.device()));
      SourcesTest.must("mkfs.ext4", "-q", to.device().toString());
      SourcesTest.must("mount", to.device().toString(), mountPoint.toString());
      try {
        JobResult refused = host.restore(backup.getSnapshot(), onto(to.device(), from.device()));
        assertEquals(
            ErrorCode.TARGET_CONFLICT.number(), refused.getError().getCode(), refused::toString);
      } finally {
        SourcesTest.must("umount", mountPoint.toString());
      }
    }
  }
}
