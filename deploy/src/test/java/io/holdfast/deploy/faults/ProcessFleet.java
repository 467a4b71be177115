package io.holdfast.deploy.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import io.holdfast.agent.enrolment.Enrolment;
import io.holdfast.agent.enrolment.StateDirectory;
import io.holdfast.agent.testkit.FileTree;
import io.holdfast.common.config.ConfigLoader;
import io.holdfast.common.error.ErrorCode;
import io.holdfast.common.error.HoldfastException;
import io.holdfast.common.identity.EnrolmentToken;
import io.holdfast.common.key.Passphrase;
import io.holdfast.common.seam.Randomness;
import io.holdfast.common.seam.Time;
import io.holdfast.common.testkit.Ports;
import io.holdfast.common.testkit.Trees;
import io.holdfast.coordinator.node.CoordinatorConfig;
import io.holdfast.coordinator.node.Founding;
import io.holdfast.deploy.link.AdminLink;
import io.holdfast.proto.wire.v1.BackupOrder;
import io.holdfast.proto.wire.v1.ConflictMode;
import io.holdfast.proto.wire.v1.CreateTokenRequest;
import io.holdfast.proto.wire.v1.HostFacts;
import io.holdfast.proto.wire.v1.JobEvent;
import io.holdfast.proto.wire.v1.JobOutcome;
import io.holdfast.proto.wire.v1.JobResult;
import io.holdfast.proto.wire.v1.ListSnapshotsRequest;
import io.holdfast.proto.wire.v1.RestoreOrder;
import io.holdfast.proto.wire.v1.StartBackupRequest;
import io.holdfast.proto.wire.v1.StartRestoreRequest;
import io.holdfast.proto.wire.v1.StatusAnswer;
import io.holdfast.proto.wire.v1.VerifyEvent;
import io.holdfast.proto.wire.v1.VerifyLevel;
import io.holdfast.proto.wire.v1.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One coordinator and one agent as real processes over real TLS, and an operator on the admin
 * socket. One thread.
 */
public final class ProcessFleet implements AutoCloseable {
  static final String HOST = "alpha";
  static final String PASSPHRASE = "correct horse battery staple";
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  public final Path root;
  final Path vault;
  public final Daemon coordinator;
  public final Daemon agent;
  private final Path data;
  private final Time time = Time.system();
  private final Randomness randomness = Randomness.secure();
  private Duration ahead = Duration.ZERO;
  private int restores;

  private ProcessFleet(Path root, Path vault, Path data) throws IOException {
    this.root = root;
    this.vault = vault;
    this.data = data;
    Files.writeString(root.resolve("coordinator.yaml"), coordinatorYaml(data, "c"));
    Files.writeString(
        root.resolve("agent.yaml"),
        """
        version: 1
        data_dir: %s
        restore:
          allow: [%s]
        hooks:
          directory: %s
        """
            .formatted(root.resolve("agent"), root.resolve("restored"), root.resolve("hooks")));
    coordinator = daemon("coordinator", "coordinator.yaml");
    agent = daemon("agent", "agent.yaml");
  }

  private Daemon daemon(String role, String config) {
    Path log = root.resolve(config.replace(".yaml", ".log"));
    return new Daemon(log, "--config", root.resolve(config).toString(), role, "run");
  }

  /** Founds a fleet below {@code root} and starts its two processes. */
  public static ProcessFleet found(Path root) throws Exception {
    return found(root, root.resolve("vault"), root.resolve("coordinator"));
  }

  /** With vault and the coordinator's data wherever the test wants them; both must exist. */
  static ProcessFleet found(Path root, Path vault, Path data) throws Exception {
    Files.createDirectories(vault);
    ProcessFleet fleet = new ProcessFleet(root, vault, data);
    try (Passphrase passphrase = Passphrase.of(PASSPHRASE.toCharArray())) {
      var _ = new Founding(fleet.config(), fleet.time, fleet.randomness).make(passphrase);
    }
    fleet.coordinator.start();
    fleet.awaitLeading();
    fleet.enrol();
    fleet.agent.start();
    fleet.awaitReady();
    return fleet;
  }

  private String coordinatorYaml(Path dataDir, String socket) throws IOException {
    int port = Ports.free();
    return """
    version: 1
    data_dir: %s
    listen: 127.0.0.1:%d
    advertise: [localhost:%d]
    vault:
      directory: %s
    admin:
      socket: %s
    metrics:
      enabled: false
    packs:
      data_target: 1 MiB
      page_target: 1 MiB
    gc:
      enabled: false
      quarantine: 0s
    """
        .formatted(dataDir, port, port, vault, root.resolve(socket));
  }

