package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.HostIdentity;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.restore.RestorePlan;
import io.holdfast.agent.restore.RestoreResult;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.id.Bytes32;
import io.holdfast.common.id.SnapshotId;
import io.holdfast.common.identity.Endpoint;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.seam.FileSystem;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.LossyDisk;
import io.holdfast.common.testkit.LossyFileSystem;
import io.holdfast.common.testkit.Ports;
import io.holdfast.common.testkit.PowerLoss;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.CoordinatorNode;
import io.holdfast.coordinator.node.Founding;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.deploy.path.ProtectedHost;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One coordinator and one host in this process; vault, journal and the coordinator's memory of it
 * lie on a {@link LossyDisk}, keys and catalog on the machine's own. One thread.
 */
final class DiskFleet implements AutoCloseable {
  private static final String PASSPHRASE = "correct horse battery staple";
  private static final Path VAULT = Path.of("/vault");
  private static final Duration LEAD_WITHIN = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  final LossyDisk disk;
  private final Path root;
  private final Path agent;
  private final CoordinatorConfig config;
  private final UnaryOperator<FileSystem> wrapping;
  private final Time time = new FastTime();
  private final Randomness randomness = Randomness.secure();
  private LossyFileSystem mount;
  private CoordinatorNode node;
  private ProtectedHost host;
  private int restores;

  private DiskFleet(Path root, Path agent, LossyDisk disk, UnaryOperator<FileSystem> wrapping)
      throws IOException {
    this.root = root;
    this.agent = agent;
    this.disk = disk;
    this.wrapping = wrapping;
    this.mount = disk.mount();
    int port = Ports.free();
    String text =
        """
        version: 1
        data_dir: %s
        listen: 127.0.0.1:%d
        advertise: [localhost:%d]
        vault:
          directory: %s
          reserve: 0 B
        admin:
          socket: %s
        metrics:
          enabled: false
        proof:
          enabled: false
        """
            .formatted(data(), port, port, VAULT, root.resolve("socket"));
    config =
        new ConfigLoader<>(CoordinatorConfig.class, name -> Optional.empty())
            .parse("test", text, List.of())
            .value();
  }

  /** Founds a fleet below {@code root}, starts its coordinator and enrols a host. */
  static DiskFleet found(Path root, long seed) throws Exception {
    return found(root, seed, UnaryOperator.identity());
  }

  /** With a coordinator that sees its disk through {@code wrapping} once it is founded. */
  static DiskFleet found(Path root, long seed, UnaryOperator<FileSystem> wrapping)
      throws Exception {
    DiskFleet fleet = new DiskFleet(root, root.resolve("agent"), LossyDisk.seeded(seed), wrapping);
    fleet.makeDataDirectory();
    try (Passphrase passphrase = Passphrase.of(PASSPHRASE.toCharArray())) {
      var _ =
          new Founding(fleet.config, fleet.mount, fleet.time, fleet.randomness).make(passphrase);
    }
    fleet.start();
    fleet.enrol();
    return fleet;
  }

  /** Another coordinator on the same vault, with a copy of this one's keys; not started. */
  DiskFleet rival(Path rivalRoot, UnaryOperator<FileSystem> rivalWrapping) throws IOException {
    DiskFleet rival = new DiskFleet(rivalRoot, agent, disk, rivalWrapping);
    TreeCopy.copy(data(), rival.data(), path -> !path.startsWith(catalog()));
    rival.makeDataDirectory();
    return rival;
  }

  /** The disk knows the data directory too: the memory of the journal lies there. */
  private void makeDataDirectory() throws IOException {
    Path made = Path.of("/");
    for (Path step : data()) {
      mount.syncDirectory(made);
      made = made.resolve(step);
      if (!mount.exists(made)) {
        mount.createDirectory(made);
      }
    }
    mount.syncDirectory(made.getParent());
  }

  private Path data() {
    return root.resolve("coordinator");
  }

  Path catalog() {
    return data().resolve("catalog");
  }

