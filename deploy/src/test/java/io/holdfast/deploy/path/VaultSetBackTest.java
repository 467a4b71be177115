package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A vault and its coordinator are set back together to an earlier day, so that neither knows: the
 * host does, by its receipts.
 */
@Timeout(300)
class VaultSetBackTest {
  @TempDir Path directory;

  private Path allowed() {
    return directory.resolve("restored");
  }

  private AgentNode agent(Fleet fleet, Path state) {
    String text =
        """
        version: 1
        data_dir: %s
        coordinators: ["%s"]
        restore:
          allow: ["%s"]
        """
            .formatted(state, fleet.endpoint(), allowed());
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    return AgentNode.start(config, fleet.time, fleet.randomness);
  }

  private static void awaitConnected(Fleet fleet, AdminLink admin) throws InterruptedException {
    while (admin.status().getHostsConnected() == 0) {
      fleet.time.sleep(java.time.Duration.ofMillis(50));
    }
  }

  private static JobResult last(AtomicReference<JobResult> result, JobEvent event) {
    if (event.hasResult()) {
      result.set(event.getResult());
    }
    return result.get();
  }

  private JobResult backup(AdminLink admin, Path source) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    admin.backup(
        StartBackupRequest.newBuilder()
            .setHost("alpha")
            .setOrder(
                BackupOrder.newBuilder().addSources(ByteString.copyFromUtf8(source.toString())))
            .build(),
        event -> last(result, event));
    return result.get();
  }

  private JobResult restore(AdminLink admin) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    admin.restore(
        StartRestoreRequest.newBuilder()
            .setSnapshot("latest:alpha")
            .setHost("alpha")
            .setOrder(
                RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8(allowed().toString())))
            .build(),
        event -> last(result, event));
    return result.get();
  }

  private static long receipts(Path state) throws Exception {
    try (Stream<Path> files = Files.list(state.resolve("receipts"))) {
      return files.count();
    }
  }

  @Test
  void shouldRefuseRestoresAndGoOnBackingUpUntilTheNewerVaultIsBack() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "first");
    Fleet fleet = Fleet.found(directory.resolve("now"));
    fleet.enrol("alpha").close();
    Path state = fleet.root.resolve("agent-alpha");
    fleet.stop();
    Fleet earlier = Fleet.copyOf(fleet, directory.resolve("earlier"));

    fleet.start();
    try (AgentNode _ = agent(fleet, state);
        AdminLink admin = fleet.admin()) {
      awaitConnected(fleet, admin);
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, backup(admin, source).getOutcome());
      Files.writeString(source.resolve("file"), "second");
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, backup(admin, source).getOutcome());
      assertEquals(2, receipts(state));
    }
    fleet.stop();

    // The earlier day, on which the coordinator remembers nothing of what came after it.
    earlier.start();
    try (AgentNode _ = agent(earlier, state);
        AdminLink admin = earlier.admin()) {
      awaitConnected(earlier, admin);
      for (int i = 0; i < 5; i++) { // its journal becomes longer than the lost one was
        Files.writeString(source.resolve("file"), "later " + i);
        assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, backup(admin, source).getOutcome());
      }
      assertRefused(restore(admin));
      assertTrue(
          admin.status().getWarningsList().stream().anyMatch(said -> said.contains("set back")));
    }
    try (AgentNode _ = agent(earlier, state); // a longer journal doesn't make up for it
        AdminLink admin = earlier.admin()) {
      awaitConnected(earlier, admin);
      assertRefused(restore(admin));
    }
    earlier.stop();

    fleet.start();
    try (AgentNode _ = agent(fleet, state);
        AdminLink admin = fleet.admin()) {
      awaitConnected(fleet, admin);
      assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, restore(admin).getOutcome());
    }
    fleet.stop();
    Path restored = allowed().resolve(source.toString().substring(1)).resolve("file");
    assertEquals("second", Files.readString(restored));
  }

  private static void assertRefused(JobResult result) {
    assertEquals(JobOutcome.JOB_OUTCOME_FAILED, result.getOutcome());
    assertEquals(ErrorCode.JOURNAL_ROLLED_BACK.number(), result.getError().getCode());
  }
}