  private CoordinatorConfig config() throws IOException {
    return new ConfigLoader<>(CoordinatorConfig.class, name -> Optional.empty())
        .parse("test", Files.readString(root.resolve("coordinator.yaml")), List.of())
        .value();
  }

  private void enrol() throws IOException {
    String token;
    try (AdminLink admin = admin()) {
      token =
          admin
              .createToken(
                  CreateTokenRequest.newBuilder().setHostName(HOST).setValidSeconds(60).build())
              .getToken();
    }
    StateDirectory state = StateDirectory.open(root.resolve("agent"));
    try (EnrolmentToken parsed = EnrolmentToken.parse(token)) {
      new Enrolment(state, time, randomness)
          .enrol(parsed, HostFacts.newBuilder().setName(HOST).build())
          .close();
    }
  }

  /** A second coordinator on the same vault, with a copy of the first one's keys. Not started. */
  Daemon rival() throws IOException {
    Path copy = root.resolve("rival");
    TreeCopy.copy(data, copy, path -> !path.startsWith(data.resolve("catalog")));
    Files.writeString(root.resolve("rival.yaml"), coordinatorYaml(copy, "r"));
    return daemon("coordinator", "rival.yaml");
  }

  Path socket() {
    return root.resolve("c");
  }

  public AdminLink admin() {
    return AdminLink.open(socket(), Optional.empty());
  }

  /** Kills both, lets {@code days} pass on their clocks, and starts them again. */
  void letPass(Duration days) throws Exception {
    agent.kill();
    coordinator.kill();
    ahead = ahead.plus(days);
    coordinator.become(LaterMain.class, later("coordinator"));
    agent.become(LaterMain.class, later("agent"));
    coordinator.start();
    agent.start();
    awaitReady();
    try (AdminLink admin = admin()) {
      var _ = admin.confirmClock(true);
    }
  }

  private String[] later(String role) {
    return new String[] {role, root.resolve(role + ".yaml").toString(), ahead.toString()};
  }

  /** Waits until the coordinator answers and leads. */
  void awaitLeading() throws Exception {
    await("a coordinator that leads", StatusAnswer::getLeader);
  }

  /**
   * Waits until the coordinator leads, the host is connected and no job runs. The agent itself says
   * so first: a coordinator may take the stream of the one that was killed just now for alive.
   */
  public void awaitReady() throws Exception {
    await(
        "a coordinator that leads, with its host",
        status ->
            agent.hasSaid("connected to the coordinator")
                && status.getLeader()
                && status.getHostsConnected() == 1
                && status.getJobsRunning() == 0);
  }

  void await(String what, Predicate<StatusAnswer> condition) throws Exception {
    long deadline = time.nanos() + READY_WITHIN.toNanos();
    while (!holds(condition)) {
      if (time.nanos() - deadline > 0) {
        throw new AssertionError("not " + what + " within " + READY_WITHIN + "\n" + logs());
      }
      if (!coordinator.isAlive()) {
        throw new AssertionError("the coordinator ended instead of " + what + "\n" + logs());
      }
      time.sleep(LOOK_EVERY);
    }
  }

  private boolean holds(Predicate<StatusAnswer> condition) {
    try (AdminLink admin = admin()) {
      return condition.test(admin.status());
    } catch (HoldfastException notYet) {
      return false;
    }
  }

  public String logs() {
    return coordinator.logTail() + "\n" + agent.logTail();
  }

  /** How a job ended, as the operator who started it was told. */
  public sealed interface Told {
    record Ended(JobResult result) implements Told {}

    record Failed(HoldfastException cause) implements Told {}

    /** The snapshot of a backup that was reported as complete. */
    default Optional<String> acknowledged() {
      return this instanceof Ended(JobResult result)
              && result.getOutcome() == JobOutcome.JOB_OUTCOME_COMPLETE
          ? Optional.of(hex(result.getSnapshot()))
          : Optional.empty();
    }
  }

  static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /** Starts a backup of {@code source}. */
  CompletableFuture<Told> backup(Path source) {
    return backup(source, 0);
  }

  /** Starts a backup of {@code source} that takes long. */
  CompletableFuture<Told> slowBackup(Path source) {
    return backup(source, 20_000);
  }

