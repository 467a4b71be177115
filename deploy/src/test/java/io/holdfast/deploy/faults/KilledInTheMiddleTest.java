package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.hook.Scripts;
import io.holdfast.agent.testkit.BtrfsDisk;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.seam.Time;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.CommandSource;
import io.holdfast.proto.wire.v1.HookCall;
import io.holdfast.proto.wire.v1.SnapshotFirst;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of an agent that had changed something on its host: its next life puts that right. */
@Timeout(300)
class KilledInTheMiddleTest {
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  @TempDir Path root;

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    while (!condition.holds()) {
      Time.system().sleep(LOOK_EVERY); // the test's time limit ends this
    }
  }

  private static HookCall hook(String name) {
    return HookCall.newBuilder().setName(name).setTimeLimitMillis(60_000).build();
  }

  @Test
  void shouldRunTheHooksAfterABackupThatDiedWithItsAgent() throws Exception {
    Path begun = root.resolve("begun");
    Path thawed = root.resolve("thawed");
    Scripts scripts = Scripts.in(root);
    scripts.write("dump", "echo $$ > " + begun, "sleep 1000");
    scripts.write("thaw", "echo $HOLDFAST_PHASE $HOLDFAST_OUTCOME >> " + thawed);
    try (ProcessFleet fleet = ProcessFleet.found(root)) {
      CompletableFuture<ProcessFleet.Told> told =
          fleet.backup(
              BackupOrder.newBuilder()
                  .setCommand(CommandSource.newBuilder().setCommand("dump").setFileName("dump"))
                  .addAfter(hook("thaw")));
      await(() -> Files.exists(begun) && Files.size(begun) > 0);
      await(this::isNoted);
      long program = Long.parseLong(Files.readString(begun).strip());
      fleet.agent.kill();
      assertTrue(Files.notExists(thawed));
      fleet.agent.start();
      await(() -> Files.exists(thawed) && Files.size(thawed) > 0);
      await(() -> !runs(program));
      assertTrue(told.get().acknowledged().isEmpty(), () -> "half a stream is no snapshot");
      fleet.awaitReady();
      assertEquals(List.of(), fleet.snapshots());
      assertEquals(List.of("after failed"), Files.readAllLines(thawed));
    }
  }

  /** An agent that is killed before that can't know its program any more. */
  private boolean isNoted() throws IOException {
    try (Stream<Path> scratch = Files.list(root.resolve("agent/scratch"))) {
      return scratch.anyMatch(
          file -> file.getFileName().toString().endsWith(".pid") && file.toFile().length() > 0);
    }
  }

  /** A process that has ended and that nobody asked about has no command. */
  private static boolean runs(long process) {
    return ProcessHandle.of(process).flatMap(handle -> handle.info().command()).isPresent();
  }

  @Test
  void shouldRemoveTheSnapshotsOfABackupThatDiedWithItsAgent() throws Exception {
    Optional<String> whyNot = BtrfsDisk.whyNot(root);
    assumeTrue(whyNot.isEmpty(), () -> whyNot.orElse(""));
    try (BtrfsDisk disk = BtrfsDisk.make(Files.createDirectory(root.resolve("btrfs")));
        ProcessFleet fleet = ProcessFleet.found(root)) {
      FileTree.empty().file("large", new byte[3 << 20]).writeTo(disk.mountPoint());
      var told =
          fleet.backup(
              BackupOrder.newBuilder()
                  .addSources(ByteString.copyFromUtf8(disk.mountPoint().toString()))
                  .setRateLimit(20_000)
                  .setSnapshotFirst(SnapshotFirst.SNAPSHOT_FIRST_BTRFS));
      await(() -> !snapshots(disk).isEmpty());
      fleet.agent.kill();
      assertEquals(1, snapshots(disk).size());
      fleet.agent.start();
      await(() -> snapshots(disk).isEmpty());
      assertTrue(told.get().acknowledged().isEmpty());
      fleet.awaitReady();
    }
  }

  private static List<Path> snapshots(BtrfsDisk disk) throws IOException {
    try (Stream<Path> top = Files.list(disk.mountPoint())) {
      return top.filter(path -> path.getFileName().toString().startsWith(".holdfast-")).toList();
    }
  }
}
