package io.holdfast.deploy.database;

import com.google.protobuf.ByteString;
import io.holdfast.agent.node.AgentConfig;
import io.holdfast.agent.node.AgentNode;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.Fleet;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.Snapshot;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A fleet of one host, whose agent runs in this process. One thread. */
final class DatabaseFleet implements AutoCloseable {
  private static final String HOST = "alpha";

  private final Fleet fleet;
  private final Path restored;
  private final AdminLink admin;
  private AgentNode agent;

  private DatabaseFleet(Fleet fleet, Path restored) {
    this.fleet = fleet;
    this.restored = restored;
    this.admin = fleet.admin();
  }

  /**
   * Founds it in {@code root}.
   *
   * @param restored below which restores may write
   */
  static DatabaseFleet found(Path root, Path restored) throws Exception {
    Fleet fleet = Fleet.found(root);
    fleet.enrol(HOST).close();
    DatabaseFleet made = new DatabaseFleet(fleet, restored);
    made.startAgent();
    return made;
  }

  void startAgent() throws InterruptedException {
    String text =
        """
        version: 1
        data_dir: %s
        coordinators: ["%s"]
        restore:
          allow: ["%s"]
        postgres:
          archive_every: 5s
        """
            .formatted(state(), fleet.endpoint(), restored);
    AgentConfig config =
        new ConfigLoader<>(AgentConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
    agent = AgentNode.start(config, fleet.time, fleet.randomness);
    while (admin.status().getHostsConnected() == 0) {
      pause();
    }
  }

  void stopAgent() throws InterruptedException {
    agent.close();
    while (admin.status().getHostsConnected() > 0) {
      pause();
    }
  }

  Path state() {
    return fleet.root.resolve("agent-" + HOST);
  }

  void pause() throws InterruptedException {
    fleet.time.sleep(Duration.ofMillis(50));
  }

  AdminLink admin() {
    return admin;
  }

  /** Backs up, shows each event, and answers with the result. */
  JobResult backup(BackupOrder order, Consumer<JobEvent> each) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    admin.backup(
        StartBackupRequest.newBuilder().setHost(HOST).setOrder(order).build(),
        event -> {
          each.accept(event);
          if (event.hasResult()) {
            result.set(event.getResult());
          }
        });
    return result.get();
  }

  /** Restores all of a snapshot below {@code directory}. */
  JobResult restore(ByteString snapshot, Path directory) {
    AtomicReference<JobResult> result = new AtomicReference<>();
    admin.restore(
        StartRestoreRequest.newBuilder()
            .setSnapshot(HexFormat.of().formatHex(snapshot.toByteArray()))
            .setHost(HOST)
            .setOrder(
                RestoreOrder.newBuilder().setTarget(ByteString.copyFromUtf8(directory.toString())))
            .build(),
        event -> {
          if (event.hasResult()) {
            result.set(event.getResult());
          }
        });
    return result.get();
  }

  /** Those whose sources end so, the newest first. */
  List<Snapshot> snapshots(String sourceEnd) {
    List<Snapshot> found = new ArrayList<>();
    admin.snapshots(
        ListSnapshotsRequest.newBuilder().setHost(HOST).build(),
        snapshot -> {
          if (snapshot.getSourcesList().stream()
              .anyMatch(source -> source.toStringUtf8().endsWith(sourceEnd))) {
            found.add(snapshot);
          }
        });
    found.sort(Comparator.comparingLong(Snapshot::getSeq).reversed());
    return found;
  }

  @Override
  public void close() {
    agent.close();
    admin.close();
    fleet.close();
  }
}