  private CompletableFuture<Told> backup(Path source, long bytesPerSecond) {
    return backup(
        BackupOrder.newBuilder()
            .addSources(ByteString.copyFromUtf8(source.toString()))
            .setRateLimit(bytesPerSecond));
  }

  public CompletableFuture<Told> backup(BackupOrder.Builder order) {
    StartBackupRequest request =
        StartBackupRequest.newBuilder().setHost(HOST).setOrder(order).build();
    return follow((admin, events) -> admin.backup(request, events));
  }

  /** Starts a restore of {@code snapshot} into {@code target}. */
  public CompletableFuture<Told> restore(String snapshot, Path target) {
    StartRestoreRequest request =
        StartRestoreRequest.newBuilder()
            .setSnapshot(snapshot)
            .setHost(HOST)
            .setOrder(
                RestoreOrder.newBuilder()
                    .setTarget(ByteString.copyFromUtf8(target.toString()))
                    .setConflict(ConflictMode.CONFLICT_MODE_OVERWRITE_IF_DIFFERENT))
            .build();
    return follow((admin, events) -> admin.restore(request, events));
  }

  private interface Start {
    void on(AdminLink admin, Consumer<JobEvent> events);
  }

  private CompletableFuture<Told> follow(Start start) {
    CompletableFuture<Told> told = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (AdminLink admin = admin()) {
            JobResult.Builder last = JobResult.newBuilder();
            start.on(
                admin,
                event -> {
                  if (event.hasResult()) {
                    last.mergeFrom(event.getResult());
                  }
                });
            told.complete(new Told.Ended(last.build()));
          } catch (HoldfastException e) {
            told.complete(new Told.Failed(e));
          } catch (RuntimeException | Error e) {
            told.completeExceptionally(e);
          }
        });
    return told;
  }

  /**
   * What came of an order that nobody disturbs. On a machine that is too busy a coordinator may
   * have given up a stream by which it heard nothing: then it is asked again, as it says.
   */
  public Told undisturbed(Supplier<CompletableFuture<Told>> order) throws Exception {
    Told told = order.get().get();
    while (told instanceof Told.Failed(HoldfastException e)
        && e.code() == ErrorCode.HOST_NOT_CONNECTED) {
      awaitReady();
      told = order.get().get();
    }
    return told;
  }

  /** Backs up and requires success; returns the snapshot. */
  String mustBackup(Path source) throws Exception {
    Told told = undisturbed(() -> backup(source));
    return told.acknowledged()
        .orElseThrow(() -> new AssertionError("the next backup did not just work: " + told));
  }

  /** All snapshots. */
  public List<String> snapshots() {
    List<String> ids = new ArrayList<>();
    try (AdminLink admin = admin()) {
      admin.snapshots(
          ListSnapshotsRequest.getDefaultInstance(),
          snapshot -> ids.add(hex(snapshot.getSnapshot())));
    }
    return ids;
  }

  public Path newTarget() {
    restores++;
    return root.resolve("restored/" + restores);
  }

  /** Restores {@code snapshot} and compares it with what its source held. */
  void checkRestores(String snapshot, Path source, FileTree expected) throws Exception {
    Path target = newTarget();
    Told told = undisturbed(() -> restore(snapshot, target));
    assertEquals(
        JobOutcome.JOB_OUTCOME_COMPLETE,
        told instanceof Told.Ended(JobResult result) ? result.getOutcome() : null,
        () -> "restore of " + snapshot + ": " + told);
    checkRestored(target, source, expected);
  }

  /** Compares what was restored into {@code target}, and removes it. */
  static void checkRestored(Path target, Path source, FileTree expected) throws IOException {
    Path back = target.resolve(source.toString().substring(1));
    assertEquals(List.of(), expected.differences(FileTree.read(back)));
    Trees.delete(target);
  }

  /** Requires that a verification finds nothing. */
  public void checkVerifies(VerifyLevel level) {
    List<VerifyEvent> bad = new ArrayList<>();
    long[] faults = {-1};
    try (AdminLink admin = admin()) {
      admin.verify(
          VerifyRequest.newBuilder().setLevel(level).build(),
          event -> {
            if (event.hasFault()) {
              bad.add(event);
            }
            if (event.hasResult()) {
              faults[0] = event.getResult().getFaults();
            }
          });
    }
    assertEquals(List.of(), bad);
    assertEquals(0, faults[0]);
  }

  @Override
  public void close() {
    agent.close();
    coordinator.close();
  }
}