  private void enrol() throws IOException {
    String token;
    try (AdminLink admin = admin()) {
      token =
          admin
              .createToken(
                  CreateTokenRequest.newBuilder().setHostName("alpha").setValidSeconds(60).build())
              .getToken();
    }
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new Enrolment(StateDirectory.open(agent), time, randomness)
          .enrol(parsed, HostFacts.newBuilder().setName("alpha").build())
          .close();
    }
  }

  void start() throws InterruptedException {
    node = CoordinatorNode.start(config, wrapping.apply(mount), time, randomness);
  }

  /** Stops the coordinator in order. */
  void stop() {
    if (host != null) {
      host.close();
      host = null;
    }
    if (node != null) {
      node.close();
      node = null;
    }
  }

  void restart() throws InterruptedException {
    stop();
    start();
  }

  /** The coordinator dies where it stands. */
  void crash() {
    mount.kill();
    node.close();
  }

  /** After a crash: its machine loses power, and both come back. */
  void losePower(PowerLoss loss) throws InterruptedException {
    stop();
    disk.cutPower(loss);
    mount = disk.mount();
    start();
  }

  /** Why the coordinator can't go on, if so. */
  Optional<HoldfastException> failure() {
    return node.failure();
  }

  /** Bytes of all files on the disk. */
  long usedBytes() throws IOException {
    long enough = 1L << 40;
    disk.limitCapacity(enough);
    return enough - mount.usableBytes(VAULT);
  }

  AdminLink admin() {
    return AdminLink.open(root.resolve("socket"), Optional.empty());
  }

  /** Waits until the coordinator leads; one that ended itself is started, as a supervisor would. */
  void awaitLeading() throws InterruptedException {
    long deadline = time.nanos() + LEAD_WITHIN.toNanos();
    while (!isLeading()) {
      if (time.nanos() - deadline > 0) {
        throw new AssertionError("the coordinator does not lead again within " + LEAD_WITHIN);
      }
      time.sleep(LOOK_EVERY);
    }
  }

  private boolean isLeading() throws InterruptedException {
    if (node.failure().isPresent()) {
      restart();
    }
    try (AdminLink admin = admin()) {
      return admin.status().getLeader();
    } catch (HoldfastException notNow) {
      return false;
    }
  }

  private synchronized ProtectedHost host() {
    if (host == null) {
      StateDirectory state = StateDirectory.open(agent);
      host =
          new ProtectedHost(
              HostIdentity.load(state, randomness),
              new Endpoint("localhost", config.listen().port()),
              state,
              Time.system(),
              randomness);
    }
    return host;
  }

  /** Backs up {@code source}, or throws what the host was told. */
  SnapshotId backup(Path source) throws InterruptedException {
    var result = host().backup(source);
    assertEquals(0, result.gaps().size(), () -> result.gaps().toString());
    return result.snapshot();
  }

  /** All snapshots. */
  List<SnapshotId> snapshots() {
    List<SnapshotId> ids = new ArrayList<>();
    try (AdminLink admin = admin()) {
      admin.snapshots(
          ListSnapshotsRequest.getDefaultInstance(),
          snapshot -> ids.add(id(snapshot.getSnapshot())));
    }
    return ids;
  }

  private static SnapshotId id(ByteString bytes) {
    return new SnapshotId(Bytes32.of(bytes.toByteArray()));
  }

  void checkRestores(SnapshotId snapshot, Path source, FileTree expected) throws Exception {
    restores++;
    Path target = root.resolve("restored-" + restores);
    RestoreResult result = host().restore(snapshot, target, RestorePlan.EVERYTHING);
    assertEquals(List.of(), result.findings().failures());
    ProcessFleet.checkRestored(target, source, expected);
  }

  /** Requires that a verification by the keys finds nothing. */
  void checkProven() {
    List<VerifyEvent> faults = new ArrayList<>();
    try (AdminLink admin = admin()) {
      admin.verify(
          VerifyRequest.newBuilder().setLevel(VerifyLevel.VERIFY_LEVEL_PROVEN).build(),
          event -> {
            if (event.hasFault()) {
              faults.add(event);
            }
          });
    }
    assertEquals(List.of(), faults);
  }

  @Override
  public void close() {
    stop();
  }
}
