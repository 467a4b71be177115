package io.holdfast.deploy.path;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.agent.hook.Scripts;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.seam.Time;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** A host of a fleet whose agent runs in this process, and an operator who gives it orders. */
final class OrderedHost implements AutoCloseable {
  static final String NAME = "alpha";
  private static final Duration CONNECTED_WITHIN = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(10);

  final Scripts hooks;
  private final Fleet fleet;
  private final Path restored;
  private final AgentNode agent;
  private int restores;

  /**
   * Enrols it and starts its agent.
   *
   * @param root a directory for what the host has
   * @param devices that may be restored onto
   */
  OrderedHost(Fleet fleet, Path root, Path... devices) throws Exception {
    this(fleet, root, "", devices);
  }

  /** As the first one, with {@code more} lines of what its configuration says of restores. */
  OrderedHost(Fleet fleet, Path root, String more, Path... devices) throws Exception {
    this.fleet = fleet;
    this.hooks = Scripts.in(Files.createDirectories(root));
    this.restored = root.resolve("restored");
    fleet.enrol(NAME).close();
    String text =
        """
        version: 1
        data_dir: %s
        restore:
          allow: [%s]
          devices: %s
        %shooks:
          directory: %s
        """
            .formatted(
                fleet.state(NAME).root(), restored, List.of(devices), more, hooks.directory());
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    this.agent = AgentNode.start(config, fleet.time, fleet.randomness);
    awaitConnected();
  }

  void awaitConnected() throws InterruptedException {
    Time time = Time.system();
    long deadline = time.nanos() + CONNECTED_WITHIN.toNanos();
    try (AdminLink admin = fleet.admin()) {
      while (!agent.isConnected() || admin.status().getHostsConnected() == 0) {
        if (time.nanos() - deadline > 0) {
          throw new AssertionError("the agent did not connect within " + CONNECTED_WITHIN);
        }
        time.sleep(LOOK_EVERY);
      }
    }
  }

  JobResult backup(BackupOrder.Builder order) {
    List<JobResult> results = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.backup(
          StartBackupRequest.newBuilder().setHost(NAME).setOrder(order).build(),
          event -> add(event, results));
    }
    return results.getLast();
  }

  private static void add(JobEvent event, List<JobResult> results) {
    if (event.hasResult()) {
      results.add(event.getResult());
    }
  }

  JobResult mustBackup(BackupOrder.Builder order) {
    JobResult result = backup(order);
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    return result;
  }

  /** Restores all of a snapshot; where to. */
  Path restore(ByteString snapshot) {
    restores++;
    Path target = restored.resolve(Integer.toString(restores));
    JobResult result =
        restore(snapshot, RestoreOrder.newBuilder().setTarget(bytes(target.toString())));
    assertEquals(JobOutcome.JOB_OUTCOME_COMPLETE, result.getOutcome(), result::toString);
    return target;
  }

  JobResult restore(ByteString snapshot, RestoreOrder.Builder order) {
    List<JobResult> results = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.restore(
          StartRestoreRequest.newBuilder()
              .setSnapshot(HexFormat.of().formatHex(snapshot.toByteArray()))
              .setHost(NAME)
              .setOrder(order)
              .build(),
          event -> add(event, results));
    }
    return results.getLast();
  }

  List<Snapshot> snapshots() {
    List<Snapshot> snapshots = new ArrayList<>();
    try (AdminLink admin = fleet.admin()) {
      admin.snapshots(ListSnapshotsRequest.getDefaultInstance(), snapshots::add);
    }
    return snapshots;
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  @Override
  public void close() {
    agent.close();
  }
}
